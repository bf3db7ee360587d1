"""The charsets Discuz boards used: names, byte order marks, declarations, and how well a text fits each of them."""

from __future__ import annotations

import codecs
import re
from typing import NamedTuple

CODECS = {
    "utf-8": "utf-8", "utf8": "utf-8", "utf8mb4": "utf-8", "ascii": "utf-8", "us-ascii": "utf-8",
    # browsers read all of these as GB18030: boards declared gb2312 and wrote GBK
    "gb2312": "gb18030", "gbk": "gb18030", "cp936": "gb18030", "x-gbk": "gb18030", "gb18030": "gb18030", "gb_2312-80": "gb18030",
    "euc-cn": "gb18030", "x-euc-cn": "gb18030", "gb-2312": "gb18030", "936": "gb18030", "windows-936": "gb18030",
    "big5": "cp950", "big-5": "cp950", "x-x-big5": "cp950", "cn-big5": "cp950", "cp950": "cp950", "big5-hkscs": "big5hkscs",
    "big5hkscs": "big5hkscs", "utf-16": "utf-16", "utf-16le": "utf-16-le", "utf-16be": "utf-16-be", "utf-16-le": "utf-16-le",
    "utf-16-be": "utf-16-be", "utf-32": "utf-32", "shift_jis": "cp932", "shift-jis": "cp932", "sjis": "cp932", "euc-jp": "euc_jp",
    "euc-kr": "cp949", "iso-8859-1": "cp1252", "latin1": "cp1252", "windows-1252": "cp1252", "cp1252": "cp1252",
    "windows-1251": "cp1251", "windows-1258": "cp1258", "windows-874": "cp874", "tis-620": "cp874",
}
"""Names as pages declare them → Python's codec."""

SINGLE_BYTE = frozenset({"cp1252", "cp1251", "cp1258", "cp874"})
"""Charsets that decode any bytes: a declaration of one of them proves nothing."""

BOMS = (
    (b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe\x00\x00", "utf-32-le"), (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"),
)

_COMMON = {
    # GB 2312: punctuation, and the 3,755 characters of level 1, nearly all of any modern text
    "gb18030": ("gb2312", bytes([*range(0xA1, 0xA4), *range(0xB0, 0xD8)])),
    # Big5: punctuation, and the 5,401 characters of level 1
    "cp950": ("big5", bytes(range(0xA1, 0xC7))),
    "big5hkscs": ("big5", bytes(range(0xA1, 0xC7))),
}
"""Codec → the older charset with two bytes a character, and the first bytes of its everyday characters."""
_DECLARED = re.compile(
    rb"""(?: charset \s* = \s* ["']?        # <meta charset=...>, Content-Type, JS `charset = 'gbk'`
           | @charset \s+ ["']              # a style sheet
           | <\?xml [^>]{0,80}? encoding \s* = \s* ["']
         ) \s* ([A-Za-z0-9_:.-]{2,20})""",
    re.VERBOSE | re.IGNORECASE,
)
_EURO = 0x80  # alone in GBK text: the euro sign of Windows' code page 936
_DECLARED_WITHIN = 4096
"""Bytes: browsers look for a declaration in the first 1,024; pages with long heads need more."""


class Fit(NamedTuple):
    """How well bytes read as one charset."""

    good: int
    """Characters beyond ASCII."""
    bad: int
    """Bytes, or pairs of them, that belong to no character."""
    common: int
    """Of the good ones, those that are everyday characters in that charset."""

    @property
    def score(self) -> float:
        """From about -2 (none of it fits) to 1 (all of it everyday characters)."""
        return (self.common - 2 * self.bad) / max(1, self.good + self.bad)


def codec_for(name: str) -> str | None:
    """Python's codec for a charset's name as pages write it; ``None`` if it is none we read.

    >>> codec_for("GB2312"), codec_for("klingon")
    ('gb18030', None)
    """
    return CODECS.get(name.strip().lower())


def declared_in(data: bytes) -> str | None:
    """The codec for the charset a document declares at its beginning (HTML meta, XML declaration, style sheet, script)."""
    for found in _DECLARED.finditer(data[:_DECLARED_WITHIN]):
        codec = codec_for(found.group(1).decode("ascii"))
        if codec is not None:
            return codec
    return None


def fit(data: bytes, codec: str) -> Fit:
    """How well ``data`` reads in ``codec``; for other charsets half of the good characters count as everyday."""
    text = data.decode(codec, "forumclean")
    bad = text.count("\ufffd")
    beyond = "".join(re.findall("[^\x00-\x7f\ufffd]+", text))
    if codec == "utf-8":
        return Fit(len(beyond), bad, len(beyond))
    if codec not in _COMMON:
        return Fit(len(beyond), bad, len(beyond) // 2)
    table, everyday = _COMMON[codec]
    leads = beyond.encode(table, "ignore")[::2]
    return Fit(len(beyond), bad, len(leads) - len(leads.translate(None, everyday)))


def _replace(error: UnicodeError) -> tuple[str, int]:
    """U+FFFD for what belongs to no character, and the euro sign for its byte."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    if error.encoding == "gb18030" and error.object[error.start] == _EURO:
        return "€", error.start + 1
    return "\ufffd", error.end


codecs.register_error("forumclean", _replace)
