"""Where the objects of a PDF go: a new file, written one after the other, or one that is there."""

from __future__ import annotations

import zlib
from typing import IO, Any, Protocol


class Target(Protocol):
    """A dictionary is given as PDF source without its `/Length`, which comes with the stream."""

    def reserve(self) -> int:
        """The number of an object that is put later."""

    def put(self, number: int, dictionary: str, stream: bytes | None = None, *, as_it_is: bool = False) -> None:
        """`as_it_is`: the stream is what the dictionary says already, else it is deflated."""

    def add(self, dictionary: str, stream: bytes | None = None, *, as_it_is: bool = False) -> int: ...


class NewFile:
    """A PDF of which nothing is kept in memory but where its objects begin (ISO 32000-1, 7.5)."""

    def __init__(self, out: IO[bytes]) -> None:
        self._out = out
        self._offsets: list[int] = []
        out.write(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")

    def reserve(self) -> int:
        self._offsets.append(0)
        return len(self._offsets)

    def put(self, number: int, dictionary: str, stream: bytes | None = None, *, as_it_is: bool = False) -> None:
        self._offsets[number - 1] = self._out.tell()
        head = f"{number} 0 obj\n"
        if stream is None:
            self._out.write(f"{head}{dictionary}\nendobj\n".encode("latin-1"))
            return
        if not as_it_is:
            dictionary, stream = deflated(dictionary, stream)
        self._out.write(f"{head}{_with_length(dictionary, stream)}\nstream\n".encode("latin-1"))
        self._out.write(stream)
        self._out.write(b"\nendstream\nendobj\n")

    def add(self, dictionary: str, stream: bytes | None = None, *, as_it_is: bool = False) -> int:
        number = self.reserve()
        self.put(number, dictionary, stream, as_it_is=as_it_is)
        return number

    def close(self, root: int, info: int, identity: str) -> None:
        """Writes the table of objects. `identity`: 32 hexadecimal digits that are this file's own."""
        start = self._out.tell()
        size = len(self._offsets) + 1
        self._out.write(f"xref\n0 {size}\n0000000000 65535 f \n".encode())
        for offset in self._offsets:
            self._out.write(b"%010d 00000 n \n" % offset)
        trailer = f"<</Size {size}/Root {root} 0 R/Info {info} 0 R/ID[<{identity}><{identity}>]>>"
        self._out.write(f"trailer\n{trailer}\nstartxref\n{start}\n%%EOF\n".encode())


class OpenFile:
    """A PDF that MuPDF has open (a `pymupdf.Document`)."""

    def __init__(self, document: Any) -> None:
        import pymupdf

        self._document = document
        self._mupdf = pymupdf.mupdf
        self._pdf = self._mupdf.pdf_document_from_fz_document(document)

    def reserve(self) -> int:
        number: int = self._document.get_new_xref()
        self._document.update_object(number, "null")
        return number

    def put(self, number: int, dictionary: str, stream: bytes | None = None, *, as_it_is: bool = False) -> None:
        if stream is not None and not as_it_is:
            dictionary, stream = deflated(dictionary, stream)
        self._document.update_object(number, dictionary)
        if stream is not None:
            mupdf = self._mupdf
            data = mupdf.fz_new_buffer_from_copied_data(stream)
            mupdf.pdf_update_stream(self._pdf, mupdf.pdf_new_indirect(self._pdf, number, 0), data, 1)

    def add(self, dictionary: str, stream: bytes | None = None, *, as_it_is: bool = False) -> int:
        number = self.reserve()
        self.put(number, dictionary, stream, as_it_is=as_it_is)
        return number


def deflated(dictionary: str, stream: bytes) -> tuple[str, bytes]:
    """With the stream deflated, and a dictionary that says so."""
    return dictionary.removesuffix(">>") + "/Filter/FlateDecode>>", zlib.compress(stream, 6)


def text_string(text: str) -> str:
    """ISO 32000-1, 7.9.2.2: in UTF-16 with its mark, as hexadecimal digits."""
    return f"<FEFF{text.encode('utf-16-be', 'replace').hex().upper()}>"


def _with_length(dictionary: str, stream: bytes) -> str:
    return f"{dictionary.removesuffix('>>')}/Length {len(stream)}>>"
