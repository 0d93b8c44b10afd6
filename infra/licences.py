"""Writes the list of what is shipped, and under which licence: `python -m infra.licences`.

Versions are those of the pinned lists and of the website's lock file, licences those that the packages themselves
declare; where one declares none, or none that SPDX knows, `STATED` says what its own files say.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import metadata
from pathlib import Path

from packaging.licenses import InvalidLicenseExpression, canonicalize_license_expression
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "licences.md"

LISTS = {
    "core layer": "layers/core",
    "web layer": "layers/web",
    "pdf layer": "layers/pdf",
    "office layer": "layers/office",
    "payments layer": "layers/payments",
    "llm layer": "layers/llm",
    "image of the page reader": "functions/ocr_page",
    "image of the vlm worker": "functions/vlm_page",
}
PLATFORM = {"python_version": "3.13", "python_full_version": "3.13.0", "sys_platform": "linux"}
"""What Lambda and the images run."""

COMPATIBLE = frozenset(
    [
        "0BSD",
        "AGPL-3.0-only",
        "Apache-2.0",
        "BSD-2-Clause",
        "BSD-3-Clause",
        "CC0-1.0",
        "HPND",
        "ISC",
        "LGPL-2.1-or-later",
        "LGPL-3.0-or-later",
        "MIT",
        "MIT-0",
        "MIT-CMU",
        "MPL-2.0",
        "OFL-1.1",
        "PSF-2.0",
        "Unlicense",
        "Zlib",
    ]
)
"""By https://www.gnu.org/licenses/license-list.html, what may be part of a work under AGPL-3.0-only; fonts are embedded
as files of their own."""

STATED = {
    "awslambdaric": "Apache-2.0",  # classifier on PyPI; the image alone installs it
    "pymupdf": "AGPL-3.0-only",  # its COPYING; the other choice is bought from Artifex
    "python-dateutil": "Apache-2.0 OR BSD-3-Clause",  # its LICENSE
    "simplejson": "MIT OR AFL-2.1",  # expression on PyPI; a dependency of awslambdaric
}

SPDX = {
    "3-Clause BSD License": "BSD-3-Clause",
    "Apache 2.0": "Apache-2.0",
    "Apache License 2.0": "Apache-2.0",
    "Apache2": "Apache-2.0",
    "MIT License": "MIT",
    "License :: OSI Approved :: MIT License": "MIT",
}
"""What packages write, where it is not an expression of SPDX."""


class UnknownLicence(Exception):
    """A package that declares no licence, or none that can be told."""


@dataclass(frozen=True)
class Shipped:
    """One line of the page. `licence` is an expression of SPDX."""

    name: str
    version: str
    licence: str
    where: str


_READER, _SITE = "image of the page reader", "website"
DATA = (
    ("PP-OCRv6_det_small, PP-OCRv6_rec_small, ch_ppocr_mobile_v2.0_cls_mobile", "Apache-2.0", _READER,
     "MODEL_LICENSES.md of rapidocr"),
    ("Tesseract's language packs (tessdata_fast)", "Apache-2.0", _READER,
     "/usr/share/doc/tesseract-ocr-*/copyright of Debian's packages"),
    ("Adobe's CMaps", "BSD-3-Clause", _SITE, "cmaps/LICENSE of pdfjs-dist"),
    ("Fonts of Foxit", "BSD-3-Clause", _SITE, "standard_fonts/LICENSE_FOXIT of pdfjs-dist"),
    ("Liberation Sans", "OFL-1.1", _SITE, "standard_fonts/LICENSE_LIBERATION of pdfjs-dist"),
    ("PDFium's JBIG2 decoder", "BSD-3-Clause", _SITE, "wasm/LICENSE_JBIG2 of pdfjs-dist"),
    ("OpenJPEG", "BSD-2-Clause", _SITE, "wasm/LICENSE_OPENJPEG of pdfjs-dist"),
    ("qcms", "MIT", _SITE, "wasm/LICENSE_QCMS of pdfjs-dist"),
)  # fmt: skip
"""Models, fonts and decoders that come inside packages: what it is, its licence, where it is used, who says so."""


def declared(package: str) -> str:
    """The licence of an installed package, as an expression of SPDX.

    Raises UnknownLicence if it cannot be told.
    """
    if package in STATED:
        return STATED[package]
    said = metadata(package)
    classifiers = [one for one in said.get_all("Classifier", []) if one.startswith("License ::")]
    texts = [*said.get_all("License-Expression", []), *said.get_all("License", []), *classifiers]
    if texts:
        return expression(SPDX.get(texts[0], texts[0]), package)
    raise UnknownLicence(f"{package} declares no licence")


def expression(text: str, package: str) -> str:
    """`text` as SPDX writes it, without parentheses round the whole. Raises UnknownLicence."""
    try:
        return canonicalize_license_expression(re.sub(r"^\((.*)\)$", r"\1", text))
    except InvalidLicenseExpression as fault:
        raise UnknownLicence(f"{package} declares {text!r}, which is no expression of SPDX") from fault


def is_compatible(licence: str) -> bool:
    """Whether one of the choices has nothing but licences of the list. What has parentheses is never compatible."""
    return any(all(part in COMPATIBLE for part in choice.split(" AND ")) for choice in licence.split(" OR "))


def python_packages() -> list[Shipped]:
    """Of the layers and the images, each once."""
    places: dict[tuple[str, str], list[str]] = defaultdict(list)
    for place, folder in LISTS.items():
        for line in (ROOT / folder / "requirements.txt").read_text(encoding="utf-8").splitlines():
            pin = Requirement(line)
            if pin.marker is None or pin.marker.evaluate(PLATFORM):
                places[pin.name, str(pin.specifier).removeprefix("==")].append(place)
    return [
        Shipped(name, version, declared(name), ", ".join(where)) for (name, version), where in sorted(places.items())
    ]


def node_packages() -> list[Shipped]:
    """Of the website: what its lock file does not keep for development or for Node alone."""
    packages = json.loads((ROOT / "web/package-lock.json").read_text(encoding="utf-8"))["packages"]
    return [
        Shipped(name, entry["version"], expression(entry.get("license", ""), name), "website")
        for path, entry in packages.items()
        if (name := path.removeprefix("node_modules/")) and not entry.get("dev") and not entry.get("optional")
    ]


_HEAD = """# Licences of what is shipped

`make licences` writes this page from the pinned lists, the lock files and what the installed packages declare; a test
fails while it is out of date, or when a licence is not known to be compatible with this project's own, AGPL-3.0-only.
What only tests, builds or measurements use is not shipped, nor is the embedded AWS of one machine.

| package | version | licence | where |
|---|---|---|---|
"""

_DATA = """
Inside those packages, and beside them:

| what | licence | where | says who |
|---|---|---|---|
"""

_TAIL = """
Wheels bring further libraries in compiled form, such as FFmpeg in OpenCV's, or Leptonica and libtiff in tesserocr's.
Their licences stand in each wheel's `dist-info` (`licenses/`, `LICENSE-3RD-PARTY.txt`) and are **not** held against the
list. One of them is known to be open: OpenCV's wheel brings OpenSSL 1.1.1 for its FFmpeg, under the old licence of
OpenSSL, which the FSF holds incompatible with the GPL. It is loaded with OpenCV; nothing here reads a video by it.
The images stand on Debian's, whose packages have their licences under `/usr/share/doc`; that of the vlm worker also has
Python (PSF-2.0).
"""


def page() -> str:
    return _HEAD + "".join(_rows()) + _DATA + "".join(f"| {' | '.join(row)} |\n" for row in DATA) + _TAIL


def _rows() -> Iterator[str]:
    for one in (*python_packages(), *node_packages()):
        yield f"| {one.name} | {one.version} | {one.licence} | {one.where} |\n"


def main() -> None:
    PAGE.write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
