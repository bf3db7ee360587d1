"""Streams of gzip, bzip2, xz and zstd, unpacked as they are read. The door to zstandard.

All four behave alike: several members one after the other are one stream, zero bytes behind the last one are padding, other bytes behind it
are noted in ``trailing``. A stream that ends early or does not decompress ends where it is sound, and ``damage`` says so: a reader that
is filling its buffer would lose what it has to an exception.
"""

from __future__ import annotations

import bz2
import io
import lzma
import zlib
from typing import TYPE_CHECKING, Any, BinaryIO, cast

import zstandard

if TYPE_CHECKING:
    from collections.abc import Callable

    from forumclean.sources.budget import Budget

MEMORY = 256 * 10**6
"""Bytes that unpacking may need: ``xz -9`` needs 65 million, ``zstd --long`` 128."""
_CHUNK = 1 << 16
_ZSTD_CHUNK = 1 << 11  # its decompressor knows no limit, and a block of 4 bytes may hold 128 kB


class DamagedError(Exception):
    """The stream ends early, or cannot be unpacked: the message says which."""

    code = "damaged"
    """Of an ``Issue``."""


class CutError(DamagedError):
    """The stream ends early."""

    code = "truncated"


class _Deflate:
    """The interface of bz2 and lzma for zlib."""

    def __init__(self) -> None:
        self._inner = zlib.decompressobj(31)

    def decompress(self, data: bytes, limit: int) -> bytes:
        return self._inner.decompress(self._inner.unconsumed_tail + data, limit)

    @property
    def needs_input(self) -> bool:
        return not self._inner.unconsumed_tail

    @property
    def eof(self) -> bool:
        return self._inner.eof

    @property
    def unused_data(self) -> bytes:
        return self._inner.unused_data


class _Zstd:
    """The interface of bz2 and lzma for zstandard: what a chunk held over the limit is kept."""

    def __init__(self) -> None:
        self._inner: Any = zstandard.ZstdDecompressor(max_window_size=MEMORY).decompressobj()
        self._kept = memoryview(b"")

    def decompress(self, data: bytes, limit: int) -> bytes:
        if data:
            self._kept = memoryview(self._inner.decompress(data))
        out, self._kept = self._kept[:limit], self._kept[limit:]
        return bytes(out)

    @property
    def needs_input(self) -> bool:
        return not self._kept

    @property
    def eof(self) -> bool:
        return bool(self._inner.eof) and not self._kept

    @property
    def unused_data(self) -> bytes:
        return bytes(self._inner.unused_data)


_MAKE: dict[str, Callable[[], Any]] = {
    "gz": _Deflate, "bz2": bz2.BZ2Decompressor, "zst": _Zstd, "xz": lambda: lzma.LZMADecompressor(memlimit=MEMORY),
}
MAGIC = {"gz": (b"\x1f\x8b",), "bz2": (b"BZh",), "xz": (b"\xfd7zXZ\0",), "zst": (b"\x28\xb5\x2f\xfd", *(bytes((n,)) + b"\x2a\x4d\x18" for n in range(0x50, 0x60)))}
"""How each kind begins; a zstd stream may begin with a frame to be skipped."""
_LONGEST = 6
_ERRORS = (zlib.error, lzma.LZMAError, zstandard.ZstdError, OSError, ValueError)


class Unpacked(io.RawIOBase):
    """The content of a packed stream, forward only; wrap it in ``io.BufferedReader`` to read lines."""

    def __init__(
        self, stream: BinaryIO, kind: str, budget: Budget, *, single: bool = False, tell: Callable[[DamagedError], None] | None = None,
    ) -> None:
        """``kind``: ``gz``, ``bz2``, ``xz`` or ``zst``; ``single``: only the first member; ``tell`` is called with the damage, if any.

        Takes over ``stream`` and closes it.
        """
        self._single, self._tell = single, tell
        self._stream, self._kind, self._budget = stream, kind, budget
        self._codec: Any = None
        self._packed = b""
        self._at = 0
        self._members = 0
        self._over = False
        self.trailing = False
        """Whether something else follows the packed data."""
        self.damage: DamagedError | None = None
        """Why the stream ended before its end, once it has."""

    def readable(self) -> bool:
        """Yes."""
        return True

    def tell(self) -> int:
        """Unpacked bytes read so far."""
        return self._at

    def close(self) -> None:
        """Close the packed stream, too."""
        if not self.closed:
            self._stream.close()
        super().close()

    def readinto(self, buffer: Any) -> int:
        """Fill ``buffer`` as far as one step goes; 0 at the end. Raises BombError, OSError."""
        view = memoryview(buffer).cast("B")
        try:
            data = self._some(len(view)) if len(view) else b""
        except DamagedError as error:
            self.damage, data = error, b""
            if self._tell is not None:
                self._tell(error)
        view[:len(data)] = data
        self._at += len(data)
        self._budget.spend(len(data))
        return len(data)

    def _some(self, limit: int) -> bytes:
        """At least one byte, unless the stream is at its end."""
        while not self._over:
            if self._codec is None and not self._begin():
                break
            try:
                data = self._codec.decompress(self._feed(), limit)
            except _ERRORS as error:
                self._over = True
                raise DamagedError(f"is damaged: its {self._kind} data cannot be unpacked ({str(error)[:80]})") from error
            if self._codec.eof:
                self._packed = self._codec.unused_data + self._packed
                self._codec = None
            if data:
                return cast("bytes", data)
        return b""

    def _feed(self) -> bytes:
        """More packed bytes, if the codec is hungry."""
        if not self._codec.needs_input:
            return b""
        chunk = _ZSTD_CHUNK if self._kind == "zst" else _CHUNK
        if not self._packed:
            self._packed = self._stream.read(_CHUNK)
        if not self._packed:
            self._over = True
            raise CutError(f"is cut off: its {self._kind} data ends before its end")
        data, self._packed = self._packed[:chunk], self._packed[chunk:]
        return data

    def _begin(self) -> bool:
        """Begin the next member; False at the end of all."""
        while len(self._packed) < _LONGEST and (more := self._stream.read(_CHUNK)):
            self._packed += more
        if self._members and (self._single or not self._packed.startswith(MAGIC[self._kind])):
            self.trailing = bool(self._packed.strip(b"\0"))
            self._over = True
            return False
        self._members += 1
        self._codec = _MAKE[self._kind]()
        return True
