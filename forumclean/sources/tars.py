"""Members of a tar file, plain or packed. Links and devices are told, never followed or made."""

from __future__ import annotations

import tarfile
from typing import TYPE_CHECKING, Any, Self

from forumclean.settings import MAX_DOCUMENT
from forumclean.sources.boxes import BrokenError, Member, Part, Trouble, trouble
from forumclean.sources.spool import spool

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

    from forumclean.sources.boxes import Box

_PATIENCE = 64 * 2**20 // tarfile.BLOCKSIZE
"""Blocks in a row that are no header (a member whose header is damaged, padding) until the rest is given up."""


class _Headers(tarfile.TarInfo):
    """Counts what is passed over in search of the next header."""

    broken = 0
    in_a_row = 0

    @classmethod
    def fromtarfile(cls, tarfile: Any) -> Self:
        """The next header; raises the errors that tarfile takes for “look one block further”."""
        try:
            found = super().fromtarfile(tarfile)
        except Exception as error:
            _note(tarfile, error)
            raise
        tarfile.in_a_row = 0
        return found


def _note(tar: Any, error: Exception) -> None:
    tar.broken += type(error).__name__ in {"InvalidHeaderError", "TruncatedHeaderError"}
    tar.in_a_row += 1
    if tar.in_a_row > _PATIENCE:
        raise BrokenError("damaged", "is damaged: no further member was found in its next 64 MB")


class _Tar(tarfile.TarFile):
    """A tar file that is searched for its next header where one is damaged."""

    broken = 0
    in_a_row = 0


def members(box: Box) -> Iterator[Member | Trouble]:
    """Every file in the tar, in order. Raises BrokenError where it ends too early."""
    with box.open() as stream:
        try:
            mode: Any = "r|" if box.packing else "r:"
            bounded: Any = _Bounded(stream)
            tar = _Tar.open(None, mode, bounded, tarinfo=_Headers, ignore_zeros=True, errors="surrogateescape")
        except tarfile.TarError as error:
            raise BrokenError("damaged", f"is no whole tar file ({str(error)[:80]})") from error
        count = broken = 0
        while (info := _next(tar)) is not None:
            count += 1
            if tar.broken > broken:
                broken = tar.broken
                yield trouble(None, info.offset, "damaged", f"is damaged before byte {info.offset:,}: a member there is lost; the others are read")
            yield from _member(box, tar, info)
        if tar.broken > broken:
            yield trouble(None, None, "damaged", "is damaged behind its last member that could be read")
        elif not count:
            yield trouble(None, None, "empty", "is an empty tar file: there is nothing to store")


class _Bounded:
    """No single read takes more than a document may have: the length in a header is no reason to fill the memory."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    def read(self, size: int = -1) -> bytes:
        if not 0 <= size <= MAX_DOCUMENT:
            raise BrokenError("damaged", "is damaged: a header in it claims an impossible length")
        parts = []
        while size and (data := self._stream.read(size)):
            parts.append(data)
            size -= len(data)
        return b"".join(parts)

    def seek(self, offset: int, whence: int = 0) -> int:
        return self._stream.seek(offset, whence)

    def tell(self) -> int:
        return self._stream.tell()


def _next(tar: tarfile.TarFile) -> tarfile.TarInfo | None:
    """The next header; the list of members that tarfile keeps is emptied, it would grow with the container."""
    try:
        info = tar.next()
    except (tarfile.TarError, OverflowError, ValueError, RecursionError) as error:
        raise BrokenError("truncated", f"is cut off or damaged: {str(error)[:80]}") from error
    tar.members = []  # type: ignore[attr-defined]  # not declared, but what every reader of large tars empties
    return info


def _member(box: Box, tar: tarfile.TarFile, info: tarfile.TarInfo) -> Iterator[Member | Trouble]:
    name = _name(info.name)
    if info.isdir() or not box.wants(name):
        return
    if info.issym() or info.islnk():
        # a hard link names a member that was in the tar before, and was read there
        yield trouble(name, info.offset, "link", "is a link in a container: not followed", "info")
    elif not info.isreg():
        yield trouble(name, info.offset, "not-a-file", "is a device, a pipe or another special entry of the tar, not a file", "warning")
    elif box.packing is None and not info.issparse():
        yield _of(info, name, Part(box.open, info.offset_data, info.size), info.size)
    else:
        try:
            with tar.extractfile(info) as content:  # type: ignore[union-attr]  # it is a file
                box.budget.spend(info.size if info.issparse() else 0)
                size, opener = spool(content)  # type: ignore[arg-type]
        except tarfile.TarError as error:
            raise BrokenError("truncated", f"is cut off in {name}: {str(error)[:80]}") from error
        if size < info.size:
            raise BrokenError("truncated", f"is cut off in {name}")
        yield _of(info, name, opener, size)


def _of(info: tarfile.TarInfo, name: str, opener: Any, size: int) -> Member:
    seconds = info.mtime
    stated = isinstance(seconds, int | float) and 0 < seconds < 2**33
    return Member(name=name, open=opener, size=size, offset=info.offset, modified_ns=int(seconds * 10**9) if stated else None)


def _name(name: str) -> str:
    """A name that is no UTF-8 is GBK; if it is neither, tarfile's stand-ins for its bytes stay."""
    if name.isascii():
        return name
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        raw = name.encode("utf-8", "surrogateescape")
        try:
            return raw.decode("gb18030")
        except UnicodeDecodeError:
            return raw.decode("utf-8", "backslashreplace")
    return name
