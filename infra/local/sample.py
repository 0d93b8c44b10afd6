"""Makes sample.pdf, the document that `make demo` reads: four pages of a company that does not exist.

    .venv/bin/python -m infra.local.sample

An invoice, a contract and a report hold their text; the third page is a scan of a letter and holds none.
The same libraries make the same bytes.
"""

from __future__ import annotations

import io
import random
from pathlib import Path
from typing import Any

import pymupdf
from PIL import Image, ImageChops, ImageFilter

PATH = Path(__file__).with_name("sample.pdf")

A4 = pymupdf.paper_rect("a4")
LEFT, RIGHT, TOP = 64.0, 531.0, 72.0  # pt
INK = (0.13, 0.15, 0.2)
ACCENT = (0.1, 0.33, 0.45)
PALE = (0.93, 0.95, 0.96)

SCAN_DPI = 150
SCAN_ANGLE = 0.4  # degrees: a sheet that lay a little askew
SCAN_QUALITY = 50

COMPANY = "Halvorsen & Pike Instruments Ltd"
ADDRESS = "14 Harbour Lane, Wexcombe WX4 2QD"


class Sheet:
    """A page that is written from the top down."""

    def __init__(self, document: Any, font: str = "helv") -> None:
        self.page = document.new_page(width=A4.width, height=A4.height)
        self.font = font
        self.y = TOP

    def line(self, text: str, size: float = 10, font: str | None = None, x: float = LEFT, gap: float = 4) -> None:
        self._text(text, x, size, font or self.font)
        self.y += size + gap

    def heading(self, text: str, size: float = 20) -> None:
        self._text(text, LEFT, size, "hebo", ACCENT)
        self.y += size + 10

    def paragraph(self, text: str, size: float = 10, indent: float = 0, gap: float = 8) -> None:
        box = pymupdf.Rect(LEFT + indent, self.y - size, RIGHT, A4.height - 40)
        left = self.page.insert_textbox(
            box, text, fontsize=size, fontname=self.font, color=INK, lineheight=1.35, align=pymupdf.TEXT_ALIGN_LEFT
        )
        if left < 0:
            raise ValueError(f"no room for: {text[:40]}")
        self.y += box.height - left + gap

    def row(self, cells: list[str], stops: list[float], bold: bool = False, shade: bool = False) -> None:
        """The first cell starts at the first stop; each other one ends at its own."""
        font = "hebo" if bold else self.font
        if shade:
            self.page.draw_rect(pymupdf.Rect(LEFT, self.y - 13, RIGHT, self.y + 6), color=None, fill=PALE)
        self._text(cells[0], stops[0], 10, font)
        for cell, stop in zip(cells[1:], stops[1:], strict=True):
            self._text(cell, stop - pymupdf.get_text_length(cell, font, 10), 10, font)
        self.y += 20

    def rule(self) -> None:
        self.page.draw_line((LEFT, self.y - 12), (RIGHT, self.y - 12), color=ACCENT, width=0.8)

    def skip(self, height: float) -> None:
        self.y += height

    def footer(self, text: str) -> None:
        self.page.draw_line((LEFT, 790), (RIGHT, 790), color=PALE, width=1)
        self.page.insert_text((LEFT, 804), text, fontsize=8, fontname="helv", color=(0.4, 0.43, 0.47))

    def _text(self, text: str, x: float, size: float, font: str, color: tuple[float, ...] = INK) -> None:
        self.page.insert_text((x, self.y), text, fontsize=size, fontname=font, color=color)


def build() -> bytes:
    document = pymupdf.open()
    invoice(document)
    contract(document)
    _add_scan(document, letter)
    report(document)
    document.set_metadata({"title": "Sample document", "author": COMPANY})
    return bytes(document.tobytes(garbage=4, deflate=True, use_objstms=1, no_new_id=True))


def invoice(document: Any) -> None:
    sheet = Sheet(document)
    sheet.heading("Invoice", 26)
    sheet.line(COMPANY, font="hebo")
    sheet.line(ADDRESS)
    sheet.line("VAT GB 000 1234 56")
    sheet.skip(18)
    top = sheet.y
    sheet.line("Bill to", font="hebo")
    for text in ("Northmoor Laboratories", "Accounts Payable", "7 Quarry Road", "Alderby AB1 9XY"):
        sheet.line(text)
    bottom, sheet.y = sheet.y, top
    for label, value in (
        ("Invoice no.", "HP-2026-0417"),
        ("Date", "14 September 2026"),
        ("Due", "14 October 2026"),
        ("Your order", "NL-88213"),
    ):
        sheet.page.insert_text((340, sheet.y), label, fontsize=10, fontname="hebo", color=INK)
        sheet.line(value, x=425)
    sheet.y = bottom + 30
    stops = [LEFT + 6, 360.0, 445.0, RIGHT - 6]
    sheet.row(["Description", "Quantity", "Unit price", "Amount"], stops, bold=True, shade=True)
    for cells in (
        ["Bench centrifuge BC-24", "2", "1,480.00", "2,960.00"],
        ["Rotor, 24 x 1.5 ml", "2", "312.50", "625.00"],
        ["Calibration certificate, ISO/IEC 17025", "2", "95.00", "190.00"],
        ["Delivery and installation", "1", "240.00", "240.00"],
    ):
        sheet.row(cells, stops)
    sheet.skip(6)
    sheet.rule()
    sheet.skip(6)
    totals = [360.0, RIGHT - 6]
    sheet.row(["Subtotal", "4,015.00"], totals)
    sheet.row(["VAT 20 %", "803.00"], totals)
    sheet.row(["Total EUR", "4,818.00"], totals, bold=True)
    sheet.skip(24)
    sheet.paragraph(
        "Please pay within 30 days to IBAN GB00 HPIN 0000 0012 3456 78, quoting the invoice number. "
        "Interest of 8 % a year is charged on late payments."
    )
    sheet.paragraph("The serial numbers of both centrifuges are on the delivery note: BC24-10233 and BC24-10234.")
    sheet.footer(f"{COMPANY}  -  {ADDRESS}  -  accounts@halvorsen-pike.example")


def contract(document: Any) -> None:
    sheet = Sheet(document, "tiro")
    sheet.heading("Maintenance Agreement")
    sheet.paragraph(
        f"This agreement is made on 1 September 2026 between {COMPANY}, {ADDRESS} (the Supplier), and "
        "Northmoor Laboratories, 7 Quarry Road, Alderby AB1 9XY (the Customer).",
        11,
    )
    for title, text in (
        (
            "1. Services",
            "The Supplier inspects, cleans and calibrates the instruments listed in Schedule A twice a year, and "
            "repairs faults that the Customer reports. Work is done at the Customer's premises between 8:00 and "
            "17:00 on working days.",
        ),
        (
            "2. Response times",
            "The Supplier answers a report within four hours and sends an engineer within two working days. If an "
            "instrument cannot be repaired on site, the Supplier lends an equivalent one free of charge.",
        ),
        (
            "3. Fees",
            "The Customer pays EUR 1,950 a year in advance. Spare parts are charged at list price less 15 %. Fees may "
            "be changed once a year, with three months' notice, by no more than the rise in consumer prices.",
        ),
        (
            "4. Liability",
            "Each party is liable for damage caused by its negligence, up to twice the annual fee for each event. "
            "Nothing in this agreement limits liability for death or personal injury.",
        ),
        (
            "5. Term",
            "The agreement runs for two years from the date above and is then renewed year by year, unless either "
            "party ends it in writing at least sixty days before the end of a term.",
        ),
    ):
        sheet.line(title, 11, "tibo", gap=8)
        sheet.paragraph(text, 11, indent=14, gap=10)
    sheet.skip(56)
    for x, name, role in (
        (LEFT, "Ingrid Halvorsen", "Managing Director, for the Supplier"),
        (320.0, "Samuel Okafor", "Head of Laboratory, for the Customer"),
    ):
        sheet.page.draw_line((x, sheet.y - 14), (x + 190, sheet.y - 14), color=INK, width=0.6)
        top = sheet.y
        sheet.line(name, 10, x=x)
        sheet.line(role, 9, "tiit", x=x)
        bottom, sheet.y = sheet.y, top
    sheet.y = bottom
    sheet.footer("Maintenance Agreement HP-M-2026-031  -  page 1 of 3")


def letter(document: Any) -> None:
    sheet = Sheet(document, "tiro")
    sheet.line("Northmoor Laboratories", 15, "tibo")
    sheet.line("7 Quarry Road, Alderby AB1 9XY", 11)
    sheet.skip(34)
    for text in (COMPANY, "Service Department", "14 Harbour Lane", "Wexcombe WX4 2QD"):
        sheet.line(text, 12)
    sheet.skip(20)
    sheet.line("22 September 2026", 12)
    sheet.skip(20)
    sheet.line("Centrifuge BC24-10234: vibration above 9,000 rpm", 12, "tibo")
    sheet.skip(14)
    for text in (
        "Dear Ms Halvorsen,",
        "The two bench centrifuges that you delivered on 16 September are in daily use. The first one, BC24-10233, "
        "works as it should. The second one has begun to vibrate as soon as it passes 9,000 revolutions a minute, and "
        "on Monday it stopped twice with the message E-17.",
        "We have changed the rotor, balanced the tubes to within 0.1 g and moved the instrument to another bench. "
        "None of this has helped, so we believe that the fault lies in the drive.",
        "Under section 2 of our agreement we ask you to send an engineer before 26 September. Until then we need an "
        "instrument on loan, because forty samples a day have to be prepared for the river survey.",
        "Please call Mr Okafor on extension 214 to agree on a time.",
        "Yours sincerely,",
    ):
        sheet.paragraph(text, 12, gap=12)
    sheet.skip(40)
    sheet.line("Dr Amelia Thornbury", 12)
    sheet.line("Laboratory Manager", 12, "tiit")


def report(document: Any) -> None:
    sheet = Sheet(document)
    sheet.heading("Service Report, Third Quarter 2026", 22)
    sheet.paragraph(
        "Between July and September our engineers made 214 visits, 9 % more than in the quarter before. Response times "
        "fell in three of four regions; the West waited longer because one of its two vans was off the road in August."
    )
    sheet.skip(10)
    sheet.heading("Visits by region", 14)
    stops = [LEFT + 6, 290.0, 415.0, RIGHT - 6]
    sheet.row(["Region", "Visits", "Mean response (h)", "Fixed at first visit"], stops, bold=True, shade=True)
    for cells in (
        ["North", "61", "18.5", "88 %"],
        ["East", "47", "21.0", "83 %"],
        ["South", "72", "16.2", "91 %"],
        ["West", "34", "33.4", "76 %"],
    ):
        sheet.row(cells, stops)
    sheet.rule()
    sheet.row(["All regions", "214", "20.6", "86 %"], stops, bold=True)
    sheet.skip(18)
    sheet.heading("What we found", 14)
    for text in (
        "Worn drive belts caused 38 of the 96 repairs. The new belt, part 4471-B, is now fitted at every visit.",
        "Eleven instruments showed error E-17. In each the speed sensor had come loose; a longer screw cures it.",
        "Customers rated the visits 4.6 out of 5. Most complaints concerned missing spare parts.",
    ):
        sheet.page.draw_circle((LEFT + 6, sheet.y - 3.5), 1.6, color=ACCENT, fill=ACCENT)
        sheet.paragraph(text, indent=18, gap=4)
    sheet.skip(18)
    sheet.heading("Next quarter", 14)
    sheet.paragraph(
        "A third van joins the western region in October. Stocks of sensors and belts are doubled in both depots, "
        "and every engineer completes the new calibration course before the end of November."
    )
    sheet.footer(f"{COMPANY}  -  Service Department  -  5 October 2026")


def _add_scan(document: Any, draw: Any) -> None:
    """The page that `draw` makes, as an office scanner would have seen it."""
    paper = pymupdf.open()
    draw(paper)
    pixmap = paper[0].get_pixmap(dpi=SCAN_DPI, colorspace=pymupdf.csGRAY)
    page = document.new_page(width=A4.width, height=A4.height)
    page.insert_image(page.rect, stream=_scanned(Image.frombytes("L", (pixmap.width, pixmap.height), pixmap.samples)))


def _scanned(sheet: Image.Image) -> bytes:
    """Greyed, askew, a little soft and grainy, darker towards one edge; as a JPEG."""
    grey = sheet.point([30 + round(value * 200 / 255) for value in range(256)])
    askew = grey.rotate(SCAN_ANGLE, Image.Resampling.BICUBIC, fillcolor=205)
    soft = askew.filter(ImageFilter.GaussianBlur(0.5))
    shade = Image.linear_gradient("L").rotate(90).resize(soft.size).point([value // 12 for value in range(256)])
    grain = Image.frombytes("L", soft.size, random.Random(1).randbytes(soft.width * soft.height))  # noqa: S311
    grain = grain.filter(ImageFilter.GaussianBlur(0.6)).point([value // 9 for value in range(256)])
    scan = ImageChops.subtract(ImageChops.add(soft, grain), shade)
    out = io.BytesIO()
    scan.save(out, "JPEG", quality=SCAN_QUALITY, dpi=(SCAN_DPI, SCAN_DPI))
    return out.getvalue()


if __name__ == "__main__":
    PATH.write_bytes(build())
