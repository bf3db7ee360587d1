"""What all containers have in common: a box is opened, members and troubles come out of it, one at a time.

A reader of a kind of container is a function ``(Box) -> Iterator[Member | Trouble]``. It raises ``BrokenError`` where nothing more can be
read; what it gave before stays. Its members are opened where they lie, if the box is a file on the disk; those of a packed stream are
held until nobody needs them any more.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple

from forumclean.records import Issue

if TYPE_CHECKING:
    from collections.abc import Callable

    from forumclean.records import Level
    from forumclean.sources.budget import Budget
    from forumclean.sources.unpack import DamagedError


class BrokenError(Exception):
    """The container cannot be read any further."""

    def __init__(self, code: str, message: str) -> None:
        """As of an ``Issue``."""
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A container to be read."""

    open: Callable[[], BinaryIO]
    """A fresh stream of its content at the beginning: of the file itself, or already unpacked."""
    size: int
    """Bytes as it lies on the disk."""
    packing: str | None
    """``gz``, ``bz2``, ``xz``, ``zst``: ``open`` gives a forward-only stream; ``None``: one that seeks, and is cheap to open again."""
    budget: Budget
    wants: Callable[[str], bool]
    """Whether a member of this name is asked for; it may be a container, so this is no promise that it is a document."""
    damages: list[DamagedError] = field(default_factory=list)
    """Gains the damage of its packing, when that is met: the stream just ends there."""
    raw: Callable[[], BinaryIO]
    """A fresh stream of the file itself, packed as it is; it seeks. ``size`` bytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One document in a container."""

    name: str
    open: Callable[[], BinaryIO]
    size: int
    offset: int | None = None
    """Where it begins in the container."""
    modified_ns: int | None = None
    """Its own modification time, where the container states it in UTC."""
    more: dict[str, Any] = field(default_factory=dict)
    """Further fields of ``RawDocument``: url, captured_at, http_status, media_type, charset."""
    leaf: bool = False
    """True: it is a document, and never opened as a container (records of crawlers and corpora)."""


class Trouble(NamedTuple):
    """Something about one member, or the container (name ``None``), that is worth an issue."""

    name: str | None
    offset: int | None
    issue: Issue


def trouble(name: str | None, offset: int | None, code: str, message: str, level: Level = "error") -> Trouble:
    """A trouble with its issue, in short."""
    return Trouble(name, offset, Issue(level=level, stage="source", code=code, message=message))


class Window(io.RawIOBase):
    """A part of a stream that seeks, as a stream of its own that seeks, too."""

    def __init__(self, stream: BinaryIO, start: int, size: int) -> None:
        """Take over ``stream``; the part begins at byte ``start``."""
        self._stream, self._start, self._size, self._at = stream, start, size, 0
        stream.seek(start)

    def readable(self) -> bool:
        """Yes."""
        return True

    def seekable(self) -> bool:
        """Yes."""
        return True

    def tell(self) -> int:
        """Bytes from the beginning of the part."""
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to a place in the part; beyond its end there is nothing to read."""
        self._at = max(0, offset + (0, self._at, self._size)[whence])
        self._stream.seek(self._start + self._at)
        return self._at

    def close(self) -> None:
        """Close the inner stream, too."""
        if not self.closed:
            self._stream.close()
        super().close()

    def readinto(self, buffer: Any) -> int:
        """Raises OSError if the inner stream ends too early."""
        view = memoryview(buffer).cast("B")[:max(0, self._size - self._at)]
        data = self._stream.read(len(view)) if len(view) else b""
        if len(view) and not data:
            raise OSError(5, "the file that holds it ends before it does")
        view[:len(data)] = data
        self._at += len(data)
        return len(data)


class Part:
    """Opens a part of a file; goes to other processes as it is."""

    def __init__(self, opener: Callable[[], BinaryIO], start: int, size: int) -> None:
        """``opener`` gives a stream that seeks."""
        self._opener, self._start, self._size = opener, start, size

    def __call__(self) -> BinaryIO:
        """A fresh stream of the part."""
        return io.BufferedReader(Window(self._opener(), self._start, self._size))
