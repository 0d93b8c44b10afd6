"""`python -m benchmarks.tables --data DATA`: prints what is found as Markdown.

DATA holds `pdfs/*.pdf`, of which the first pages with usable text are searched, and `layout/*.jpg` with `*.gt.json` of
OmniDocBench, which are read by the recogniser first.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.tables import likeness
from ocr_page import images, pdf, pdf_tables, pdf_text, picture, tables, text_layer


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    data: Path = parser.parse_args().data
    _table(("digital page", "tables", "ms", "find_tables", "ms"), _digital(data / "pdfs"))
    _table(("picture", "tables", "ms", "truth", "F1 of neighbours"), _pictures(data / "layout"))
    return 0


def _table(head: Sequence[str], rows: Iterator[Sequence[object]]) -> None:
    print("| " + " | ".join(head) + " |")
    print("|" + "---|" * len(head))
    for row in rows:
        print("| " + " | ".join(map(str, row)) + " |", flush=True)
    print()


def _digital(folder: Path) -> Iterator[Sequence[object]]:
    for path in sorted(folder.glob("*.pdf")):
        with pdf.opened(path.read_bytes()) as page:
            text = pdf_text.of_page(page)
            if not text_layer.is_usable(text.facts):
                continue
            begin = time.process_time()
            found = pdf_tables.find(page, text)
            between = time.process_time()
            others = page.find_tables().tables
            end = time.process_time()
        sizes = [f"{other.row_count}x{other.col_count}" for other in others]
        yield path.stem, _sizes(found), _ms(between - begin), ", ".join(sizes), _ms(end - between)


def _pictures(folder: Path) -> Iterator[Sequence[object]]:
    engines = picture.engines()
    for path in sorted(folder.glob("*.gt.json")):
        layout = json.loads(path.read_text())["layout"]
        truth = [likeness.of_html(block["html"]) for block in layout if block["category_type"] == "table"]
        raster = images.decode(path.with_name(path.name.replace(".gt.json", ".jpg")).read_bytes(), "jpg")
        reading = picture.read(raster, "auto", engines, time.monotonic() + 60)
        raster = reading.raster
        lines = [raster.line(line) for line in reading.lines]
        begin = time.process_time()
        found = tables.find_on_picture(raster.pixels, raster.scale, lines)
        taken = time.process_time() - begin
        read = [likeness.of_table(one.table) for one in found]
        scores = [max((likeness.f1(one, other) for other in read), default=0.0) for one in truth]
        shown = ", ".join(f"{score:.3f}" for score in scores)
        yield path.name.removesuffix(".gt.json"), _sizes(found), _ms(taken), len(truth), shown


def _sizes(found: Sequence[tables.Found]) -> str:
    return ", ".join(f"{one.table.rows}x{one.table.columns}" for one in found)


def _ms(seconds: float) -> str:
    return f"{1000 * seconds:.0f}"


if __name__ == "__main__":
    sys.exit(main())
