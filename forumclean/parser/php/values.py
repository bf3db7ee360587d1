"""What a printed PHP value is made of, and its leaves.

PHP's ``print_r`` prints every scalar as bare text, so a scalar is a ``str`` here: ``1`` may have been 1, "1" or true; an empty text may
have been "", null or false. What the printed text does not tell is not guessed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from forumclean.records import Leaf

PATHS = 64 * 10**6
"""Code points: paths of one value together never grow beyond about this (nesting without end makes paths of square size)."""

WINDOW = 8192
"""Code points behind a closing bracket in which a further entry proves that the bracket belonged to a value."""
LONG_TEXTS = frozenset({"description", "rules", "message", "signature", "sightml", "content"})
"""Keys whose values run over several lines: where a block breaks off in one of them, the following lines are taken as its value."""


@dataclass(frozen=True, slots=True)
class PhpArray:
    """A printed array or object: its entries in printed order, keys as printed (``x:protected`` keeps its suffix)."""

    entries: list[tuple[str, PhpValue]]
    class_name: str | None = None
    """The class of an object; ``None`` for an array."""

    def get(self, key: str) -> PhpValue | None:
        """The value of the first entry with this key, ``None`` where there is none."""
        return next((value for name, value in self.entries if name == key), None)


@dataclass(frozen=True, slots=True)
class Recursion:
    """``*RECURSION*``: PHP stopped here because the array or object is being printed already."""

    class_name: str | None = None


PhpValue: TypeAlias = str | PhpArray | Recursion


class Block(NamedTuple):
    """One printed array or object in a text: ``text[start:end]`` from its header to the bracket that closes it."""

    start: int
    end: int
    value: PhpArray
    complete: bool = True
    """False: the text ended, or went on as something else, before the brackets were closed."""


class Found(NamedTuple):
    """What a strategy (``indented``, ``stripped``, ``oneline``) read behind a header: a ``Block`` without its start."""

    end: int
    value: PhpArray
    complete: bool
    looked: int = 0
    """How far the text was looked at, where the block is not complete."""


def escape_key(key: str) -> str:
    r"""A key as one part of a path.

    >>> print(escape_key("a.b"))
    a\.b
    """
    if "." in key or "\\" in key:
        return key.replace("\\", "\\\\").replace(".", "\\.")
    return key


def leaves(value: PhpArray) -> list[Leaf]:
    """All leaves of a value in printed order: dotted paths, text exactly as held; see ``Leaf`` for how empty ones look.

    Nested beyond any sense (paths of more than ``PATHS`` code points together) an array is given as a leaf of type ``array`` or
    ``object`` without its inside; ``walk`` tells whether that happened.

    >>> leaves(PhpArray([("fid", "2"), ("types", PhpArray([("7", "讨论")])), ("sorts", PhpArray([]))]))[1:]
    [Leaf(path='types.7', value='讨论', type='text', decoded=False), Leaf(path='sorts', value=None, type='array', decoded=False)]
    """
    return walk(value)[0]


def walk(value: PhpArray, prefix: str = "") -> tuple[list[Leaf], bool]:
    """``leaves`` below a path prefix (ending in ``.``), and whether all of them were given."""
    out: list[Leaf] = []
    whole, budget = True, PATHS
    stack = [(prefix, iter(value.entries))]
    while stack:
        prefix, rest = stack[-1]
        for key, item in rest:
            path = prefix + (escape_key(key) if "." in key or "\\" in key else key)
            if isinstance(item, str):
                out.append(Leaf(path, item, "text"))
            elif isinstance(item, PhpArray) and item.entries and budget >= 0:
                budget -= len(path) * len(item.entries)
                stack.append((path + ".", iter(item.entries)))
                break
            else:
                whole = whole and not (isinstance(item, PhpArray) and item.entries)
                out.append(_bare(path, item))
        else:
            stack.pop()
    return out, whole


def _bare(path: str, item: PhpValue) -> Leaf:
    if isinstance(item, PhpArray):
        return Leaf(path, None, "array" if item.class_name is None else "object")
    return Leaf(path, "*RECURSION*", "recursion")


def class_of(header: PhpValue) -> str | None:
    """What a header announces: the class of an object, ``""`` for an array, ``None`` if this is no header but a value.

    >>> class_of("Array"), class_of("stdClass Object"), class_of("an Object lesson")
    ('', 'stdClass', None)
    """
    if header == "Array":
        return ""
    if isinstance(header, str) and header.endswith(" Object") and " " not in header[:-7]:
        return header[:-7] or None
    return None
