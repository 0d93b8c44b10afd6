"""What a model says, made fit to be shown: it names no page without proof, leads nowhere and loads nothing.

The document may hold instructions that the model follows against ours. A picture that it is made to write would be
loaded by whoever shows the answer, from an address that tells what was asked; so there are no pictures, no links and no
HTML.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Collection, Iterator

from ocrchat.script import legible

REMOVED = "(link removed)"
"""Stands where an address stood that is on none of the pages cited."""

_MOST_PASSES = 20  # what is nested deeper is no prose; the signs that are left of it are parted

_LINK = re.compile(r"!?\[([^\[\]]*)\]\([^()]*(?:\([^()]*\)[^()]*)*\)")
_AUTOLINK = re.compile(r"<([A-Za-z][A-Za-z0-9+.-]{1,31}:[^\s<>]*|[^\s<>@]+@[^\s<>@]+)>")
_ELEMENTS = (
    "a|abbr|acronym|address|applet|area|article|aside|audio|b|base|basefont|bdi|bdo|big|blink|blockquote|body|br|button|"
    "canvas|caption|center|cite|code|col|colgroup|data|datalist|dd|del|details|dfn|dialog|dir|div|dl|dt|em|embed|"
    "fieldset|figcaption|figure|font|footer|form|frame|frameset|h[1-6]|head|header|hgroup|hr|html|i|iframe|image|img|"
    "input|ins|isindex|kbd|keygen|label|legend|li|link|main|map|mark|marquee|math|menu|meta|meter|nav|noembed|noframes|"
    "noscript|object|ol|optgroup|option|output|p|param|picture|plaintext|portal|pre|progress|q|rp|rt|ruby|s|samp|script|"
    "search|section|select|slot|small|source|span|strike|strong|style|sub|summary|sup|svg|table|tbody|td|template|"
    "textarea|tfoot|th|thead|time|title|tr|track|tt|u|ul|var|video|wbr|xmp"
)
_TAG = re.compile(rf"<(?:/?(?:{_ELEMENTS})(?![\w-])|[!?])[^<>]*>", re.IGNORECASE)
"""What else stands in angle brackets may be meant: `x <y and z> w`. It is no tag once its `<` is parted from it."""

_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
_JOINT = re.compile(r"\](?=[(:])|!(?=\[)|<(?=[A-Za-z/!?])")
"""Where Markdown and HTML begin what loads or leads: `](`, `]:`, `![`, `<a`."""

_DOT = "[.\u3002\uff0e\uff61]"  # a full stop, as names of hosts are read
_PATH = r"[^\s<>\"'`|]*"
_LEADING = re.compile(
    rf"(?P<sure>(?:\b[A-Za-z][A-Za-z0-9+.-]{{1,31}}:)?//{_PATH}"
    rf"|\b(?i:data:|javascript:|mailto:|vbscript:|www{_DOT}){_PATH})"
    rf"|(?<![\w@+-])[\w@+-]+(?:{_DOT}+[\w@+-]+)+"
)
"""What is an address, for it has a scheme, or may be one: words with full stops between them."""
_FOLLOWED = re.compile(rf"(?::\d{{1,5}}\b|[/?#]){_PATH}")
_IP = re.compile(r"(?:\d{1,3}\.){3}\d{1,3}")
_NETWORK = re.compile(r"/\d{1,2}(?![\w.-])")

_COUNTRIES = (
    "ac ad ae af ag ai al am ao aq ar as at au aw ax az ba bb bd be bf bg bh bi bj bm bn bo br bs bt bw by bz ca cc "
    "cd cf cg ch ci ck cl cm cn co cr cu cv cw cx cy cz de dj dk dm do dz ec ee eg er es et eu fi fj fk fm fo fr ga "
    "gb gd ge gf gg gh gi gl gm gn gp gq gr gs gt gu gw gy hk hm hn hr ht hu id ie il im in io iq ir is it je jm jo "
    "jp ke kg kh ki km kn kp kr kw ky kz la lb lc li lk lr ls lt lu lv ly ma mc md me mg mh mk ml mm mn mo mp mq mr "
    "ms mt mu mv mw mx my mz na nc ne nf ng ni nl no np nr nu nz om pa pe pf pg ph pk pl pm pn pr ps pt pw py qa re "
    "ro rs ru rw sa sb sc sd se sg sh si sk sl sm sn so sr ss st su sv sx sy sz tc td tf tg th tj tk tl tm tn to tr "
    "tt tv tw tz ua ug uk us uy uz va vc ve vg vi vn vu wf ws ye yt za zm zw"
)
_OTHERS = (
    "com net org edu gov mil int info biz name pro aero coop museum mobi jobs tel travel xxx app dev xyz online "
    "site top shop store club tech cloud blog link click live icu vip work space website web page win bid download "
    "stream loan men date review trade party science racing fun art bar host press email news media agency digital "
    "network systems solutions services support world today life group company global zone chat social video photos "
    "games onion example test invalid localhost local internal \u0440\u0444 \u0443\u043a\u0440 \u0431\u0435\u043b "
    "\u0441\u0440\u0431 \u4e2d\u56fd \u4e2d\u570b \u9999\u6e2f \u516c\u53f8 \u7f51\u7edc \ud55c\uad6d"
)
_FILES = "ai cc id md ml pl ps py rs sh so st"
"""Ends of the names of files and of countries' hosts alike."""

_COUNTRY_ENDS, _OTHER_ENDS, _FILE_ENDS = map(frozenset, (_COUNTRIES.split(), _OTHERS.split(), _FILES.split()))
_AFTER_ADDRESS = ".,:;!?()[]{}*_~\u3002\uff0c\u3001\uff1b\uff1a\uff01\uff1f\uff09\u3011\u300d"

MARKER = re.compile(
    r"(?<![ \t])([ \t]*)[(\[\uff08]\s*(?:pp?\.?|pages?)\s*(\d{1,6}(?:[\s,;&\u2013-]+\d{1,6}){0,50})\s*[)\]\uff09]",
    re.IGNORECASE,
)
"""A page that is named in the answer, with the blanks before it: `(p. 3)`."""
_PAGES = re.compile(r"(\d+)(?:\s*[\u2013-]\s*(\d+))?")


def presentable(text: str, pages: Collection[int], is_quoted: Callable[[str], bool]) -> str:
    """Plain text, or Markdown without links, pictures and HTML. `pages` are those with a citation, from 1: others are
    not named in markers such as "(p. 3)". Of addresses those stay that are quoted from the document."""
    text = _unlinked(legible(text))
    text = MARKER.sub(lambda marker: _of_pages(marker, pages), text)
    return _JOINT.sub(r"\g<0> ", "".join(_without_addresses(text, is_quoted))).strip()


def harmless(text: str) -> str:
    """What stands in the document, without links, pictures and HTML; the addresses that it names stay."""
    return _JOINT.sub(r"\g<0> ", _unlinked(legible(text))).strip()


def _unlinked(text: str) -> str:
    """Without what loads or leads, however it is nested and disguised."""
    for _ in range(_MOST_PASSES):
        before = text
        text = _ESCAPE.sub(r"\1", html.unescape(text))
        text = _TAG.sub("", _AUTOLINK.sub(r"\1", _LINK.sub(r"\1", text)))
        if text == before:
            break
    return text


def _without_addresses(text: str, is_quoted: Callable[[str], bool]) -> Iterator[str]:
    """The parts of `text`, with a note for each address that is not quoted."""
    at = 0
    while found := _LEADING.search(text, at):
        followed = None if found["sure"] else _FOLLOWED.match(text, found.end())
        end = followed.end() if followed else found.end()
        yield text[at : found.start()]
        if not (found["sure"] or _is_address(found[0], followed[0] if followed else "")):
            yield found[0]
            end = found.end()
        elif is_quoted(bare := text[found.start() : end].rstrip(_AFTER_ADDRESS)):
            yield text[found.start() : end]
        else:
            yield REMOVED + text[found.start() + len(bare) : end]
        at = end
    yield text[at:]


def _is_address(name: str, followed: str) -> bool:
    """Whether words with full stops between them are a mailbox, or the name of a host, of which many a program makes a
    link: where they end as such names do. So `Node.js`, `report.pdf` and "etc.and" are none. Where nothing follows,
    `main.py` is a file, and "it.So" the end of a sentence; four numbers alone are a version."""
    if "@" in name:
        return True
    if _IP.fullmatch(name):
        return bool(followed) and not _NETWORK.fullmatch(followed)
    *_, before, end = re.split(_DOT, name)
    last = end.lower()
    if last in _OTHER_ENDS or last.startswith("xn--"):
        return True
    if last not in _COUNTRY_ENDS:
        return False
    return bool(followed) or (last not in _FILE_ENDS and len(before) > 1 and end in {last, last.upper()})


def _of_pages(marker: re.Match[str], pages: Collection[int]) -> str:
    """The marker with those of its pages that are cited; nothing where there are none."""
    ranges = [(int(first), int(last or first)) for first, last in _PAGES.findall(marker[2])]
    kept = [page for page in sorted(pages) if any(first <= page <= last for first, last in ranges)]
    return f"{marker[1]}(p. {', '.join(map(str, kept))})" if kept else ""
