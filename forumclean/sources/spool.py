"""A stream that can be read only once, kept so that it can be opened again: in memory while small, else in a temporary file."""

from __future__ import annotations

import contextlib
import io
import os
import shutil
import tempfile
import weakref
from typing import TYPE_CHECKING, BinaryIO

from forumclean.settings import BLOCK

if TYPE_CHECKING:
    from collections.abc import Callable

IN_MEMORY = 8 * BLOCK
"""Bytes: more than that goes to a temporary file."""


class Held:
    """Opens bytes held in memory."""

    def __init__(self, data: bytes) -> None:
        """Hold ``data``."""
        self._data = data

    def __call__(self) -> BinaryIO:
        """A fresh stream of them."""
        return io.BytesIO(self._data)


class _Spooled:
    """Opens a temporary file that lives as long as this object, or the process."""

    def __init__(self, path: str) -> None:
        self._path = path
        weakref.finalize(self, _remove, path, os.getpid())

    def __call__(self) -> BinaryIO:
        return open(self._path, "rb")  # noqa: PTH123 - the caller closes it


def spool(stream: BinaryIO, limit: int = IN_MEMORY) -> tuple[int, Callable[[], BinaryIO]]:
    """Read ``stream`` to its end; return its length in bytes and what opens it again at the beginning, as often as asked.

    Raises OSError if the stream cannot be read or the temporary file cannot be written.
    """
    head = stream.read(limit + 1)
    if len(head) <= limit:
        return len(head), Held(head)
    with tempfile.NamedTemporaryFile(prefix="forumclean-", delete=False) as file:
        kept = _Spooled(file.name)
        file.write(head)
        shutil.copyfileobj(stream, file, BLOCK)
        return file.tell(), kept


def _remove(path: str, process: int) -> None:
    """Delete the file, but not from a forked worker whose parent still needs it."""
    if os.getpid() == process:
        with contextlib.suppress(OSError):
            os.unlink(path)  # noqa: PTH108 - at exit, with as little machinery as possible
