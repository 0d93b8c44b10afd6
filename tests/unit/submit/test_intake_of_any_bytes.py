"""Whatever the bytes are, intake and split end in facts and pages, or in one of the documented errors."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ocrchat.errors import RequestError
from submit.intake import inspect_file
from submit.splitter import split_file
from tests.data import make_files as make

FILES = {
    "png": make.png(dpi=18),
    "jpg": make.jpeg(dpi=18),
    "cmyk": make.jpeg(dpi=18, mode="CMYK", progressive=True),
    "webp": make.webp(frames=2),
    "gif": make.gif(frames=2),
    "bmp": make.encoded(make.picture(20, 20), "BMP"),
    "lzw": make.tiff(2, dpi=18),
    "g4": make.tiff(2, dpi=18, mode="1", compression="group4"),
    "jpeg in tiff": make.tiff(2, dpi=18, compression="jpeg"),
    "tiles": make.tiled_tiff(),
    "bigtiff": make.tiff(2, dpi=18, big=True),
    "pdf": make.digital_pdf(2),
    "scan": make.scanned_pdf(1, dpi=18),
    "form": make.form_pdf(1),
    "encrypted": make.encrypted_pdf(),
    "raw pdf": make.shared_resources_pdf(3, side=2, in_forms=True),
}

BOUNDED = settings(max_examples=12, suppress_health_check=list(HealthCheck), derandomize=True)


def outcome(data: bytes) -> None:
    """Goes the whole way; what is no documented error comes out."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "original"
        path.write_bytes(data)
        try:
            facts = inspect_file(path)
        except RequestError:
            return
        assert facts.page_count >= 1
        if facts.as_it_came:
            return
        pages: list[int] = []
        failed = split_file(path, facts.page_format, range(facts.page_count), lambda index, _: pages.append(index))
        assert sorted(pages + failed) == list(range(facts.page_count))


@pytest.mark.parametrize("kind", FILES)
@BOUNDED
@given(share=st.floats(0, 1))
def test_any_beginning_of_a_file_is_accepted_or_refused_with_a_reason(kind: str, share: float) -> None:
    outcome(make.truncated(FILES[kind], share))


@pytest.mark.parametrize("kind", FILES)
@BOUNDED
@given(seed=st.integers(0, 1_000_000), changes=st.sampled_from([1, 5, 50]), within=st.sampled_from([100, 10**9]))
def test_a_file_with_changed_bytes_is_accepted_or_refused_with_a_reason(
    kind: str, seed: int, changes: int, within: int
) -> None:
    data = FILES[kind]
    outcome(make.mutated(data[:within], seed, changes) + data[within:])


@BOUNDED
@given(head=st.sampled_from([b"", b"%PDF-1.4\n", b"II*\0", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"RIFF....WEBP", b"BM"]),
       rest=st.binary(max_size=200))  # fmt: skip
def test_any_bytes_at_all_are_accepted_or_refused_with_a_reason(head: bytes, rest: bytes) -> None:
    outcome(head + rest)
