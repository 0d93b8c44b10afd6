"""The index of a document as one SQLite file: its passages, and by FTS5 which of them have which word.

FTS5 keeps, of each word, the numbers of the passages that have it, in their text or in their context; what is indexed
are tokens, divided by blanks (`folding`), of which every character is one of a word to the tokenizer `ascii` as it is
set here. Its own language of queries sees nothing but tokens in quotes.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Literal

from chat.passages import Kind, Passage
from ocrchat.blocks import BBox
from ocrchat.pages import Unit

from .folding import tokens

VERSION = 2
"""Of what stands in the file: one of another version must be built anew."""

MOST_PASSAGES = 250_000
"""5,000 pages of 50 each, which take 10 s to index; what is beyond is not found."""

HASH_BYTES = 32 * 2**20
"""What FTS5 gathers in memory before it writes: all of a document of 3,000 pages, so that nothing is written twice."""

Place = Literal["own", "context"]

_SCHEMA = f"""
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
PRAGMA user_version = {VERSION};
CREATE TABLE passages (
    number INTEGER PRIMARY KEY, page INTEGER, text BLOB, x0 REAL, y0 REAL, x1 REAL, y1 REAL, unit TEXT, kind TEXT,
    context INTEGER
);
CREATE TABLE contexts (id INTEGER PRIMARY KEY, text BLOB);
CREATE TABLE pages (page INTEGER PRIMARY KEY, first INTEGER, characters INTEGER);
CREATE VIRTUAL TABLE words USING fts5(
    own, context, content = '', columnsize = 0, detail = column, tokenize = "ascii tokenchars '-/.@_:+'"
);
CREATE VIRTUAL TABLE vocabulary USING fts5vocab(words, row);
CREATE TABLE coverage (is_whole INTEGER, pages INTEGER, unread INTEGER);
"""


@dataclass(slots=True)
class Coverage:
    """How many pages a document has, and how many of them could not be read, as far as they were counted."""

    pages: int = 0
    unread: int = 0

    def counted(self, pages: Iterable[Mapping[str, Any] | None]) -> Iterator[Mapping[str, Any]]:
        """Those of `pages`, which are as `PageResult.as_json`, that have a result; None is one without."""
        for page in pages:
            self.pages += 1
            self.unread += page is None or page.get("error") is not None
            if page is not None:
                yield page


def build(passages: Iterable[Passage], path: Path, coverage: Coverage | None = None) -> None:
    """Writes the index of `passages`, which come in the order of the document, to `path`; what is there goes.
    `coverage` is looked at once all passages have come."""
    path.unlink(missing_ok=True)
    coming = iter(passages)
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        database.executescript(_SCHEMA)
        database.execute("INSERT INTO words (words, rank) VALUES ('hashsize', ?)", (HASH_BYTES,))
        database.execute("BEGIN")
        _Writer(database).write(islice(coming, MOST_PASSAGES))
        is_whole = next(coming, None) is None
        covered = coverage or Coverage()
        database.execute("INSERT INTO coverage VALUES (?, ?, ?)", (is_whole, covered.pages, covered.unread))
        database.execute("INSERT INTO words (words) VALUES ('optimize')")
        database.execute("COMMIT")


class _Writer:
    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database
        self._context = (0, "")
        self._context_tokens = ""

    def write(self, passages: Iterable[Passage]) -> None:
        pages: dict[int, tuple[int, int]] = {}
        for passage in passages:
            first, characters = pages.get(passage.page, (passage.number, 0))
            pages[passage.page] = (first, characters + len(passage.text))
            self._write(passage)
        rows = ((page, *facts) for page, facts in pages.items())
        self._database.executemany("INSERT INTO pages VALUES (?, ?, ?)", rows)

    def _write(self, passage: Passage) -> None:
        self._database.execute(
            "INSERT INTO passages VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                passage.number,
                passage.page,
                _encoded(passage.text),
                *passage.bbox,
                passage.unit,
                passage.kind,
                self._id_of(passage.context),
            ),
        )
        own = " ".join(tokens(passage.text))
        self._database.execute(
            "INSERT INTO words (rowid, own, context) VALUES (?, ?, ?)", (passage.number, own, self._context_tokens)
        )

    def _id_of(self, context: str) -> int:
        """Passages that follow one another mostly have the same context, which is stored once."""
        number, text = self._context
        if context != text:
            self._context = (number + 1, context)
            self._context_tokens = " ".join(tokens(context))
            self._database.execute("INSERT INTO contexts VALUES (?, ?)", (number + 1, _encoded(context)))
        return self._context[0]


class Stored:
    """A file that `build` wrote. Raises sqlite3.DatabaseError where it is none, or damaged."""

    def __init__(self, path: Path) -> None:
        # only read: any number of threads may ask, one at a time
        uri = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
        self._database = sqlite3.connect(uri, uri=True, check_same_thread=False)
        try:
            self._read_whole()
        except sqlite3.DatabaseError:
            self.close()
            raise

    def _read_whole(self) -> None:
        (version,) = self._database.execute("PRAGMA user_version").fetchone()
        if version != VERSION:
            raise sqlite3.DatabaseError(f"an index of version {version}, not {VERSION}")
        is_whole, *counted = self._database.execute("SELECT is_whole, pages, unread FROM coverage").fetchone()
        self.is_whole = bool(is_whole)
        self.coverage = Coverage(*counted)
        rows = self._database.execute("SELECT page, first, characters FROM pages ORDER BY first").fetchall()
        self.pages: list[int] = [page for page, _, _ in rows]
        self.firsts: list[int] = [first for _, first, _ in rows]
        """The number of the first passage of each of `pages`, ascending."""
        self.total_characters: int = sum(characters for _, _, characters in rows)
        self.count: int = self._database.execute("SELECT coalesce(max(number) + 1, 0) FROM passages").fetchone()[0]

    def close(self) -> None:
        self._database.close()

    def passages(self, first: int, last: int) -> Iterator[Passage]:
        """Those with the numbers from `first` up to and with `last`."""
        rows = self._database.execute(
            "SELECT number, page, p.text, x0, y0, x1, y1, unit, kind, c.text FROM passages p"
            " LEFT JOIN contexts c ON c.id = p.context WHERE number BETWEEN ? AND ? ORDER BY number",
            (first, last),
        )
        for number, page, text, x0, y0, x1, y1, unit, kind, context in rows:
            yield _passage(number, page, text, (x0, y0, x1, y1), unit, kind, context)

    def having(self, token: str, place: Place, most: int) -> list[int]:
        """The numbers of the passages that have the token, the first `most` of them."""
        sought = f'{place} : "{token}"'
        rows = self._database.execute("SELECT rowid FROM words WHERE words MATCH ? LIMIT ?", (sought, most))
        return [number for (number,) in rows]

    def beginning_with(self, start: str, most: int) -> list[str]:
        """Tokens of the document that begin with `start`, the first `most` of them by the alphabet."""
        rows = self._database.execute(
            "SELECT term FROM vocabulary WHERE term >= ? AND term < ? LIMIT ?", (start, start + "\U0010ffff", most)
        )
        return [term for (term,) in rows]


def _encoded(text: str) -> bytes:
    """JSON lets lone surrogates through, which SQLite's text does not."""
    return text.encode("utf-8", "surrogatepass")


def _passage(number: int, page: int, text: bytes, bbox: BBox, unit: Unit, kind: Kind, context: bytes | None) -> Passage:
    decoded = (context or b"").decode("utf-8", "surrogatepass")
    return Passage(number, page, text.decode("utf-8", "surrogatepass"), bbox, unit, kind, decoded)
