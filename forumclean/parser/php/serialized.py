"""Serialized PHP values inside other values, decoded into leaves. The only module that imports phpserialize.

Discuz keeps several columns serialized (``formulaperm``, ``extra``, D4–D7 also ``postcredits`` and kin; source: forumfield table and its
loader). Nothing of what they name is instantiated: an object becomes the list of its members.
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from forumclean.parser.php.remeasure import REFERENCE, DamagedError, remeasure
from forumclean.parser.php.values import escape_key
from forumclean.records import Issue, Leaf

LONGEST = 128 * 1024
"""Code points: a longer text is left as it is (a MySQL text column holds 64 kB)."""
_ONION = 3
"""Serialized strings inside serialized strings are decoded this deep."""
_LOOKS = re.compile(r'\s*(?:a:\d{1,9}:\{|O:\d{1,4}:(?:["“]|&quot;))')


class _Object(NamedTuple):
    name: str
    members: dict[Any, Any]


class _Pairs(list[tuple[Any, Any]]):
    """An array as its pairs: order and doubles kept."""


def looks_serialized(text: str) -> bool:
    """True if a text begins like a serialized array or object.

    >>> looks_serialized('a:1:{i:0;s:0:"";}'), looks_serialized("a: 1")
    (True, False)
    """
    return _LOOKS.match(text) is not None


def decode_serialized(path: str, text: str) -> tuple[list[Leaf], Issue | None]:
    """The leaves inside a serialized text, below the path of the leaf that holds it; an issue where it cannot be decoded.

    Lengths that do not fit are measured again (``remeasure``). Leaves are marked ``decoded`` and typed as the text says.

    >>> decode_serialized("extra", 'a:1:{s:9:"iconwidth";s:2:"60";}')[0]
    [Leaf(path='extra.iconwidth', value='60', type='text', decoded=True)]
    """
    found = _decode(text)
    if isinstance(found, str):
        message = f"{path}: serialized value kept as text, it cannot be decoded ({found})"
        return [], Issue(level="warning", stage="parse", code="serialized-damaged", message=message)
    return [Leaf(f"{path}.{inner}", value, kind, decoded=True) for inner, value, kind in found], None


_Inner = tuple[tuple[str, str | None, str], ...]


def _decode(text: str) -> _Inner | str:
    """Paths, texts and types of what is inside, or why that cannot be told."""
    if len(text) > LONGEST:
        return f"longer than {LONGEST} characters"
    try:
        value = _load(text)
    except DamagedError as reason:
        return str(reason)
    out: list[tuple[str, str | None, str]] = []
    _unfold("", value, out, _ONION)
    return tuple(out)


def _load(text: str) -> Any:
    import phpserialize  # noqa: PLC0415 - the start of the program should not pay for it

    data = remeasure(text)
    try:
        return phpserialize.loads(data, errors="surrogatepass", decode_strings=True, object_hook=_Object, array_hook=_Pairs)
    except (ValueError, TypeError) as error:
        raise DamagedError(str(error)) from error


def _unfold(path: str, value: Any, out: list[tuple[str, str | None, str]], onion: int) -> None:
    """Collect the leaves of one decoded value (nested no deeper than ``remeasure`` lets through)."""
    if isinstance(value, _Object) and value.name == REFERENCE:
        out.append((path, f"R:{value.members['n']}", "recursion"))
    elif isinstance(value, (_Object, _Pairs)):
        pairs = value.members.items() if isinstance(value, _Object) else value
        for key, item in pairs:
            name = escape_key(_member(str(key)) if isinstance(value, _Object) else str(key))
            _unfold(f"{path}.{name}" if path else name, item, out, onion)
        if not pairs and path:
            out.append((path, None, "object" if isinstance(value, _Object) else "array"))
    else:
        out.append((path, *_scalar(value)))
        if isinstance(value, str) and onion and looks_serialized(value) and len(value) <= LONGEST:
            _peel(path, value, out, onion - 1)


def _peel(path: str, text: str, out: list[tuple[str, str | None, str]], onion: int) -> None:
    """A serialized string inside a decoded one; where it cannot be decoded it simply stays text."""
    try:
        value = _load(text)
    except DamagedError:
        return
    if value:
        _unfold(path, value, out, onion)


def _scalar(value: Any) -> tuple[str | None, str]:
    if value is None:
        return None, "null"
    if isinstance(value, bool):
        return ("1" if value else "0"), "bool"
    if isinstance(value, int):
        return str(value), "int"
    if isinstance(value, float):
        return repr(value).replace("inf", "INF").replace("nan", "NAN"), "float"
    return value, "text"


def _member(key: str) -> str:
    """The name of a member as print_r writes it: ``x:protected``, ``x:Class:private``."""
    if not key.startswith("\0"):
        return key
    owner, _, name = key[1:].partition("\0")
    return f"{name}:protected" if owner == "*" else f"{name}:{owner}:private"
