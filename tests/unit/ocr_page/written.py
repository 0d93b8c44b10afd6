"""Pages in any script, set by MuPDF with the Noto fonts inside it, and how well they were read."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pymupdf
from PIL import Image

from ocr_page.reader import read_page
from ocrchat.blocks import BBox
from ocrchat.pages import PageResult, PageTask
from tests.unit.ocr_page import drawn

if TYPE_CHECKING:
    from ocr_page.recognisers.port import Pixels

DPI = 200
WIDTH = 420.0  # pt
MARGIN = 40.0  # pt
DARK = 128  # grey levels below it are ink


@dataclass(frozen=True)
class Text:
    """One paragraph in the language of `code`."""

    code: str
    text: str
    direction: str = "ltr"

    def as_html(self, size: float) -> str:
        return (
            f'<p style="font-size:{size}px;line-height:1.6" dir="{self.direction}" lang="{self.code}">{self.text}</p>'
        )


ARTICLE_1 = {
    text.code: text
    for text in (
        Text(
            "en",
            "All human beings are born free and equal in dignity and rights. They are endowed with reason and"
            " conscience and should act towards one another in a spirit of brotherhood.",
        ),
        Text(
            "fr",
            "Tous les êtres humains naissent libres et égaux en dignité et en droits. Ils sont doués de raison et de"
            " conscience et doivent agir les uns envers les autres dans un esprit de fraternité.",
        ),
        Text(
            "ar",
            "يولد جميع الناس أحرارا متساوين في الكرامة والحقوق. وقد وهبوا عقلا وضميرا وعليهم أن يعامل بعضهم بعضا"
            " بروح الإخاء.",
            "rtl",
        ),
        Text(
            "he",
            "כל בני האדם נולדו בני חורין ושווים בערכם ובזכויותיהם. כולם חוננו בתבונה ובמצפון, לפיכך חובה עליהם"
            " לנהוג איש ברעהו ברוח של אחווה.",
            "rtl",
        ),
        Text(
            "hi",
            "सभी मनुष्यों को गौरव और अधिकारों के मामले में जन्मजात स्वतन्त्रता और समानता प्राप्त है। उन्हें बुद्धि और"
            " अन्तरात्मा की देन प्राप्त है और परस्पर उन्हें भाईचारे के भाव से बर्ताव करना चाहिए।",
        ),
        Text(
            "th",
            "มนุษย์ทั้งหลายเกิดมามีอิสระและเสมอภาคกันในเกียรติศักดิ์และสิทธิ ต่างมีเหตุผลและมโนธรรมและควรปฏิบัติต่อกันด้วยเจตนารมณ์แห่งภราดรภาพ",
        ),
        Text(
            "ko",
            "모든 인간은 태어날 때부터 자유로우며 그 존엄과 권리에 있어 동등하다. 인간은 천부적으로 이성과 양심을"
            " 부여받았으며 서로 형제애의 정신으로 행동하여야 한다.",
        ),
        Text(
            "ru",
            "Все люди рождаются свободными и равными в своем достоинстве и правах. Они наделены разумом и совестью"
            " и должны поступать в отношении друг друга в духе братства.",
        ),
        Text(
            "el",
            "Όλοι οι άνθρωποι γεννιούνται ελεύθεροι και ίσοι στην αξιοπρέπεια και τα δικαιώματα. Είναι προικισμένοι"
            " με λογική και συνείδηση, και οφείλουν να συμπεριφέρονται μεταξύ τους με πνεύμα αδελφοσύνης.",
        ),
        Text(
            "ja",
            "すべての人間は、生まれながらにして自由であり、かつ、尊厳と権利とについて平等である。人間は、理性と良心とを"
            "授けられており、互いに同胞の精神をもって行動しなければならない。",
        ),
        Text(
            "zh",
            "人人生而自由，在尊严和权利上一律平等。他们赋有理性和良心，并应以兄弟关系的精神相对待。"
            "人人有资格享有本宣言所载的一切权利和自由，不分种族、肤色、性别、语言、宗教。",
        ),
        Text(
            "ta",
            "மனிதப் பிறவியினர் சகலரும் சுதந்திரமாகவே பிறக்கின்றனர். அவர்கள் மதிப்பிலும் உரிமைகளிலும் சமமானவர்கள்."
            " அவர்கள் நியாயத்தையும் மனச்சாட்சியையும் இயற்பண்பாகப் பெற்றவர்கள்.",
        ),
        Text(
            "ka",
            "ყველა ადამიანი იბადება თავისუფალი და თანასწორი თავისი ღირსებითა და უფლებებით. მათ მინიჭებული აქვთ"
            " გონება და სინდისი და ერთმანეთის მიმართ უნდა იქცეოდნენ ძმობის სულისკვეთებით.",
        ),
        Text(
            "am",
            "የሰው ልጅ ሁሉ ሲወለድ ነጻና በክብርና በመብትም እኩልነት ያለው ነው። የተፈጥሮ ማስተዋልና ሕሊና ስላለው አንዱ ሌላውን በወንድማማችነት መንፈስ መመልከት ይገባዋል።",
        ),
        Text(
            "km",
            "មនុស្សទាំងអស់កើតមកមានសេរីភាព និងសមភាពក្នុងផ្នែកសេចក្តីថ្លៃថ្នូរនិងសិទ្ធិ។ មនុស្សមានវិចារណញ្ញាណនិងសតិសម្បជញ្ញៈជាប់ពីកំណើត។",
        ),
        Text(
            "vi",
            "Tất cả mọi người sinh ra đều được tự do và bình đẳng về nhân phẩm và quyền. Mọi con người đều được tạo"
            " hoá ban cho lý trí và lương tâm và cần phải đối xử với nhau trong tình bằng hữu.",
        ),
    )
}
"""Article 1 of the Universal Declaration of Human Rights, or what of it fills some lines."""


def read(image: Image.Image, language: str = "auto") -> PageResult:
    """What the reader makes of a page that is this picture."""
    return read_page(drawn.encoded(image, "PNG"), PageTask(0, "png", language))


def pixels_of(*texts: Text, size: float = 14) -> Pixels:
    """The paragraphs below each other on white paper, which is as high as they need."""
    html = "".join(text.as_html(size) for text in texts)
    with pymupdf.open() as document:
        page = document.new_page(width=WIDTH, height=2 * WIDTH)
        spare, _ = page.insert_htmlbox(pymupdf.Rect(MARGIN, MARGIN, WIDTH - MARGIN, 2 * WIDTH - MARGIN), html)
        page.set_cropbox(pymupdf.Rect(0, 0, WIDTH, 2 * WIDTH - max(spare, 0)))
        pixmap = page.get_pixmap(dpi=DPI, colorspace=pymupdf.csRGB, alpha=False)
        return np.frombuffer(pixmap.samples, np.uint8).reshape(pixmap.height, pixmap.width, 3).copy()


def image_of(*texts: Text, size: float = 14) -> Image.Image:
    return Image.fromarray(pixels_of(*texts, size=size))


def in_columns(text: str, rows: int = 14, size: float = 16) -> Image.Image:
    """Signs one below the other, in columns from right to left, as Japanese books are set."""
    columns = [text[start : start + rows] for start in range(0, len(text), rows)]
    width, height = 2 * MARGIN + 1.8 * size * len(columns), 2 * MARGIN + 1.15 * size * rows
    font = pymupdf.Font("cjk")
    with pymupdf.open() as document:
        page = document.new_page(width=width, height=height)
        writer = pymupdf.TextWriter(page.rect)
        for number, column in enumerate(columns):
            x = width - MARGIN - 1.8 * size * (number + 1)
            for row, sign in enumerate(column):
                writer.append((x, MARGIN + size + 1.15 * size * row), sign, font=font, fontsize=size)
        writer.write_text(page)
        pixmap = page.get_pixmap(dpi=DPI, colorspace=pymupdf.csRGB, alpha=False)
        return Image.frombytes("RGB", (pixmap.width, pixmap.height), pixmap.samples)


def longer(code: str, times: int = 2) -> Text:
    """Article 1 so many times over."""
    text = ARTICLE_1[code]
    return Text(code, " ".join([text.text] * times), text.direction)


def errors(read: str, truth: str) -> float:
    """The share of the characters of `truth` that must be changed to make it of `read`, spaces run together."""
    one, other = _plain(read), _plain(truth)
    return _edits(one, other) / len(other)


def ink_inside(image: Image.Image, boxes: Sequence[BBox], margin: float = 4) -> float:
    """The share of the image's ink that lies in one of the boxes, which are made larger by so many px."""
    dark = np.asarray(image.convert("L")) < DARK
    inside = np.zeros_like(dark)
    for x0, y0, x1, y1 in boxes:
        rows = slice(max(0, int(y0 - margin)), int(y1 + margin))
        inside[rows, max(0, int(x0 - margin)) : int(x1 + margin)] = True
    return float((dark & inside).sum() / dark.sum())


def ink_of(image: Image.Image, box: BBox) -> float:
    """The share of a box that is ink."""
    x0, y0, x1, y1 = (round(value) for value in box)
    return float((np.asarray(image.convert("L"))[y0:y1, x0:x1] < DARK).mean())


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())


def _edits(one: str, other: str) -> int:
    """Levenshtein's distance."""
    row = list(range(len(other) + 1))
    for count, character in enumerate(one, 1):
        last, row[0] = row[0], count
        for place, wanted in enumerate(other, 1):
            last, row[place] = row[place], min(row[place] + 1, row[place - 1] + 1, last + (character != wanted))
    return row[-1]
