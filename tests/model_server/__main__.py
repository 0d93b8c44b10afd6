"""`python -m tests.model_server --port 8900 --behaviour well`: for use by hand, and for benchmarks."""

from __future__ import annotations

import argparse
import threading

from tests.model_server import chat_behaviours
from tests.model_server.behaviours import NAMED as OF_PAGES
from tests.model_server.server import KEY, ModelServer

NAMED = {
    **OF_PAGES,
    "answers": chat_behaviours.answers,
    "obeys_the_document": chat_behaviours.obeys_the_document,
    "names_another_page": chat_behaviours.names_another_page,
    **{name.replace(" ", "_"): behaviour for name, behaviour in chat_behaviours.LIARS.items()},
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.model_server")
    parser.add_argument("--port", type=int, default=8900)
    parser.add_argument("--behaviour", choices=sorted(NAMED), default="well")
    parser.add_argument("--key", default=KEY, help="the key that it takes; empty: it asks for none")
    options = parser.parse_args()
    with ModelServer(NAMED[options.behaviour](), options.key or None, port=options.port) as server:
        print(f"{server.url} behaves: {options.behaviour}; key: {options.key or 'none'}; Ctrl-C stops it", flush=True)
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            print(f"\n{len(server.requests)} requests, tokens: {server.usage}")


if __name__ == "__main__":
    main()
