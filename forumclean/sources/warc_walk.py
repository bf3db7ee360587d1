"""From record to record through a WARC file, past those that are damaged.

A wrong Content-Length shows only behind the record: so each record is held back until the next one has begun as it should. If it has not,
the held record's own end is looked at; if that is where it states, the fault is the next one's. Then the next place where a record begins
is searched for.
"""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, NamedTuple

from forumclean.settings import BLOCK, MAX_DOCUMENT
from forumclean.sources.boxes import BrokenError
from forumclean.sources.budget import Budget
from forumclean.sources.kinds import packing_of
from forumclean.sources.unpack import MAGIC, Unpacked
from forumclean.sources.warc_record import Record, RecordError

try:
    from forumclean.sources import warc_fast as door
except ImportError:  # no wheel for this machine
    from forumclean.sources import warc_io as door  # type: ignore[no-redef]

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator
    from typing import BinaryIO

    from forumclean.sources.boxes import Box

_BEGIN = re.compile(rb"(?=WARC/1\.\d\r?\n(?:WARC|Content)-)")
_HEADER_END = re.compile(rb"\r?\n\r?\n")
_TRIES = 100
"""So often a file packed as one stream is read again from its beginning to find the next record; then it is given up."""

unbrotli = door.unbrotli


class Lost(NamedTuple):
    """A record that cannot be read."""

    offset: int
    why: str


class _Stop(NamedTuple):
    """Where a walk had to stop."""

    offset: int
    why: str
    exact: bool = True
    """False: the lost one begins somewhere behind the sound record at ``offset``."""


class Walk:
    """The records of one WARC file."""

    def __init__(self, box: Box) -> None:
        """Find out whether its records are packed one by one: only then can one be opened by its offset."""
        self._box = box
        self.by_offset = box.packing is None or _one_by_one(box)
        """Whether ``at`` works."""
        self._tries = 0

    def at(self, offset: int) -> Record:
        """Read the record at ``offset`` again. Raises RecordError, OSError."""
        with self._open(offset) as stream:
            for record in door.records(stream):
                return record
        raise RecordError("no record there")

    def __iter__(self) -> Iterator[Record | Lost]:
        """Every record, and what was lost between. Raises BrokenError, OSError where nothing more can be read."""
        start: int | None = 0
        while start is not None:
            stop = yield from self._from(start)
            if stop is None:
                return
            start = self._next(stop.offset + 1)
            if stop.exact or start is None or self._reads(start):
                yield Lost(stop.offset, stop.why)

    def _from(self, start: int) -> Generator[Record, None, _Stop | None]:
        """Records from ``start`` to the end, or to the first that is lost, which is the result."""
        held: Record | None = None
        with self._open(start) as stream:
            try:
                for record in door.records(stream):
                    if held is not None:
                        yield held
                    held = record
                    if record.length > MAX_DOCUMENT and not self._sound(record):
                        return _Stop(record.offset, "its length is not what it states")
                    if record.length <= MAX_DOCUMENT and len(record.block) < record.length:
                        return _Stop(record.offset, "it is cut off, or its length is not what it states")
            except RecordError as error:
                if held is None:
                    return _Stop(start, f"it cannot be read ({str(error)[:60]})")
                if not self._sound(held):
                    return _Stop(held.offset, "its length is not what it states")
                yield held
                return _Stop(held.offset, "what follows it is no record", exact=False)
        if held is not None:
            yield held
        return None

    def _reads(self, offset: int) -> bool:
        """Whether a record can be read there; if not, it is told as lost when its turn comes."""
        try:
            return self.at(offset).length >= 0
        except RecordError:
            return False

    def _open(self, offset: int) -> BinaryIO:
        """A stream that stands at the record that begins at ``offset``."""
        if self.by_offset:
            stream = self._box.raw()
            stream.seek(offset)
            return stream
        stream = self._box.open()
        while stream.tell() < offset and stream.read(min(BLOCK, offset - stream.tell())):
            pass
        return stream

    def _sound(self, record: Record) -> bool:
        """Whether a record ends where it states: with two line ends, or with the file."""
        if not self.by_offset:
            return False
        with self._open(record.offset) as raw:
            kind = packing_of(raw.read(4))
            raw.seek(record.offset)
            stream = raw if kind is None else io.BufferedReader(Unpacked(raw, kind, Budget(self._box.size)))
            head = stream.read(1 << 16)
            end = _HEADER_END.search(head)
            left = record.length - (len(head) - end.end()) if end else 0
            tail = head[end.end() + record.length:][:4] if end else b""
            while left > 0 and (data := stream.read(min(left, BLOCK))):
                left -= len(data)
            return end is not None and left <= 0 and (tail + stream.read(4 - len(tail))).lstrip(b"\r\n") == b""

    def _next(self, offset: int) -> int | None:
        """Where the next record begins, at ``offset`` or behind it; ``None``: nowhere."""
        if not self.by_offset:
            self._tries += 1
            if self._tries > _TRIES:
                raise BrokenError("damaged", f"is damaged in over {_TRIES} places, and packed as one stream")
        with self._open(offset) as stream:
            packed = self._box.packing is not None and self.by_offset
            at, rest = offset, b""
            while block := stream.read(BLOCK):
                data = rest + block
                for found in _candidates(data, self._box.packing if packed else None):
                    if not packed or _unpacks_to_record(data[found:], str(self._box.packing)):
                        return at + found
                rest = data[-64:]
                at += len(data) - len(rest)
        return None


def _candidates(data: bytes, packing: str | None) -> Iterator[int]:
    if packing is None:
        yield from (found.end() for found in _BEGIN.finditer(data))
        return
    magic = MAGIC[packing][0]
    at = data.find(magic)
    while at >= 0:
        yield at
        at = data.find(magic, at + 1)


def _unpacks_to_record(data: bytes, packing: str) -> bool:
    return io.BufferedReader(Unpacked(io.BytesIO(data[:4096]), packing, Budget(0)), 16).read(5) == b"WARC/"


def _one_by_one(box: Box) -> bool:
    """Whether the first packed member holds a single record."""
    with box.raw() as raw, io.BufferedReader(Unpacked(raw, str(box.packing), Budget(box.size), single=True)) as stream:
        head = stream.read(16 * BLOCK)
    return len(_BEGIN.findall(head)) < 2  # noqa: PLR2004 - a second record
