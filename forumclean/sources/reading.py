"""The bytes of a document, and their fingerprint, a block at a time."""

from __future__ import annotations

# ruff: noqa: PTH116, PTH123 - names may hold bytes that are no UTF-8, see files
import hashlib
import os
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

from forumclean.records import Issue
from forumclean.settings import BLOCK

if TYPE_CHECKING:
    from forumclean.records import RawDocument, Ref


_SMALL = 64 * 1024
"""Bytes that are asked for at least, whatever a container says of a document's size."""


class File:
    """Opens a file of the disk; goes to other processes as it is."""

    __slots__ = ("path",)

    def __init__(self, path: str) -> None:
        """``path`` is absolute."""
        self.path = path

    def __call__(self) -> BinaryIO:
        """A fresh stream. Raises OSError."""
        return open(self.path, "rb")


class Unreadable(NamedTuple):
    """An input that cannot become a document, and why."""

    ref: Ref
    issue: Issue


def fingerprint(document: RawDocument) -> str:
    """SHA-256 of the whole document (64 hex digits), read in blocks of 1 MB at most so that no giant file is held in memory.

    Raises OSError if the document cannot be read: ``unreadable`` makes an issue of it.
    """
    digest = hashlib.sha256()
    wanted = min(BLOCK, max(document.size + 1, _SMALL))  # a buffer of that size is made for it
    with document.open() as stream:
        while block := stream.read(wanted):
            digest.update(block)
    return digest.hexdigest()


def still(document: RawDocument) -> bool:
    """Whether the file of a document is as it was when it was listed, by size and time; a file that is gone was at least not written to.

    Documents that are no files of their own (members of containers, standard input) are taken as they are.
    """
    if not isinstance(document.open, File) or document.ref.member is not None or document.ref.offset is not None:
        return True
    try:
        status = os.stat(document.open.path)
    except OSError:  # gone
        return True
    return state(status) == (document.ref.size, document.ref.mtime_ns)


def state(status: os.stat_result) -> tuple[int, int]:
    """Size in bytes and time in nanoseconds since 1970 of a file, as ``Ref`` holds them.

    Nanoseconds have 64 bits in an archive, which end in 2262; file systems know later times, and clocks without a battery write them.
    """
    return status.st_size, min(max(status.st_mtime_ns, -(2**63)), 2**63 - 1)


def unreadable(error: OSError) -> Issue:
    """The issue for an input that could not be opened or read to its end."""
    if isinstance(error, FileNotFoundError):
        return Issue(level="error", stage="source", code="unreadable", message="is not there any more, or a link that leads nowhere")
    why = (error.strerror or type(error).__name__).lower()
    return Issue(level="error", stage="source", code="unreadable", message=f"cannot be read ({why}); check its permissions and the disk")
