"""Engines with a fault each, for a process of their own."""

from __future__ import annotations

import os
import time

from benchmarks.peers.reading import Read, Reading, Request


def not_installed() -> Read:
    raise FileNotFoundError("no model here")


def raises_on_bad_pages() -> Read:
    def read(request: Request) -> Reading:
        if request.path.stem == "bad":
            raise ValueError("cannot read this")
        return Reading.of_text(request.path.stem)

    return read


def dies_on_bad_pages() -> Read:
    def read(request: Request) -> Reading:
        if request.path.stem == "bad":
            os._exit(9)
        return Reading.of_text(request.path.stem)

    return read


def hangs_on_bad_pages() -> Read:
    def read(request: Request) -> Reading:
        if request.path.stem == "bad":
            time.sleep(600)
        return Reading.of_text(request.path.stem)

    return read
