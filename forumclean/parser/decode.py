r"""Bytes to text: which charset, how that is known, and what had to be replaced. The door to resiliparse.

A charset is never believed, it is proved: a byte order mark, then what the document declares, then what decodes without a fault.
What the web calls gb2312 or gbk is read as GB18030, as browsers do. Line ends become ``\n`` here, once and for all: offsets of
everything that follows are of this text. Nothing else is changed.
"""

from __future__ import annotations

import codecs
import io
import re
from typing import TYPE_CHECKING, NamedTuple

from forumclean.errors import UsageError
from forumclean.parser.charsets import BOMS, SINGLE_BYTE, codec_for, declared_in, fit
from forumclean.parser.twice import once
from forumclean.records import Issue
from forumclean.settings import BLOCK, SNIFF

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

_NATIVE = {"utf-8": b"\xef\xbf\xbd", "gb18030": b"\x84\x31\xa4\x37"}
"""How U+FFFD itself is written: a character that was in the input is no replacement."""
_DAMAGED = 10
"""So many good characters for each bad sequence: the charset is right, the bytes are damaged."""
_FITS = 0.7
"""Share of everyday characters from which a reading is sure; mojibake stays under 0.5, prose is over 0.9."""
_TWO_BYTE, _PLENTY, _SURELY = frozenset({"gb18030", "cp950"}), 50, 0.95
"""A declared charset in which so many characters are everyday ones, and none is damaged, needs no comparison."""
_MUCH = 0.2
_LONE_RETURN = re.compile(rb"\r(?!\n)")
_HIGH = re.compile(rb"[\x80-\xff]")
_HIGH_RUN = re.compile(rb"[\x80-\xff]{4,64}")
# what stands before it is asked behind its first byte: so it is searched for seven times as fast
_UTF8_WORD = re.compile(rb"[\xe2-\xef](?<![\x80-\xff].)[\x80-\xbf]{2}(?:[\xe2-\xef][\x80-\xbf]{2})+(?![\x80-\xff])")
"""Two or more characters of three bytes, and nothing else, between ASCII: chance makes few of them out of GBK or Big5."""
_PLAIN = re.compile("[\t\r\n -~\xa0-\xff\u2010-\u2027\u3000-\u30ff\u4e00-\u9fff\uff00-\uffef]")


_COMMON_NAMES = {"cp950": "big5", "big5hkscs": "big5", "cp1252": "windows-1252"}
_TWICE = Issue(
    level="info", stage="decode", code="encoded-twice", message="was encoded as UTF-8 twice: read as it was meant; --encoding utf-8 reads it as it stands")


class Decoded(NamedTuple):
    """Text, the charset it was read in, how that was known (``Page.encoding_how``), and what is doubtful about it."""

    text: str
    encoding: str
    how: str
    issues: tuple[Issue, ...] = ()
    utf8: bytes | None = None
    """The text as UTF-8, where the input had it so already: spares the next reader to encode it."""


class Charset(NamedTuple):
    """The charset of a document: Python's codec and how it was known."""

    codec: str
    how: str
    skip: int = 0
    """Bytes of byte order mark before the text."""

    @property
    def name(self) -> str:
        """Its common name."""
        return _COMMON_NAMES.get(self.codec, self.codec)


def decode(data: bytes, forced: str | None = None, hint: str | None = None) -> Decoded:
    """Decode a whole document; ``forced`` is the user's ``--encoding``, ``hint`` what its container states. Never fails on bytes.

    Bytes that belong to no character (cut in half, damaged) become U+FFFD, lines in another charset than the rest are read in
    theirs; both are reported as issues. Raises UsageError for a ``forced`` name that is no charset.

        >>> decode("<meta charset=gb2312>朱镕基".encode("gbk"))[:3]
        ('<meta charset=gb2312>朱镕基', 'gb18030', 'declared')
    """
    charset, text, utf8 = _prove(data, forced, hint)
    strangers = replaced = 0
    if text is None:
        data = data[charset.skip:] if charset.skip else data
        text, strangers = _read(data if charset.codec.startswith("utf-") else _unix(data), charset)
        if "\ufffd" in text:
            replaced = text.count("\ufffd") - data.count(_NATIVE.get(charset.codec, b"\xff" * 8))
    if "\r" in text:
        text, utf8 = text.replace("\r\n", "\n").replace("\r", "\n"), None
    issues = (_mixed(strangers, charset),) if strangers else ()
    if charset.codec == "utf-8" and charset.how != "forced" and (meant := once(text)) is not None:
        text, utf8, issues = meant, None, (*issues, _TWICE)
    if replaced > 0:
        issues = (*issues, _cut_bytes(replaced, charset))
    return Decoded(text, charset.name, charset.how, issues, utf8)


def find_charset(data: bytes, forced: str | None = None, hint: str | None = None) -> Charset:
    """Find the charset of ``data`` (a document or its beginning). Raises UsageError as ``decode`` does.

    A ``hint`` is a declaration where the document makes none itself; bytes that are UTF-8 and stated to be are believed.
    """
    return _prove(data, forced, hint)[0]


def _prove(data: bytes, forced: str | None, hint: str | None) -> tuple[Charset, str | None, bytes | None]:
    """The charset; and where that is UTF-8 without a fault or a mark, which only reading it shows: the text, and its bytes with ``_unix`` lines."""
    if forced is not None:
        codec = codec_for(forced)
        if codec is None:
            raise UsageError(f"--encoding {forced}: no such charset; try utf-8, gb18030 or big5")
        return Charset(codec, "forced"), None, None
    for mark, codec in BOMS:
        if data.startswith(mark):
            return Charset(codec, "bom", len(mark)), None, None
    hinted = codec_for(hint) if hint else None
    declared = declared_in(data) or hinted
    if (wide := _wide(data)) is not None:
        return Charset(wide, "guessed"), None, None
    utf8 = Charset("utf-8", "declared" if declared == "utf-8" else "proved")
    plain = _unix(data)
    if (text := _strict(plain, "utf-8")) is not None:
        if declared and hinted != "utf-8" and _by_accident(data, declared):
            return Charset(declared, "declared"), None, None
        return utf8, text, plain
    sample = _sample(data)
    fits = not _plainly(sample, declared) and _damaged_utf8(data, sample)
    return (utf8 if fits else _legacy(sample, declared)), None, None


def _plainly(sample: bytes, declared: str | None) -> bool:
    """Whether bytes are so plainly in the two-byte charset they declare that no other can fit better: most pages of old boards."""
    if declared not in _TWO_BYTE or declared is None:
        return False
    found = fit(sample, declared)
    return found.good >= _PLENTY and not found.bad and found.score >= _SURELY


def _damaged_utf8(data: bytes, sample: bytes) -> bool:
    """Whether bytes that are no UTF-8 are so because of damage."""
    found = fit(sample, "utf-8")
    return found.good >= _DAMAGED * found.bad or (found.good > found.bad and _strict(_trimmed(data), "utf-8") is not None)


class DecodedStream:
    """A document too large to hold, as text in pieces; iterate once, then ``issues`` is complete."""

    def __init__(self, stream: BinaryIO, charset: Charset) -> None:
        """Take a binary stream at its beginning, and the charset found in its first bytes."""
        self._stream, self._charset, self._replaced = stream, charset, 0

    def __iter__(self) -> Iterator[str]:
        r"""Give the text in pieces of about a megabyte, line ends made ``\n`` across their borders."""
        inner = codecs.getincrementaldecoder(self._charset.codec)("forumclean")
        decoder = io.IncrementalNewlineDecoder(inner, translate=True)
        self._stream.read(self._charset.skip)
        while block := self._stream.read(BLOCK):
            yield self._counted(decoder.decode(block))
        yield self._counted(decoder.decode(b"", final=True))

    @property
    def issues(self) -> tuple[Issue, ...]:
        """What had to be replaced so far."""
        return (_cut_bytes(self._replaced, self._charset),) if self._replaced else ()

    def _counted(self, text: str) -> str:
        self._replaced += text.count("\ufffd")
        return text


def _read(data: bytes, charset: Charset) -> tuple[str, int]:
    """The text, and how many lines were in another charset."""
    codec, text = charset.codec, _strict(data, charset.codec)
    if charset.how in {"forced", "bom"} or codec.startswith("utf-16"):
        return (data.decode(codec, "forumclean") if text is None else text), 0
    torn = 0 if codec == "utf-8" else _torn(data, codec)
    if text is not None and not torn and (codec == "utf-8" or not _UTF8_WORD.search(data)):
        return text, 0
    lines, strangers = [], 0
    for line in data[torn:].split(b"\n"):
        read, strange = _line(line, codec)
        lines.append(read)
        strangers += strange
    return "\ufffd" * torn + "\n".join(lines), strangers


def _line(line: bytes, codec: str) -> tuple[str, bool]:
    """One line's text, and whether it was in another charset than its document."""
    if line.isascii():
        return line.decode("ascii"), False
    if codec == "utf-8":
        if (text := _strict(line, codec)) is not None:
            return text, False
        found = fit(line, codec)
        others: tuple[str, ...] = () if found.good > 2 * found.bad else ("gb18030", "cp950")
    else:
        others = ("utf-8",)
    for other in others:
        text = _strict(line, other)
        # two characters of three bytes each are no accident; a single one may be
        if text is not None and sum(char > "\u07ff" for char in text) > 1 and fit(line, other).score > _FITS:
            return text, True
    return line.decode(codec, "forumclean"), False


def _legacy(sample: bytes, declared: str | None) -> Charset:
    """The charset of bytes that are no UTF-8: the declared one, the detector's or the usual ones, whichever fits best."""
    if declared is not None and _plainly(sample, declared):
        return Charset(declared, "declared")
    from resiliparse.parse.encoding import detect_encoding  # noqa: PLC0415 - most runs never meet a legacy page

    detected = codec_for(detect_encoding(sample) or "")
    bonus = {detected: 0.05, declared: 0.1}
    tried = dict.fromkeys([codec for codec in (declared, detected) if codec and codec not in SINGLE_BYTE] + ["gb18030", "cp950"])
    fits = {codec: fit(sample, codec) for codec in tried}
    best = max(fits, key=lambda codec: fits[codec].score + bonus.get(codec, 0))
    if best == "cp950" and fits[best].bad and (hk := fit(sample, "big5hkscs")).bad < fits[best].bad:
        best, fits["big5hkscs"] = "big5hkscs", hk
    single = next((codec for codec in (declared, detected) if codec in SINGLE_BYTE), None)
    if single is not None and fits[best].score < _FITS:
        return Charset(single, "declared" if single == declared else "guessed")
    if declared is not None and declared in {best, {"big5hkscs": "cp950"}.get(best)}:
        return Charset(best, "declared")
    return Charset(best, "proved" if fits[best].bad == 0 and fits[best].score > _FITS else "guessed")


def _sample(data: bytes) -> bytes:
    """The first part of ``data`` that has something to tell: from a little before its first byte beyond ASCII."""
    first = _HIGH.search(data)
    start = 0 if first is None or first.start() < SNIFF // 2 else first.start()
    return data[start:start + SNIFF]


def _unix(data: bytes) -> bytes:
    """``data`` with line ends of one byte, as far as all of them are Windows' (a byte of a wider character is never a return)."""
    return data.replace(b"\r", b"") if b"\r" in data and _LONE_RETURN.search(data) is None else data


def _trimmed(data: bytes) -> bytes:
    """``data`` without a character cut in half at either end."""
    return data.lstrip(bytes(range(0x80, 0xC0)))[:-1].rstrip(bytes(range(0x80, 0x100)))


def _torn(data: bytes, codec: str) -> int:
    """1 if a document of two-byte characters begins in the middle of one: read from the next byte, its first words fit much better."""
    run = _HIGH_RUN.match(data)
    if run is None:
        return 0
    even = (len(run[0]) - 1) // 2 * 2
    return int(fit(run[0][1:even + 1], codec).score > fit(run[0][:even], codec).score + _MUCH)


def _wide(data: bytes) -> str | None:
    """UTF-16 without a mark: most zero bytes are in the upper halves, and what is read so looks like text."""
    head = data[: SNIFF // 4 * 2]
    if b"\0" not in head or (zeros := head.count(0)) * 50 < len(head):
        return None
    in_odd = head[1::2].count(0)
    codec, share = ("utf-16-le", in_odd) if in_odd * 2 > zeros else ("utf-16-be", zeros - in_odd)
    text = head[: len(head) // 2 * 2].decode(codec, "replace")
    plain = len(_PLAIN.findall(text))
    return codec if share * 3 >= zeros * 2 and plain * 10 >= len(text) * 9 else None


def _by_accident(data: bytes, declared: str) -> bool:
    """A page that declares GBK or Big5 and has so few characters beyond ASCII that they happen to be UTF-8, too."""
    if declared not in {"gb18030", "cp950"} or data.isascii() or len(data) > SNIFF:
        return False
    return max(data.decode("utf-8")) < "\u0800" and fit(data, declared).score > _FITS


def _strict(data: bytes, codec: str) -> str | None:
    try:
        return data.decode(codec)
    except UnicodeDecodeError:
        return None


def _cut_bytes(count: int, charset: Charset) -> Issue:
    return Issue(
        level="warning", stage="decode", code="cut-bytes",
        message=f"{count} places hold bytes that are no {charset.name} character (cut in half or damaged): replaced by U+FFFD",
    )


def _mixed(count: int, charset: Charset) -> Issue:
    return Issue(
        level="warning", stage="decode", code="mixed-encodings",
        message=f"{count} lines are not in {charset.name} as the rest is: each was read in the charset it fits",
    )
