"""What a page's content draws with: its own part of a dictionary of resources.

PDF lets all pages share one dictionary, so copying it would put every image of a document into every page. The names
that the content says tell which entries it can reach. A name that only looks used costs bytes; none that is used is
lost.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ocrchat.pdf_tree import Obj, Pdf

MOST_NESTED = 30
"""Forms within forms. MuPDF follows them on its stack, which a made-up file could exhaust."""

MOST_CONTENT_BYTES = 256_000_000
"""One content stream, unpacked: what draws more is a decompression bomb."""

MOST_NAMES = 50_000
"""Different names that one content may say."""

CHUNK_BYTES = 1 << 20
"""Content is unpacked and searched in parts, so that its size is not a matter of memory."""

LONGEST_NAME_BYTES = 512
"""Names are at most 127 bytes (ISO 32000-1, Annex C.2), three times that as `#xx`."""

_NAME = re.compile(rb"/([^\x00\t\n\f\r ()<>\[\]{}/%]+)")
_HEX = re.compile(rb"#([0-9A-Fa-f]{2})")
_UNSAID = frozenset({"DefaultGray", "DefaultRGB", "DefaultCMYK"})
"""Colour spaces that content uses without saying their names (ISO 32000-1, 8.6.5.6)."""


class TooMuchContent(Exception):
    """The page draws more than MOST_CONTENT_BYTES, MOST_NAMES or MOST_NESTED."""


class Trimmer:
    """Trims the resources of the pages of one opened document; forms that pages share are trimmed once."""

    def __init__(self, pdf: Pdf) -> None:
        from pymupdf import mupdf

        self._mu = mupdf
        self._pdf = pdf
        self._missing: dict[int, set[str]] = {}

    def of_page(self, contents: Obj, resources: Obj) -> Obj:
        """The part of `resources` that `contents` (a stream or an array of them) can reach, as a new dictionary.

        Raises TooMuchContent and MuPDF's errors.
        """
        return self._trim(resources, self._names_in(contents), 0)[0]

    def of_form(self, form: Obj) -> None:
        """Trims the resources of a form (an annotation's appearance) where it stands. Raises as `of_page` does."""
        self._trim_drawing(form, 0)

    def _trim(self, resources: Obj, names: set[str], depth: int) -> tuple[Obj, set[str]]:
        """The part that `names` reach, and those of the names that are not in it."""
        if depth > MOST_NESTED:
            raise TooMuchContent
        mu = self._mu
        copy = mu.pdf_new_dict(self._pdf, 8)
        known: set[str] = set()
        found: set[str] = set()
        fresh = names | _UNSAID
        while fresh:
            known |= fresh
            said: set[str] = set()
            for category, entries in self._items(resources):
                for key, value in self._picked(entries, fresh):
                    self._put(copy, category, key, value)
                    found.add(mu.pdf_to_name(key))
                    for drawing in self._drawings(value):
                        said |= self._trim_drawing(drawing, depth)
            fresh = said - known
        return copy, known - found

    def _put(self, resources: Obj, category: Obj, key: Obj, value: Obj) -> None:
        mu = self._mu
        entries = mu.pdf_dict_get(resources, category)
        if not mu.pdf_is_dict(entries):
            entries = mu.pdf_new_dict(self._pdf, 8)
            mu.pdf_dict_put(resources, category, entries)
        mu.pdf_dict_put(entries, key, value)

    def _trim_drawing(self, drawing: Obj, depth: int) -> set[str]:
        """Trims what a content stream brings for itself, and returns the names that it does not find there: readers
        look them up in the resources of whoever draws it (PDF 1.1 allowed it, and files still count on it)."""
        mu = self._mu
        number = mu.pdf_to_num(drawing)
        if number not in self._missing:
            self._missing[number] = set()  # for a form that draws itself
            own = mu.pdf_dict_gets(drawing, "Resources")
            copy, self._missing[number] = self._trim(own, self._names_in(drawing), depth + 1)
            if mu.pdf_is_dict(own):
                mu.pdf_dict_puts(drawing, "Resources", copy)
        return self._missing[number]

    def _drawings(self, value: Obj) -> Iterator[Obj]:
        """The content streams that stand behind a resource: a form or a pattern itself, the mask of a graphics state,
        the glyphs of a Type 3 font without resources."""
        mu = self._mu
        if mu.pdf_is_stream(value):
            if mu.pdf_to_name(mu.pdf_dict_gets(value, "Subtype")) != "Image":
                yield value
            return
        mask = mu.pdf_dict_getp(value, "SMask/G")
        if mu.pdf_is_stream(mask):
            yield mask
        if not mu.pdf_is_dict(mu.pdf_dict_gets(value, "Resources")):
            glyphs = mu.pdf_dict_gets(value, "CharProcs")
            yield from (glyph for _, glyph in self._items(glyphs) if mu.pdf_is_stream(glyph))

    def _items(self, dictionary: Obj) -> Iterator[tuple[Obj, Obj]]:
        """Keys (as name objects) and values; none for what is not a dictionary."""
        mu = self._mu
        for index in range(mu.pdf_dict_len(dictionary)):
            yield mu.pdf_dict_get_key(dictionary, index), mu.pdf_dict_get_val(dictionary, index)

    def _picked(self, entries: Obj, names: set[str]) -> Iterator[tuple[Obj, Obj]]:
        """The entries with one of `names`. They are looked up one by one, since a shared dictionary can be far longer;
        only a name that is not UTF-8 (old Japanese producers) must be searched for."""
        mu = self._mu
        if not mu.pdf_is_dict(entries):
            return
        odd = {name for name in names if not _is_utf8(name)}
        for name in sorted(names - odd):
            value = mu.pdf_dict_gets(entries, name)
            if value.m_internal:
                yield mu.pdf_new_name(name), value
        if odd:
            yield from ((key, value) for key, value in self._items(entries) if mu.pdf_to_name(key) in odd)

    def _names_in(self, contents: Obj) -> set[str]:
        """Every name that stands in a content stream, or in any of an array of them."""
        mu = self._mu
        parts = [contents]
        if mu.pdf_is_array(contents):
            parts = [mu.pdf_array_get(contents, index) for index in range(mu.pdf_array_len(contents))]
        names: set[str] = set()
        for part in parts:
            if mu.pdf_is_stream(part):
                for chunk in self._unpacked(part):
                    names |= _names(chunk)
                    if len(names) > MOST_NAMES:
                        raise TooMuchContent
        return names

    def _unpacked(self, part: Obj) -> Iterator[bytes | memoryview]:
        """The data of a stream, as far as it can be unpacked, in parts that overlap by the longest name."""
        mu = self._mu
        unpacker = mu.pdf_open_stream(part)
        tail = b""
        for start in range(0, MOST_CONTENT_BYTES, CHUNK_BYTES):
            section = mu.fz_open_null_filter(unpacker, CHUNK_BYTES, start)
            data, _ = mu.fz_read_best_outparams_fn(section, CHUNK_BYTES, 0)
            view: memoryview = mu.fz_buffer_storage_memoryview(data)
            yield tail + bytes(view) if tail else view
            if len(view) < CHUNK_BYTES:
                return
            tail = bytes(view[-LONGEST_NAME_BYTES:])
        raise TooMuchContent


def _names(content: bytes | memoryview) -> set[str]:
    """As MuPDF hands names out: `#xx` resolved, bytes that are not UTF-8 as surrogates."""
    said = {match[1] for match in _NAME.finditer(content)}
    plain = (_HEX.sub(lambda match: bytes([int(match[1], 16)]), name) for name in said)
    return {name.decode(errors="surrogateescape") for name in plain}


def _is_utf8(name: str) -> bool:
    return not any("\udc80" <= character <= "\udcff" for character in name)
