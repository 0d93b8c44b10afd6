"""`python -m infra.local serve|demo`: the service on this machine. Called by `make serve` and `make demo`."""

from __future__ import annotations

import argparse
import os
import signal
import sys
import threading
from pathlib import Path
from typing import get_args

from infra.local.demo import SAMPLE, demo
from infra.local.mailbox import Mailbox
from infra.local.model import LocalModel, Workers, key_of
from infra.local.service import DEFAULT_STATE, Service
from infra.local.stack import StartFailed
from infra.local.stripe import LocalStripe, stripe_of
from ocrchat.llm.settings import Provider


def main() -> int:
    arguments = _arguments()
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: _interrupt(stop))
    try:
        if arguments.command == "demo":
            return demo(arguments.file, DEFAULT_STATE / "demo")
        stripe = stripe_of(os.environ, arguments.stripe_url)
        return serve(arguments.port, arguments.state, _model(arguments), stripe, stop)
    except StartFailed as failure:
        print(failure, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def serve(port: int, state: Path, model: LocalModel | None, stripe: LocalStripe | None, stop: threading.Event) -> int:
    print(f"Starting on port {port} …", flush=True)
    with Service(port, state, model=model, stripe=stripe) as service:
        _started.set()
        print(f"Ready at {service.url}   Documentation: {service.url}/docs   Log: {service.stack.log}")
        if model is not None:
            log = f"   Log: {service.worker.log}" if service.worker else ""
            if model.name:
                print(f"The tier vlm asks {model.name} ({model.provider}).{log}")
            if model.chat:
                print(f"Questions about documents are answered by {model.chat} ({model.provider}).")
        if stripe is not None:
            print(f"Credits are sold by {stripe.url or 'Stripe'}; its events go to {service.url}{EVENTS}")
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


EVENTS = "/api/v1/account/purchases/events/"
"""Where `stripe listen --forward-to` is to lead."""

_started = threading.Event()


def _interrupt(stop: threading.Event) -> None:
    """While the service starts an interrupt ends it at once; once it runs, it stops in order."""
    stop.set()
    if not _started.is_set():
        raise KeyboardInterrupt


def _model(arguments: argparse.Namespace) -> LocalModel | None:
    if not (arguments.model or arguments.chat_model):
        return None
    provider: Provider = arguments.provider or ("compatible" if arguments.model_url else "anthropic")
    key = key_of(os.environ, provider)
    return LocalModel(
        arguments.model, provider, arguments.model_url, key, workers=arguments.worker, chat=arguments.chat_model
    )


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m infra.local", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    serve_parser = commands.add_parser("serve", help="serve until Ctrl-C")
    serve_parser.add_argument("--port", type=int, default=8000)
    serve_parser.add_argument("--state", type=Path, default=DEFAULT_STATE / "serve", help="folder that keeps the state")
    serve_parser.add_argument("--model", default="", help="what the tier vlm asks; its key is MODEL_API_KEY")
    serve_parser.add_argument("--chat-model", default="", help="what answers questions about documents, of that server")
    serve_parser.add_argument("--provider", choices=get_args(Provider), help="who serves it")
    serve_parser.add_argument("--model-url", default="", help="where its server is, if not at the usual place")
    serve_parser.add_argument("--worker", choices=get_args(Workers), default="lambda", help="who asks it")
    serve_parser.add_argument(
        "--stripe-url", default="", help="where Stripe's API is, if not at Stripe; its keys are of the environment"
    )
    demo_parser = commands.add_parser("demo", help="send one document and show what comes back")
    demo_parser.add_argument("file", type=Path, nargs="?", default=SAMPLE)
    arguments = parser.parse_args()
    is_model_named = arguments.command == "demo" or arguments.model or arguments.chat_model
    if not is_model_named and (arguments.provider or arguments.model_url):
        parser.error("a provider or an address of a model needs its name: MODEL= or CHAT_MODEL=")
    return arguments


if __name__ == "__main__":
    sys.exit(main())
