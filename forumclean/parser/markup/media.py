"""Sound and moving pictures, and the scripts, frames and style sheets of a message: all that is of use is the address of the medium."""

from __future__ import annotations

import re
from html import escape, unescape
from urllib.parse import unquote

from forumclean.parser.markup.tokens import attributes_of, text_of

_RAW = re.compile(r"<(script|style|iframe|xmp|noembed|noframes|plaintext)\b([^>]*)>([\s\S]*?)(?:</\1>|\Z)")
_COMMENT = re.compile(r"<!--[\s\S]*?(?:-->|\Z)")
# function_discuzcode.php, parseaudio/parseflv/parsemedia: the address is an argument of AC_FL_RunContent ('src', 'URL'),
# detectPlayer("id", "mp3", "URL", …), encodeURI('URL'), or in FlashVars (soundFile=…, file=…)
_STRING = re.compile(r"""'([^'\\\n]{5,2000})'|"([^"\\\n]{5,2000})\"""")
_URL = re.compile(r"(?:https?|rtsp|mms|ftp)://[^\s'\"<>]{4,}", re.IGNORECASE)
_IN_VARIABLE = re.compile(r"(?:soundFile|file|url|src)=((?:https?|rtsp|mms)(?:%3A|:)[^&'\"\s]+)", re.IGNORECASE)
_OWN = re.compile(r"static/image/|/player\.swf|/images/common/|macromedia\.com|adobe\.com", re.IGNORECASE)
_SOURCE = re.compile(r"<(?:param\b[^>]*\bname=\"(?:movie|src|url|filename)\"|embed\b|source\b|video\b|audio\b)([^>]*)>", re.IGNORECASE)


def without_raw(html: str) -> str:
    """A message without comments and the elements whose content is no HTML; a player's address stays behind as ``<media src="…">``.

    >>> without_raw("a<script>AC_FL_RunContent('width', '550', 'src', 'http://v.example/c.swf');</script>b")
    'a<media src="http://v.example/c.swf"></media>b'
    """
    if "<!--" in html:
        html = _COMMENT.sub("", html)
    return _RAW.sub(_raw, html)


def _raw(found: re.Match[str]) -> str:
    name, written, content = found.groups()
    if name == "iframe":
        url = attributes_of(written).get("src", "")
    elif name == "script":
        url = _in_script(content)
    else:
        return "" if name == "style" else escape(content, quote=False)
    return f'<media src="{escape(url)}"></media>' if url else ""


def _in_script(script: str) -> str:
    for one, two in _STRING.findall(script[:20000]):
        text = unescape(one or two)
        if (inner := _IN_VARIABLE.search(text)) is not None:
            return unquote(inner[1])
        if (url := _URL.search(text)) is not None and not _OWN.search(text):
            return url[0]
    return ""


def address(attributes: dict[str, str], html: str) -> str:
    """The address that an ``object``, ``embed``, ``video`` or ``audio`` element plays; ``""`` if it names none.

    ``attributes``: its own, ``html``: what is inside it.
    """
    for name in ("src", "data", "file"):
        if attributes.get(name):
            return attributes[name]
    for found in _SOURCE.finditer(html):
        inner = attributes_of(found[0].partition(" ")[2][:-1])
        url = inner.get("src") or inner.get("value")
        if url:
            return text_of(url)
    return ""
