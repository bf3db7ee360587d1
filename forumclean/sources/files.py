"""Files, folders and standard input: the files below every PATH.

Folders are walked in sorted order, one directory listing in memory at a time; hidden names are skipped; symbolic links are not
followed out of the folder, nor into folders at all (their content is reached by its own path, or lies elsewhere).
"""
# names may hold bytes that are no UTF-8: os keeps them as they are, and walks twice as fast as pathlib
# ruff: noqa: PTH116, PTH119, PTH123

from __future__ import annotations

import functools
import hashlib
import os
import re
import stat
import sys
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, BinaryIO, NamedTuple, Self

from forumclean.errors import UsageError
from forumclean.records import Issue, RawDocument, Ref
from forumclean.sources.reading import Unreadable, unreadable
from forumclean.sources.spool import spool

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence

STDIN = "-"
_CONTAINER = re.compile(
    r"\.(?:zip|tar|t[gbx]z|tzst|gz|bz2|xz|zst|warc|wet|jsonl|ndjson|mht|mhtml)$", re.IGNORECASE)
"""Names that are opened where only some names are asked for; what they are is decided by their bytes."""


class Wanted(NamedTuple):
    """Which names inside folders and containers are asked for: globs are matched against the relative path and against the bare name."""

    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    skip: frozenset[str] = frozenset()
    """Real paths of files never to be read."""

    @classmethod
    def of(cls, include: Sequence[str] = (), exclude: Sequence[str] = (), skip: Collection[str] = ()) -> Self:
        """As ``files`` takes them."""
        return cls(tuple(include), tuple(exclude), frozenset(os.path.realpath(path) for path in skip))

    @property
    def everything(self) -> bool:
        """Whether nothing is left out of folders and containers."""
        return not self.include and not self.exclude

    def takes(self, relative: str, path: str) -> bool:
        """Whether to read this file of a folder; one named like a container is opened for what it holds."""
        if path in self.skip or _matches(relative, self.exclude):
            return False
        return not self.include or _matches(relative, self.include) or _CONTAINER.search(relative) is not None

    def members_of(self, path: str) -> Callable[[str], bool]:
        """Which members to take of the container at this relative path: all that are not left out, if it is asked for itself."""
        asked = not self.include or _matches(path, self.include)
        return lambda name: not _matches(name, self.exclude) and (asked or _matches(name, self.include))


def _matches(relative: str, globs: Sequence[str]) -> bool:
    if not globs:
        return False
    name = relative.rpartition("/")[2]
    return any(fnmatchcase(relative, glob) or fnmatchcase(name, glob) for glob in globs)


def check(paths: Sequence[str]) -> None:
    """Raise UsageError naming the first of ``paths`` that does not exist; called before anything is written."""
    for path in paths:
        if path != STDIN and not os.path.lexists(path):
            raise UsageError(f"{printable(path)}: no such file or folder")


def files(paths: Sequence[str], wanted: Wanted = Wanted()) -> Iterator[RawDocument | Unreadable]:  # noqa: B008 - a frozen record
    """Every file under ``paths`` in a fixed order, containers unopened; and every input that is none, with its issue.

    ``paths``: files, folders (read recursively) or ``-``. Files named as PATH are always read. Nothing is opened here. Raises UsageError as
    ``check`` does.
    """
    check(paths)
    for path in paths:
        if path == STDIN:
            yield _standard_input()
        else:
            yield from _path(path, wanted)


def printable(path: str) -> str:
    r"""Make a file name that can be printed and stored: bytes that are no UTF-8 become ``\xNN``.

    >>> printable("a\udcff.txt")
    'a\\xff.txt'
    """
    return path if path.isascii() else os.fsencode(path).decode("utf-8", "backslashreplace")


def _path(path: str, wanted: Wanted) -> Iterator[RawDocument | Unreadable]:
    real = os.path.realpath(path)
    try:
        status = os.stat(real)
    except OSError as error:
        yield Unreadable(_ref(os.path.basename(path), real, None), unreadable(error))
        return
    if stat.S_ISDIR(status.st_mode):
        yield from _folder(real, wanted)
    elif real not in wanted.skip:
        yield _file(os.path.basename(os.path.normpath(path)), real, status)


def _folder(root: str, wanted: Wanted) -> Iterator[RawDocument | Unreadable]:
    """Depth first, names sorted; a stack instead of recursion, so that the depth of the tree does not matter."""
    stack = [_entries(root, "", root)]
    while stack:
        item = next(stack[-1], None)
        if item is None:
            stack.pop()
        elif isinstance(item, Unreadable):
            yield item
        elif item.is_dir(follow_symlinks=False):
            stack.append(_entries(item.path, os.path.relpath(item.path, root), root))
        elif (found := _entry(item, root, wanted)) is not None:
            yield found


def _entries(folder: str, relative: str, root: str) -> Iterator[os.DirEntry[str] | Unreadable]:
    """The visible entries of one folder, sorted by name; an unreadable folder is an issue."""
    try:
        with os.scandir(folder) as listing:
            entries = sorted((entry for entry in listing if not entry.name.startswith(".")), key=lambda entry: entry.name)
    except OSError as error:
        yield Unreadable(_ref(relative or os.path.basename(root), folder, None), unreadable(error))
        return
    yield from entries


def _entry(entry: os.DirEntry[str], root: str, wanted: Wanted) -> RawDocument | Unreadable | None:
    """A file of a folder as a document; ``None`` for what is not asked for or reached by another path."""
    relative = entry.path[len(root.rstrip(os.sep)) + 1 :]
    path = os.path.realpath(entry.path) if entry.is_symlink() else entry.path
    if not wanted.takes(printable(relative.replace(os.sep, "/")), path):
        return None
    try:
        if entry.is_symlink():
            return _link(entry, path, relative, root)
        return _file(relative, entry.path, entry.stat(follow_symlinks=False))
    except OSError as error:
        return Unreadable(_ref(relative, entry.path, None), unreadable(error))


def _link(entry: os.DirEntry[str], target: str, relative: str, root: str) -> RawDocument | Unreadable | None:
    """A symbolic link to a file inside the folder is read; links elsewhere, or to nothing, are issues."""
    if os.path.commonpath([target, root]) != root:
        issue = Issue(
            level="info", stage="source", code="link-outside",
            message="a symbolic link out of the folder is not followed; name its target as a PATH of its own to read it",
        )
        return Unreadable(_ref(relative, entry.path, None), issue)
    status = os.stat(target)
    return None if stat.S_ISDIR(status.st_mode) else _file(relative, entry.path, status)


def _file(relative: str, path: str, status: os.stat_result) -> RawDocument | Unreadable:
    ref = _ref(relative, path, status)
    if not stat.S_ISREG(status.st_mode):
        issue = Issue(
            level="error", stage="source", code="not-a-file",
            message="is a pipe, socket or device, not a file; write its content to a file, or pipe it in and give - as PATH",
        )
        return Unreadable(ref, issue)
    if not os.access(path, os.R_OK):
        return Unreadable(ref, unreadable(PermissionError(13, "Permission denied")))
    return RawDocument(ref=ref, open=functools.partial(_open, path), size=status.st_size)


def _open(path: str) -> BinaryIO:
    return open(path, "rb")


def _ref(relative: str, path: str, status: os.stat_result | None) -> Ref:
    """``path`` is absolute."""
    return Ref(
        path=printable(relative.replace(os.sep, "/")), place=hashlib.sha256(os.fsencode(path)).hexdigest()[:32],
        size=None if status is None else status.st_size, mtime_ns=None if status is None else status.st_mtime_ns,
    )


def _standard_input() -> RawDocument | Unreadable:
    try:
        if sys.stdin is None:
            raise OSError(9, "standard input is closed")  # noqa: TRY301 - told like any other input that cannot be read
        size, opener = spool(sys.stdin.buffer)
    except OSError as error:
        return Unreadable(Ref(path=STDIN), unreadable(error))
    return RawDocument(ref=Ref(path=STDIN, size=size), open=opener, size=size)
