"""`python -m infra.local serve|demo`: the service on this machine. Called by `make serve` and `make demo`."""

from __future__ import annotations

import argparse
import signal
import sys
import threading
from pathlib import Path

from infra.local.demo import SAMPLE, demo
from infra.local.mailbox import Mailbox
from infra.local.service import DEFAULT_STATE, Service
from infra.local.stack import StartFailed


def main() -> int:
    arguments = _arguments()
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: _interrupt(stop))
    try:
        if arguments.command == "demo":
            return demo(arguments.file, DEFAULT_STATE / "demo")
        return serve(arguments.port, arguments.state, stop)
    except StartFailed as failure:
        print(failure, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def serve(port: int, state: Path, stop: threading.Event) -> int:
    print(f"Starting on port {port} …", flush=True)
    with Service(port, state) as service:
        _started.set()
        print(f"Ready at {service.url}   Documentation: {service.url}/docs   Log: {service.stack.log}")
        print("Try, in another terminal:\n")
        print(f'  curl -F "file=@{SAMPLE}" {service.url}/api/v1/ocr/\n')
        print("Ctrl-C stops it; what it knows is kept.", flush=True)
        mailbox = Mailbox(service.stack.mail)
        while not stop.wait(0.2):
            for to, link in mailbox.new_links():
                print(f"Sign-in link for {to}: {link}", flush=True)
            if service.ended.is_set():
                print(service.reason, file=sys.stderr)
                return 1
        print("Stopping …", flush=True)
    return 0


_started = threading.Event()


def _interrupt(stop: threading.Event) -> None:
    """While the service starts an interrupt ends it at once; once it runs, it stops in order."""
    stop.set()
    if not _started.is_set():
        raise KeyboardInterrupt


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m infra.local", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    serve_parser = commands.add_parser("serve", help="serve until Ctrl-C")
    serve_parser.add_argument("--port", type=int, default=8000)
    serve_parser.add_argument("--state", type=Path, default=DEFAULT_STATE / "serve", help="folder that keeps the state")
    demo_parser = commands.add_parser("demo", help="send one document and show what comes back")
    demo_parser.add_argument("file", type=Path, nargs="?", default=SAMPLE)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
