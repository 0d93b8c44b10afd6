"""The Markdown file, as a parser of Markdown understands it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ocrchat import markdown
from ocrchat.blocks import Block, BlockType, Cell, Table
from ocrchat.errors import PageLost
from ocrchat.pages import PageResult
from ocrchat.script import legible
from tests.unit.export.documents import blocks, of_pages
from tests.unit.export.readers import bare, blocks_of, of_formula, without_bullet
from tests.unit.export.rendered import BOX, field, file_of, of_table, rendered, table_block


def block(text: str, kind: BlockType = "text", level: int | None = None) -> Block:
    return Block(kind, text, BOX, 1.0, level=level)


def expected(found: list[Block]) -> Iterator[tuple[str, str]]:
    for one in found:
        if one.type not in markdown.LEFT_OUT:
            yield from expected_of(one)
            if one.translated:
                yield from (("> " + kind, text) for kind, text in expected_of(one.translated))


def expected_of(one: Block) -> Iterator[tuple[str, str]]:
    if one.type == "heading":
        yield f"h{one.level or markdown.HEADING_LEVEL}", one.text
    elif one.type == "list":
        yield from (("li", without_bullet(item)) for item in legible(one.text).split("\n"))
    elif one.table is not None:
        yield from (("th" if cell.row < one.table.header_rows else "td", cell.text) for cell in one.table.cells)
    elif one.type == "table":
        yield from (("td", part) for part in re.split(r"[\t\n]", legible(one.text)))
    elif one.type == "formula":
        yield "p", of_formula(one.text)
    else:
        yield "p", one.text


def seen(pairs: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Without what is not seen."""
    return [(kind, bare(text)) for kind, text in pairs if bare(text)]


@settings(max_examples=200, suppress_health_check=list(HealthCheck))
@given(st.lists(blocks(), max_size=4))
def test_no_text_becomes_markup_and_none_changes(found: list[Block]) -> None:
    assert seen(blocks_of(markdown.of_blocks(found))) == seen(list(expected(found)))


signs = st.text("-+*#>=123.) \tab|<&_\n•~`[]()!:\\$x/;'\"{}^@%\r\x00\x0c\u00a0\u2028", max_size=40)


@settings(max_examples=200)
@given(signs, st.sampled_from(["text", "heading", "list", "figure"]))
def test_no_heap_of_signs_becomes_markup(text: str, kind: BlockType) -> None:
    found = [block(text, kind), block("after")]
    assert seen(blocks_of(markdown.of_blocks(found))) == seen(list(expected(found)))


@settings(max_examples=500)
@given(st.sampled_from(["a", "a | b", "| a |", "1. a"]), st.text("-:| =\t", min_size=1, max_size=6))
def test_nothing_underlines_a_heading_or_a_table(above: str, text: str) -> None:
    found = [block(f"{above}\n{text}"), block("after")]
    assert seen(blocks_of(markdown.of_blocks(found))) == seen(list(expected(found)))


@settings(max_examples=200)
@given(signs)
def test_no_heap_of_signs_leaves_its_cell(text: str) -> None:
    for table in ([[text, "b"], ["c", text]], [["a", "b"], [text, text]]):
        found = [table_block(table, header_rows=1), block("after")]
        assert seen(blocks_of(markdown.of_blocks(found))) == seen(list(expected(found)))


@settings(max_examples=200)
@given(signs)
def test_no_comment_ends_early(text: str) -> None:
    ((kind, said),) = blocks_of(markdown.comment(f"page 1 {text}"))
    assert (kind, bare(said)) == ("comment", bare(f"page 1 {text}"))


@settings(max_examples=200)
@given(signs)
def test_a_formula_is_ended_by_nothing_in_it(text: str) -> None:
    found = markdown.of_blocks([block(text, "formula")])
    assert "\n" not in found
    blocks_of(found)  # finds neither a link nor HTML
    inner = found.removeprefix("$$").removesuffix("$$").strip("$")
    assert "$" not in inner.replace("\\\\", "").replace("\\$", "")


@pytest.mark.parametrize(
    "text",
    [
        *("[a](javascript:b)", "![a](b)", "[a]: javascript:b", "[^1]: a", "[a][b]", "[^1]", "<http://a>", "<a@b.c>"),
        *("<script>a</script>", "</td>", "<!-- a -->", "<?a?>", "&lt;b&gt;", "```", "~~~", "# a", "> a", "- a", "1. a"),
        *(
            "a\n===",
            "a\n---",
            "a | b\n--- | ---",
            "a | b\n-:",
            "a\n:-:",
            "a | b\n-|-",
            "a | b\n:-: | -:",
            "a | b\n- | -",
            "a\n -:",
            "a\n-- -",
            "    a",
            "a  \nb",
            "a\\\nb",
            "*a*",
            "__a__",
            "~~a~~",
            "`a`",
            "---\na: b\n---",
        ),
    ],
)
@pytest.mark.parametrize("kind", ["text", "heading", "list", "figure", "formula"])
def test_markup_is_shown_as_it_is_written(text: str, kind: BlockType) -> None:
    found = [block(text, kind), block("after")]
    assert seen(blocks_of(markdown.of_blocks(found))) == seen(list(expected(found)))


def test_pages_are_numbered_by_comments() -> None:
    assert file_of("md", [block("one")], [], [block("three")]) == (
        "<!-- page 1 -->\n\none\n\n<!-- page 2 -->\n\n<!-- page 3 -->\n\nthree\n"
    )


def test_a_single_page_needs_no_number() -> None:
    assert file_of("md", [block("one")]) == "one\n"


def test_running_heads_and_feet_stand_in_the_comment_of_their_page() -> None:
    page = [block("Annual report --> <b>", "header"), block("text"), block("- 7 -", "footer")]
    assert file_of("md", page) == "<!-- page 1 · header: Annual report - - > <b> · footer: - 7 - -->\n\ntext\n"


def test_a_page_that_was_not_read_says_why() -> None:
    pages = [PageResult.unread(0, PageLost())]
    found = rendered("md", of_pages(pages), pages).decode()
    assert found == f"<!-- page 1 · not read: {PageLost().detail} -->\n"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("E = mc^2", "$$ E = mc^2 $$"),
        ("$x_1$", "$x_1$"),
        ("$$\\frac{a}{b}$$", "$$ \\frac{a}{b} $$"),
        ("\\[a\\]", "$$ a $$"),
        ("\\(a\\)", "$$ a $$"),
        ("a\n\nb", "$$ a b $$"),
        ("5$ of $a$", "$$ 5\\$ of \\$a\\$ $$"),
        ("\\text{5 \\$}", "$$ \\text{5 \\$} $$"),
        ("50 % of a", "$$ 50 \\% of a $$"),
        ("a<b", "$$ a< b $$"),
        ("a $$", "$$ a \\$\\$ $$"),
        ("x\\", "$$ x\\ $$"),
    ],
)
def test_a_formula_is_mathematics(text: str, shown: str) -> None:
    assert markdown.of_blocks([block(text, "formula")]) == shown


@pytest.mark.parametrize("text", ["$5", "$5 and $6", "5 $ or 6 $", "US$", "$ 5 $ 6"])
def test_prices_are_left_as_they_are(text: str) -> None:
    assert markdown.of_blocks([block(text)]) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("$x$ and more", "\\$x\\$ and more"),
        ("$$", "\\$\\$"),
        ("a $$b", "a \\$\\$b"),
        ("$a\nb$", "\\$a\nb\\$"),
        ("US$5 or A$6", "US\\$5 or A\\$6"),
        ("\\$c$", "\\\\\\$c\\$"),
    ],
)
def test_text_is_no_mathematics(text: str, shown: str) -> None:
    assert markdown.of_blocks([block(text)]) == shown


def test_no_cell_is_mathematics() -> None:
    assert "| \\$a\\$ | $5 |" in markdown.of_blocks([table_block([["$a$", "$5"]])])
    spanned = Table(1, 2, (Cell(0, 0, "$a$ <b>", BOX, 1.0, 1, 2),))
    assert '<td colspan="2">&#36;a&#36; &lt;b&gt;</td>' in markdown.of_blocks([of_table(spanned)])


def test_a_table_without_cells_has_its_columns_by_tabs() -> None:
    found = markdown.of_blocks([block("a\tb\n1\t2\t3", "table")])
    assert found == "|  |  |  |\n| --- | --- | --- |\n| a | b |\n| 1 | 2 | 3 |"
    assert seen(blocks_of(found)) == [("td", "a"), ("td", "b"), ("td", "1"), ("td", "2"), ("td", "3")]


@pytest.mark.parametrize(
    "items", [["3. a", "5. b"], ["1. a", "• b", "2. c"], ["1. a", "1. b"], ["01. a", "02. b"], ["• a", "3. b"]]
)
def test_each_item_keeps_its_own_number(items: list[str]) -> None:
    shown = [("li", without_bullet(item).replace(" ", "")) for item in items]
    for found in ([block("\n".join(items), "list")], [block(item, "list") for item in items]):
        assert seen(blocks_of(markdown.of_blocks(found))) == shown


@settings(max_examples=200)
@given(signs, st.sampled_from(["text", "heading", "list", "figure"]))
def test_no_translation_leaves_its_quotation(text: str, kind: BlockType) -> None:
    found = [replace(block("before", kind), translation=text), block("after", kind)]
    assert seen(blocks_of(markdown.of_blocks(found))) == seen(list(expected(found)))


@settings(max_examples=200)
@given(signs, signs)
def test_no_field_leaves_its_cell(name: str, value: str) -> None:
    found = blocks_of(markdown.of_blocks([block("after")], [field(name, value)]))
    wanted = [("th", "Field"), ("th", "Value"), ("td", name), ("td", value), ("p", "after")]
    assert seen(found) == seen(wanted)


def test_running_heads_and_feet_are_translated_in_their_comment() -> None:
    page = [replace(block("Annual report", "header"), translation="Rapport --> annuel"), block("text")]
    assert file_of("md", page, language="fr") == (
        "<!-- page 1 · header: Annual report · translation: Rapport - - > annuel -->\n\ntext\n"
    )
