"""Members of a zip file, opened where they lie. Names that are no UTF-8 are GBK, as old Windows programs wrote them."""

from __future__ import annotations

import io
import struct
import zipfile
from typing import TYPE_CHECKING, BinaryIO, cast

from forumclean.sources.boxes import BrokenError, Member, Trouble, trouble
from forumclean.sources.budget import is_bomb

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from forumclean.sources.boxes import Box

_ENCRYPTED = 0x1
_UTF8 = 0x800
_LOCAL = struct.Struct("<4s22xHH")
_HEAD = struct.Struct("<4sHHHLLLLHH")
"""The head of a member: mark, version, flags, method, DOS time, checksum, sizes packed and unpacked, lengths of name and extra fields."""
_SIZES_BEHIND = 0x8
_SIZES_ELSEWHERE = 0xFFFFFFFF
_TIMESTAMP = 0x5455
"""Extra field “UT” of Info-ZIP: the modification time in UTC; DOS times are of an unknown zone."""
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA}
_LINK = 0o120000
_OFFICE = {"[Content_Types].xml", "mimetype", "META-INF/MANIFEST.MF", "AndroidManifest.xml"}
"""Names that make a zip an office file, a book or a program: one document, not a container of pages."""


class _Entry:
    """Opens one member; goes to other processes as it is."""

    def __init__(self, opener: Callable[[], BinaryIO], info: zipfile.ZipInfo) -> None:
        self._opener, self._info = opener, info

    def __call__(self) -> BinaryIO:
        stream = self._opener()
        try:
            stream.seek(self._info.header_offset)
            head = stream.read(_LOCAL.size)
            if len(head) < _LOCAL.size or not head.startswith(b"PK\x03\x04"):
                raise OSError(5, "nothing lies where the zip's directory says")  # noqa: TRY301 - closed like every other failure
            _, name, extra = _LOCAL.unpack(head)
            stream.seek(name + extra, io.SEEK_CUR)
            inner = zipfile.ZipExtFile(cast("io.BufferedReader", stream), "r", self._info, None, close_fileobj=True)
        except BaseException:
            stream.close()
            raise
        return io.BufferedReader(_Told(inner))


class _Told(io.RawIOBase):
    """A member whose damage is an OSError like any other."""

    def __init__(self, inner: zipfile.ZipExtFile) -> None:
        self._inner = inner

    def readable(self) -> bool:
        return True

    def close(self) -> None:
        if not self.closed:
            self._inner.close()
        super().close()

    def readinto(self, buffer: object) -> int:
        view = memoryview(buffer).cast("B")  # type: ignore[arg-type]  # what io hands over is a buffer
        try:
            data = self._inner.read1(len(view))
        except OSError:
            raise
        except Exception as error:  # zlib.error, lzma.LZMAError, BadZipFile (checksum), EOFError
            raise OSError(5, f"damaged in its zip: {str(error)[:80]}") from error
        view[:len(data)] = data
        return len(data)


def members(box: Box) -> Iterator[Member | Trouble]:
    """Every file in the zip, in the order of its directory. If there is no directory: those at its beginning that are whole; raises BrokenError then."""
    broken = None
    with box.open() as stream:
        try:
            entries = zipfile.ZipFile(stream).infolist()
        except Exception as error:  # noqa: BLE001 - BadZipFile, struct.error, ValueError, NotImplementedError: many faults, one meaning
            broken = BrokenError("damaged", f"is no whole zip file ({str(error)[:80]}): cut off, or damaged; download or pack it again")
            entries = list(_whole(stream))
    if not entries and broken is None:
        yield trouble(None, None, "empty", "is an empty zip file: there is nothing to store")
    seen: set[str] = set()
    for info in entries:
        name = _name(info)
        if name.endswith("/") or not box.wants(name):
            continue
        if (fault := _fault(info)) is not None:
            yield trouble(name, info.header_offset, *fault)
            continue
        if name in seen:
            yield trouble(name, info.header_offset, "duplicate-name", "is the name of several members of this zip: each is read", "info")
        seen.add(name)
        box.budget.spend(info.file_size)
        yield Member(
            name=name, open=_Entry(box.open, info), size=info.file_size, offset=info.header_offset, modified_ns=_modified(info.extra))
    if broken is not None:
        raise broken


def _whole(stream: BinaryIO) -> Iterator[zipfile.ZipInfo]:
    """The members at the beginning of a zip that lost its directory, by their own heads, as long as these state sizes and all of it is there."""
    end = stream.seek(0, io.SEEK_END)
    at = 0
    while at + _HEAD.size <= end:
        stream.seek(at)
        mark, _, flags, method, _, crc, packed, size, name_length, extra_length = _HEAD.unpack(stream.read(_HEAD.size))
        behind = at + _HEAD.size + name_length + extra_length + packed
        if mark != b"PK\x03\x04" or flags & _SIZES_BEHIND or _SIZES_ELSEWHERE in (packed, size) or not name_length or behind > end:
            return
        name = stream.read(name_length).decode("utf-8" if flags & _UTF8 else "cp437", "replace")
        info = zipfile.ZipInfo(name)
        info.header_offset, info.flag_bits, info.compress_type, info.extra = at, flags, method, stream.read(extra_length)
        info.CRC, info.compress_size, info.file_size = crc, packed, size
        yield info
        at = behind


def is_office_file(stream: BinaryIO) -> bool:
    """Whether the first member of a zip says that it is a document of an office program, a book, or a program."""
    head = stream.read(_LOCAL.size)
    if len(head) < _LOCAL.size:
        return False
    _, name, _ = _LOCAL.unpack(head)
    return stream.read(name).decode("latin-1") in _OFFICE


def _fault(info: zipfile.ZipInfo) -> tuple[str, str] | tuple[str, str, str] | None:
    """Why a member cannot be read: code and message of the issue."""
    if info.external_attr >> 16 & 0o170000 == _LINK:
        return "link", "is a symbolic link in a container: not followed", "info"
    if info.flag_bits & _ENCRYPTED:
        return "encrypted", "is encrypted: unpack it with its password, and name the folder"
    if info.compress_type not in _METHODS:
        return "compression", f"is packed by a method that is not read (number {info.compress_type}): unpack it, and name the folder"
    if is_bomb(info.file_size, info.compress_size):
        return "bomb", f"claims to unpack from {info.compress_size:,} to {info.file_size:,} bytes: not read"
    return None


def _name(info: zipfile.ZipInfo) -> str:
    """The name as it was meant: UTF-8 if it says so or is, else GBK (GB18030), else what the zip format says (code page 437)."""
    if info.flag_bits & _UTF8 or info.filename.isascii():
        return info.filename
    raw = info.filename.encode("cp437", "replace")
    for codec in ("utf-8", "gb18030"):
        try:
            return raw.decode(codec)
        except UnicodeDecodeError:
            continue
    return info.filename


def _modified(extra: bytes) -> int | None:
    while len(extra) >= 4:  # noqa: PLR2004 - number and length of a field
        number, length = struct.unpack_from("<HH", extra)
        if number == _TIMESTAMP and length >= 5 and len(extra) >= 9 and extra[4] & 1:  # noqa: PLR2004 - flags and one time
            return int(struct.unpack_from("<i", extra, 5)[0]) * 10**9
        extra = extra[4 + length:]
    return None
