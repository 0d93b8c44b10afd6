"""The file around the text: python-docx's package without what its template brings along, and its parts."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC
from pathlib import PurePath
from typing import IO, TYPE_CHECKING, Any

from ocrchat.jobs import Job

from .figures import Picture
from .paragraphs import Paragraph
from .tags import Tags
from .xml import DECLARATION, NAMESPACES, clean, parsed

if TYPE_CHECKING:
    from docx.document import Document
    from docx.opc.part import Part

TITLE = 255  # characters, the most that python-docx takes
EPOCH = (1980, 1, 1, 0, 0, 0)  # the time of all files within, so that the same job makes the same bytes
STORED = ("jpeg", "png")  # compressed already
KEPT = ("styles", "settings", "numbering", "theme", "fontTable", "core-properties", "officeDocument")
"""By the last part of their relationship's type; Word makes the others itself."""

_SETTINGS = (
    '<w:zoom w:percent="100"/><w:defaultTabStop w:val="720"/>'
    '<w:characterSpacingControl w:val="doNotCompress"/><w:compat>{}</w:compat>'
    '<w:themeFontLang w:val="{}" w:eastAsia="{}" w:bidi="{}"/>'
    '<w:clrSchemeMapping w:bg1="light1" w:t1="dark1" w:bg2="light2" w:t2="dark2" w:accent1="accent1" '
    'w:accent2="accent2" w:accent3="accent3" w:accent4="accent4" w:accent5="accent5" w:accent6="accent6" '
    'w:hyperlink="hyperlink" w:followedHyperlink="followedHyperlink"/>'
    '<w:decimalSymbol w:val="."/><w:listSeparator w:val=","/>'
)
_COMPATIBILITY = {  # what Word 2013 and later write: no compatibility mode
    "compatibilityMode": 15,
    "overrideTableStyleFontSizeAndJustification": 1,
    "enableOpenTypeFeatures": 1,
    "doNotFlipMirrorIndents": 1,
    "differentiateMultirowTableHeaders": 1,
}


@dataclass(slots=True)
class Package:
    """A document that is being written: body first, styles and numbering when they are known. The body is kept as the
    XML that it becomes: as a tree, that of a thousand pages of tables takes some hundred MB more."""

    _document: Document
    _body: list[bytes] = field(default_factory=list)
    _pictures: dict[bytes, str] = field(default_factory=dict)
    _heads: dict[tuple[str, str], str] = field(default_factory=dict)

    @classmethod
    def empty(cls) -> Package:
        import docx

        document = docx.Document()
        for relations in (document.part.package.rels, document.part.rels):
            for key, relation in list(relations.items()):
                if not relation.reltype.endswith(KEPT):
                    del relations[key]
        return cls(document)

    def add(self, content: str) -> None:
        """Paragraphs and tables, or the properties of the last section, to the end of the body."""
        self._body.append(content.encode())

    def picture(self, picture: Picture) -> str:
        """The id of its relationship, the same for the same picture."""
        from docx.opc.constants import RELATIONSHIP_TYPE
        from docx.opc.packuri import PackURI
        from docx.opc.part import Part

        digest = hashlib.sha256(picture.data).digest()
        if digest not in self._pictures:
            name = PackURI(f"/word/media/image{len(self._pictures) + 1}.{picture.extension}")
            part = Part(name, f"image/{picture.extension}", picture.data, self._document.part.package)
            self._pictures[digest] = self._document.part.relate_to(part, RELATIONSHIP_TYPE.IMAGE)
        return self._pictures[digest]

    def head(self, which: str, paragraphs: Sequence[Paragraph]) -> str:
        """The id of the relationship to the part with a running head (`header`) or foot (`footer`), the same for the
        same content."""
        content = "".join(paragraph.xml() for paragraph in paragraphs or [Paragraph(style=which.capitalize())])
        if (which, content) not in self._heads:
            add: Any = getattr(self._document.part, f"add_{which}_part")
            part, key = add()
            part.element[:] = list(parsed("w:body", content))
            self._heads[which, content] = key
        return self._heads[which, content]

    def set_styles(self, content: str) -> None:
        self._document.styles.element[:] = list(parsed("w:styles", content))

    def set_numbering(self, content: str) -> None:
        numbering: Any = self._document.part.numbering_part.element
        numbering[:] = list(parsed("w:numbering", content))

    def set_properties(self, job: Job, tags: Tags) -> None:
        """Those of the document, and Word's settings. Times are the job's, so that they stay what they are."""
        uri = "http://schemas.microsoft.com/office/word"
        compatibility = "".join(
            f'<w:compatSetting w:name="{name}" w:uri="{uri}" w:val="{value}"/>'
            for name, value in _COMPATIBILITY.items()
        )
        content = _SETTINGS.format(compatibility, tags.western, tags.east_asian, tags.complex)
        self._document.settings.element[:] = list(parsed("w:settings", content))
        moment = (job.settled_at or job.created_at).astimezone(UTC).replace(tzinfo=None)
        core = self._document.core_properties
        core.title = clean(PurePath(job.filename).stem).replace("\n", " ").strip()[:TITLE]
        core.language = tags.main
        core.created = core.modified = moment
        core.author = core.last_modified_by = core.comments = core.keywords = core.subject = core.category = ""
        core.revision = 1

    def save(self, out: IO[bytes]) -> None:
        """As python-docx would, but with no time of its own."""
        package: Any = self._document.part.package  # whose types say that XML is str where it is bytes
        parts = sorted(package.iter_parts(), key=lambda part: str(part.partname))
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            _write(archive, "[Content_Types].xml", _content_types(parts))
            _write(archive, "_rels/.rels", package.rels.xml)
            for part in parts:
                is_body = part is self._document.part
                _write(archive, part.partname.membername, self._body_xml() if is_body else part.blob)
                if part.rels:
                    _write(archive, part.partname.rels_uri.membername, part.rels.xml)

    def _body_xml(self) -> bytes:
        return b"".join(
            (f"{DECLARATION}<w:document {NAMESPACES}><w:body>".encode(), *self._body, b"</w:body></w:document>")
        )


def _write(archive: zipfile.ZipFile, name: str, data: bytes) -> None:
    info = zipfile.ZipInfo(name, EPOCH)
    info.compress_type = zipfile.ZIP_STORED if name.endswith(STORED) else zipfile.ZIP_DEFLATED
    archive.writestr(info, data)


def _content_types(parts: Sequence[Part]) -> bytes:
    """ECMA-376-2, 10.1.2.2: pictures by their extension, every other part by its name."""
    defaults = {"rels": "application/vnd.openxmlformats-package.relationships+xml", "xml": "application/xml"}
    overrides = ""
    for part in parts:
        if part.partname.ext in STORED:
            defaults[part.partname.ext] = part.content_type
        else:
            overrides += f'<Override PartName="{part.partname}" ContentType="{part.content_type}"/>'
    listed = "".join(f'<Default Extension="{name}" ContentType="{kind}"/>' for name, kind in defaults.items())
    namespace = "http://schemas.openxmlformats.org/package/2006/content-types"
    return f'{DECLARATION}<Types xmlns="{namespace}">{listed}{overrides}</Types>'.encode()
