"""What the emulator's process promises: one line on stdout, loopback only, a clean end."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import unittest
import urllib.request

from started_server import SERVER, StartedServer


def run(*arguments: str, **options: object) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-B", *arguments],
        capture_output=True,
        text=True,
        timeout=30,
        stdin=subprocess.DEVNULL,
        **options,
    )


class TheProcess(unittest.TestCase):
    def test_prints_one_line_and_ends_with_its_stdin(self) -> None:
        server = StartedServer()
        self.assertRegex(server.line, r"^Emulated AWS listens on http://127\.0\.0\.1:\d+\n$")
        self.assertEqual(server.client("sts").get_caller_identity()["Account"], "123456789012")
        code, out, err = server.stop()
        self.assertEqual((code, out, err), (0, "", ""))

    def test_logs_requests_to_stderr_when_verbose(self) -> None:
        server = StartedServer("--verbose")
        urllib.request.build_opener(urllib.request.ProxyHandler({})).open(
            f"{server.url}/moto-api/data.json"
        ).read()
        self.assertIn("GET /moto-api/data.json 200", server.stop()[2])

    def test_ends_with_a_signal_without_a_traceback(self) -> None:
        for number in (signal.SIGINT, signal.SIGTERM):
            server = StartedServer()
            server.process.send_signal(number)
            code = server.process.wait(timeout=10)
            self.assertEqual((code, server.stop()[2]), (0, ""), number)

    def test_refuses_every_host_but_loopback(self) -> None:
        for host in ("0.0.0.0", "::", "10.0.0.1", "example.com", ""):
            refused = run(SERVER, "--host", host)
            self.assertEqual((refused.returncode, refused.stdout), (2, ""), host)
            self.assertIn("not a loopback address", refused.stderr)

    def test_says_what_to_install_when_moto_is_missing(self) -> None:
        missing = run("-S", SERVER)  # without site-packages
        self.assertEqual((missing.returncode, missing.stdout), (3, ""))
        self.assertIn("python3 -m pip install --requirement local/emulator/requirements.txt", missing.stderr)
        self.assertEqual(missing.stderr.count("\n"), 1)

    def test_says_what_to_install_when_the_server_extra_is_missing(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            with open(os.path.join(folder, "flask_cors.py"), "w", encoding="utf-8") as module:
                module.write("raise ImportError('No module named flask_cors')\n")
            missing = run(SERVER, env={**os.environ, "PYTHONPATH": folder})
        self.assertEqual((missing.returncode, missing.stdout), (3, ""))
        self.assertIn("python3 -m pip install --requirement local/emulator/requirements.txt", missing.stderr)
        self.assertEqual(missing.stderr.count("\n"), 1)

    def run_code(self, code: str) -> "subprocess.CompletedProcess[str]":
        return run("-c", f"import sys; sys.path.insert(0, {os.path.dirname(SERVER)!r}); {code}")

    def test_warns_about_another_moto_and_goes_on(self) -> None:
        other = self.run_code(
            "import moto; moto.__version__ = '5.9.9'; import server; server.load_moto(); print('on')"
        )
        self.assertEqual((other.returncode, other.stdout), (0, "on\n"))
        self.assertIn("found 5.9.9", other.stderr)
        self.assertEqual(other.stderr.count("\n"), 1)

    def test_a_gap_without_its_target_stops_the_start(self) -> None:
        changed = self.run_code(
            "from moto.ecs import models; del models.Service._validate_network; import gaps; gaps.close_all()"
        )
        self.assertEqual(changed.returncode, 1)
        self.assertIn("has no moto.ecs.models.Service._validate_network", changed.stderr)


if __name__ == "__main__":
    unittest.main()
