"""AWS on one machine: moto's server, with the gaps closed that Terraform falls into.

    python3 server.py [--host 127.0.0.1] [--port 0] [--verbose] [--exit-with-stdin]

Prints one line on stdout once it accepts connections:

    Emulated AWS listens on http://127.0.0.1:<port>

It listens on loopback addresses only, takes any credentials, keeps everything in memory and makes no
connection of its own. `POST /moto-api/reset` empties it.
"""

from __future__ import annotations

import argparse
import ipaddress
import os
import signal
import sys
import threading
import warnings
from typing import Any, Optional

MOTO_VERSION = "5.2.1"
INSTALL = "python3 -m pip install --requirement local/emulator/requirements.txt"


def loopback(host: str) -> str:
    """The host, if nobody outside this machine can reach it. Names are not looked up."""
    if host == "localhost":
        return "127.0.0.1"
    try:
        if ipaddress.ip_address(host).is_loopback:
            return host
    except ValueError:
        pass
    raise argparse.ArgumentTypeError(
        f"{host!r} is not a loopback address. The emulator takes any credentials, so it listens on "
        "127.0.0.1, another address in 127.0.0.0/8, or ::1 only."
    )


def port_number(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port. Give 0 (a free port) to 65535.")
    return int(text)


def parse(arguments: Optional[list[str]]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description="AWS emulated on one machine, for Terraform and the AWS SDKs."
    )
    parser.add_argument("--host", type=loopback, default="127.0.0.1", help="loopback address (127.0.0.1)")
    parser.add_argument("--port", type=port_number, default=0, help="port, 0 takes a free one (0)")
    parser.add_argument("--verbose", action="store_true", help="log every request to stderr")
    parser.add_argument("--exit-with-stdin", action="store_true", help="exit when stdin reaches its end")
    return parser.parse_args(arguments)


def leave(*_: Any) -> None:
    """Ends the process at once: there is nothing to save, and no request is worth waiting for."""
    os._exit(0)


def leave_with_stdin() -> None:
    """A parent that dies, however it dies, closes its end of the pipe: the emulator cannot outlive it."""

    def wait() -> None:
        try:
            while os.read(0, 4096):
                pass
        except OSError:
            pass  # A stdin that was closed from the start is at its end as well.
        leave()

    threading.Thread(target=wait, name="stdin", daemon=True).start()


def load_moto() -> Any:
    """moto's WSGI application, or exit code 3 and one message that says what to install."""
    # moto's server lets every web page call it unless told otherwise, and reads this at import.
    os.environ["MOTO_DISABLE_GLOBAL_CORS"] = "true"
    try:
        with warnings.catch_warnings():
            # moto warns about a missing server extra before it raises; one message is enough.
            warnings.simplefilter("ignore")
            import moto
            from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
    except ImportError as missing:
        print(f"The emulated AWS needs moto with its server: {INSTALL}   ({missing})", file=sys.stderr)
        sys.exit(3)
    if moto.__version__ != MOTO_VERSION:
        print(
            f"Warning: this emulator was written for moto {MOTO_VERSION}, found {moto.__version__}: {INSTALL}",
            file=sys.stderr,
        )
    return one_at_a_time(DomainDispatcherApplication(create_backend_app))


def one_at_a_time(application: Any) -> Any:
    """Terraform sends ten requests at once, and moto walks over dictionaries that another request fills.

    The threads cost nothing when they wait for each other: moto's work is Python's, which runs one at a time.
    """
    lock = threading.Lock()

    def handle(environ: dict[str, Any], start_response: Any) -> Any:
        with lock:
            return application(environ, start_response)

    return handle


def serve(host: str, port: int, verbose: bool, application: Any) -> None:
    from werkzeug.serving import WSGIRequestHandler, make_server

    class Handler(WSGIRequestHandler):
        def log_request(self, *details: Any, **more: Any) -> None:
            if verbose:
                print(
                    f"{self.command} {self.path} {details[0] if details else '-'}",
                    file=sys.stderr,
                    flush=True,
                )

    try:
        server = make_server(host, port, application, threaded=True, request_handler=Handler)
    except OSError as error:
        sys.exit(f"Cannot listen on {host} port {port}: {error.strerror or error}")
    shown = f"[{host}]" if ":" in host else host
    print(f"Emulated AWS listens on http://{shown}:{server.port}", flush=True)
    server.serve_forever()


def main(arguments: Optional[list[str]] = None) -> None:
    options = parse(arguments)
    signal.signal(signal.SIGINT, leave)
    signal.signal(signal.SIGTERM, leave)
    if options.exit_with_stdin:
        leave_with_stdin()
    application = load_moto()

    import gaps

    gaps.close_all()
    serve(options.host, options.port, options.verbose, application)


if __name__ == "__main__":
    main()
