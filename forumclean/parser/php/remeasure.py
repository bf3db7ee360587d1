"""Lengths of serialized PHP texts, measured again.

``serialize`` writes the length of every string in bytes of the board's own encoding: ``s:8:"论坛公告";`` on a GBK board, ``s:12:…`` on a
UTF-8 one. After decoding, trimming or folding the text no number can be trusted. Here each string is measured as UTF-8 bytes, as GBK
bytes, else up to the next ``";`` behind which the text goes on as serialized; counts of entries are checked, not trusted.
"""

from __future__ import annotations

import html
import re

_MEASURED = 4096
"""Bytes: a longer string is not measured but ends at its closing quote, so that false lengths cost no time."""
MAX_DEPTH = 32
"""Nested arrays: no Discuz column goes deeper than five."""

_NEXT = r"""(?: N; | [bdirR]:[^;"{}]{1,40}; | s:\d{1,9}:" | a:\d{1,9}:\{ | O:\d{1,4}:" | \} | \s*\Z )"""
_TOKEN = re.compile(
    r"""
      (?P<close>  \} )
    | (?P<plain>  N; | b:[01]; | i:[+-]?\d{1,20}; | d:(?:-?INF|NAN|[-+0-9.eE]{1,40}); )
    | (?P<back>   [rR]:(?P<number>\d{1,9}); )
    | s: (?P<length>\d{1,9}) :"
    | (?P<array>  a: (?P<count>\d{1,9}) :\{ )
    | (?P<object> O: \d{1,4} :" (?P<name>[A-Za-z_\\\x7f-\U0010ffff][\w\\\x7f-\U0010ffff]{0,200}) ": (?P<members>\d{1,9}) :\{ )
    """,
    re.VERBOSE,
)
_STRING_END = re.compile(rf'";(?={_NEXT})', re.VERBOSE)
_QUOTED = re.compile(r"\b[sO]:\d{1,9}:&quot;")
"""Where the quotes of the notation itself are entities, the whole text was made HTML once."""
_CURLY = re.compile(r"(?<=\d:)[“”]|[“”](?=[;:])")
REFERENCE = "R:"
"""Name of the class that stands for a reference (``R:2;``) in re-measured text: no PHP class can have it."""


class DamagedError(ValueError):
    """The text is no serialized value, and cannot be made one without guessing."""


def remeasure(text: str) -> bytes:
    """A serialized text as UTF-8 with lengths that fit, ready for phpserialize; references are written as objects (``REFERENCE``).

    Raises ``DamagedError``: something is missing, counts do not fit, or it is nested too deep.

    >>> remeasure('a:1:{s:4:"论坛";i:5;}').decode()
    'a:1:{s:6:"论坛";i:5;}'
    """
    text = _undress(text.strip())
    out: list[str] = []
    open_counts: list[int] = []
    pos = 0
    while True:
        match = _TOKEN.match(text, pos)
        if match is None:
            raise DamagedError(f"nothing serialized at {pos}")
        pos = match.end()
        if match["close"]:
            if not open_counts or open_counts.pop() != 0:
                raise DamagedError("the count of entries does not fit")
            out.append("}")
        else:
            _check_place(match, open_counts)
            pos = _write(match, text, pos, out)
            if match["array"] or match["object"]:
                open_counts.append(2 * int(match["count"] or match["members"]))
                continue
        if not open_counts:
            break
    if text[pos:].strip():
        raise DamagedError("text goes on behind the value")
    return "".join(out).encode("utf-8", "surrogatepass")


def _undress(text: str) -> str:
    """Quotes of the notation that were made entities or curly, put back."""
    if _QUOTED.search(text, 0, 400):
        text = html.unescape(text)
    return _CURLY.sub('"', text) if "“" in text or "”" in text else text


def _check_place(match: re.Match[str], open_counts: list[int]) -> None:
    """A value takes a place in its array; in front of it stands a key, which is a number or a string."""
    if not open_counts:
        return
    open_counts[-1] -= 1
    left = open_counts[-1]
    if left < 0 or len(open_counts) > MAX_DEPTH:
        raise DamagedError("more entries than counted, or nested too deep")
    if left % 2 and not match["length"] and not match[0].startswith("i:"):
        raise DamagedError("a key is neither number nor string")


def _write(match: re.Match[str], text: str, pos: int, out: list[str]) -> int:
    """Write one token; returns where the next one begins."""
    if match["length"]:
        end = _string_end(text, pos, int(match["length"]))
        content = text[pos:end]
        out.append(f's:{_size(content, "utf-8")}:"{content}";')
        return end + 2
    if match["back"]:
        out.append(f'O:{len(REFERENCE)}:"{REFERENCE}":1:{{s:1:"n";i:{match["number"]};}}')
    elif match["object"]:
        name = match["name"]
        out.append(f'O:{_size(name, "utf-8")}:"{name}":{match["members"]}:{{')
    else:
        out.append(match[0])
    return pos


def _string_end(text: str, pos: int, length: int) -> int:
    """Where a string that says it has ``length`` bytes ends: the offset of its closing quote."""
    if length <= len(text) - pos:
        end = pos + length
        if text.startswith('";', end) and text[pos:end].isascii():
            return end
    for encoding in ("utf-8", "gb18030") if length <= _MEASURED else ():
        cut = text[pos : pos + length].encode(encoding, "replace")[:length]
        end = pos + len(cut.decode(encoding, "ignore"))
        if text.startswith('";', end) and _size(text[pos:end], encoding) == length:
            return end
    match = _STRING_END.search(text, pos)
    if match is None:
        raise DamagedError("a string has no end")
    return match.start()


def _size(text: str, encoding: str) -> int:
    return len(text.encode(encoding, "surrogatepass" if encoding == "utf-8" else "replace"))
