"""A picture in a line of text."""

from __future__ import annotations

from .xml import EMU, attribute

_PICTURE = "http://schemas.openxmlformats.org/drawingml/2006/picture"


def inline(number: int, key: str, size: tuple[float, float], description: str) -> str:
    """A run with the picture of relationship `key`, `size` in pt. `number` is its own in the document."""
    width, height = (max(1, round(side * EMU)) for side in size)
    name = f'id="{number}" name="Figure {number}"'
    words = f' descr="{attribute(description)}"' if description else ""
    return (
        '<w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0">'
        f'<wp:extent cx="{width}" cy="{height}"/><wp:docPr {name}{words}/>'
        '<wp:cNvGraphicFramePr><a:graphicFrameLocks noChangeAspect="1"/></wp:cNvGraphicFramePr>'
        f'<a:graphic><a:graphicData uri="{_PICTURE}"><pic:pic><pic:nvPicPr><pic:cNvPr {name}/><pic:cNvPicPr/>'
        f'</pic:nvPicPr><pic:blipFill><a:blip r:embed="{key}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>'
        f'<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{width}" cy="{height}"/></a:xfrm>'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic>'
        "</wp:inline></w:drawing></w:r>"
    )
