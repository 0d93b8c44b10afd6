"""The website's files as CloudFront serves them: clean paths, a policy that lets nothing in from elsewhere."""

from __future__ import annotations

import mimetypes
import re
from pathlib import Path

from starlette.responses import FileResponse, Response

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self' 'wasm-unsafe-eval'",  # pdf.js decodes some pictures by WebAssembly
        "style-src 'self'",
        "img-src 'self' blob: data:",
        "font-src 'self' blob: data:",  # those inside a PDF that is shown
        "connect-src 'self'",
        "worker-src 'self' blob:",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
_PATH = re.compile(r"(?:/[A-Za-z0-9_-]+)*/?|(?:/[A-Za-z0-9_-]+)*/[A-Za-z0-9_.-]+\.[a-z0-9]+")
_IMMUTABLE = "public, max-age=31536000, immutable"

ASSETS = "/assets/"
"""Where files are whose names change with what is in them."""

MISSING = "404.html"
"""What people are shown where there is nothing."""


def media_type(name: str) -> str:
    """Of a file of the site, with the encoding of what is text."""
    guessed = "text/javascript" if name.endswith(".mjs") else mimetypes.guess_type(name)[0]
    kind = guessed or "application/octet-stream"
    return f"{kind}; charset=utf-8" if kind.startswith("text/") else kind


def cache_control(path: str) -> str:
    return _IMMUTABLE if path.startswith(ASSETS) else "no-cache"


class Site:
    """The built site in `folder`; without it, there are no pages."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @property
    def exists(self) -> bool:
        return (self._folder / "index.html").is_file()

    def answer(self, path: str) -> Response | None:
        """`path` as it was sent. None where there is no such file: `missing` is for people then."""
        if not _PATH.fullmatch(path) or ".." in path:
            return None
        name = path.strip("/") or "index"
        file = self._folder / (name if "." in name.rsplit("/", 1)[-1] else f"{name}.html")
        return self._file(file, path) if file.is_file() else None

    def missing(self) -> Response | None:
        file = self._folder / MISSING
        return self._file(file, "", 404) if file.is_file() else None

    @staticmethod
    def _file(file: Path, path: str, status: int = 200) -> Response:
        return FileResponse(file, status, {**HEADERS, "Cache-Control": cache_control(path)}, media_type(file.name))
