"""What both readers of WARC records give."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping


class RecordError(Exception):
    """What should be a record is none: the one before it has a wrong length, or bytes are damaged."""


class Record(NamedTuple):
    """A record of a WARC file."""

    offset: int
    """Where it begins: in the packed file if each record is packed by itself, else in the unpacked stream."""
    type: str
    """``response``, ``request``, ``conversion``, …"""
    headers: Mapping[str, str]
    """Names in lower case."""
    length: int
    """Bytes of its block, as stated."""
    block: bytes
    """Empty for one that is too large."""

    @property
    def url(self) -> str | None:
        """What it is a capture of; old versions of wget put it in angle brackets."""
        return self.headers.get("warc-target-uri", "").strip().strip("<>") or None
