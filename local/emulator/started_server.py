"""Starts the emulator for the tests: a real process on a free port, and AWS clients that talk to it."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Any, Optional

import boto3
from botocore.config import Config

SERVER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "server.py")
GREETING = "Emulated AWS listens on "


class StartedServer:
    """One emulator. It ends with its stdin, so that a test run that is killed leaves nothing behind."""

    def __init__(self, *options: str, env: Optional[dict[str, str]] = None) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-B", SERVER, "--exit-with-stdin", *options],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, **(env or {})},
        )
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line.startswith(GREETING):
            self.process.kill()
            raise RuntimeError(f"The emulator did not start: {line}{self.process.communicate()[1]}")
        self.line = line
        self.url = line[len(GREETING) :].strip()

    def client(self, service: str, region: str = "us-east-1") -> Any:
        return boto3.client(
            service,
            region_name=region,
            endpoint_url=self.url,
            aws_access_key_id="test",
            aws_secret_access_key="test",
            # The emulator must refuse what AWS refuses; without this boto3 refuses some of it first.
            config=Config(
                retries={"max_attempts": 0}, proxies={}, parameter_validation=False, inject_host_prefix=False
            ),
        )

    def stop(self) -> tuple[int, str, str]:
        """Closes stdin and waits. Returns the exit code and what was left on stdout and stderr."""
        try:
            out, err = self.process.communicate(timeout=10)
        finally:
            self.process.kill()
        return self.process.returncode, out, err
