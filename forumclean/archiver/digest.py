"""Digests of what is stored of a document, in two parts: what the parser read, and what the scrubber made of it.

So that a document can be scrubbed again by newer rules and still be known: a second reading that finds the same rows changes nothing.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

HALF = 32
"""Hex digits of either part."""


class Digest:
    """Of one document, row by row, as ``sources.digest`` holds it."""

    __slots__ = ("_read", "_scrubbed")

    def __init__(self) -> None:
        """Nothing is stored yet."""
        self._read, self._scrubbed = hashlib.sha256(), hashlib.sha256()

    def read(self, rows: Iterable[tuple[Any, ...]]) -> None:
        """What the parser read, in the order in which it is stored."""
        self._read.update(_said(rows))

    def scrubbed(self, rows: Iterable[tuple[int, str | None, str | None, str | None]]) -> None:
        """Of posts with a text: ordinal, content hash, cuts, doubts; in the order of the page."""
        self._scrubbed.update(_said(rows))

    def text(self) -> str:
        """Both parts."""
        return self._read.hexdigest()[:HALF] + self.scrubbed_text()

    def scrubbed_text(self) -> str:
        """The second part alone."""
        return self._scrubbed.hexdigest()[:HALF]


def _said(rows: Iterable[tuple[Any, ...]]) -> bytes:
    # strings as they are: to write them as Python would takes as long as to store them
    return "".join(
        ["\x1f".join(["'" + value if value.__class__ is str else repr(value) for value in row]) for row in rows]).encode("utf-8", "surrogatepass")
