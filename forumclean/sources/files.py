"""Files, folders and standard input: the files below every PATH.

Folders are walked in sorted order, one directory listing in memory at a time; hidden names are skipped; symbolic links are not
followed out of the folder, nor into folders at all (their content is reached by its own path, or lies elsewhere).
"""
# names may hold bytes that are no UTF-8: os keeps them as they are, and walks twice as fast as pathlib
# ruff: noqa: PTH116, PTH118, PTH119

from __future__ import annotations

import hashlib
import os
import re
import stat
import sys
from collections.abc import Callable, Sequence
from fnmatch import fnmatchcase
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple, Self

from forumclean.errors import UsageError
from forumclean.records import Issue, RawDocument, Ref
from forumclean.sources.reading import File, Unreadable, state, unreadable
from forumclean.sources.spool import spool

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

STDIN = "-"
AT_ONCE = 500
"""Files of a folder that are looked at together."""
_ENCODING, _ERRORS = sys.getfilesystemencoding(), sys.getfilesystemencodeerrors()
FileState = tuple[str, int, int]
"""Place of a file (see ``Ref``), its size in bytes, its time in nanoseconds since 1970."""
Unchanged = Callable[[Sequence[FileState]], Sequence[bool]]
"""Tells of each file whether it was read before and is as it was then."""
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

    def all_but(self, path: str) -> bool:
        """Whether no globs need to be matched, and this is no file never to be read."""
        return not self.include and not self.exclude and path not in self.skip

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


def files(
    paths: Sequence[str], wanted: Wanted = Wanted(), unchanged: Unchanged | None = None,  # noqa: B008 - a frozen record
) -> Iterator[RawDocument | Unreadable]:
    """Every file under ``paths`` in a fixed order, containers unopened; and every input that is none, with its issue.

    ``paths``: files, folders (read recursively) or ``-``. Files named as PATH are always read. Nothing is opened here. ``unchanged`` is asked
    about the files of folders, many at a time, and those it knows are left out: of a folder that grows most are. Raises UsageError as
    ``check`` does.
    """
    check(paths)
    for path in paths:
        if path == STDIN:
            yield _standard_input()
        else:
            yield from _path(path, wanted, unchanged)


def is_below(paths: Sequence[str], path: str, place: str) -> bool:
    """Whether ``path`` and ``place`` (see ``Ref``) are those of one of ``paths``, or of what lies in one that is a folder."""
    roots = [os.path.realpath(root) for root in paths if root != STDIN]
    return any(_place(where) == place for root in roots for where in (root, os.path.join(root, path)))


def printable(path: str) -> str:
    r"""Make a file name that can be printed and stored: bytes that are no UTF-8 become ``\xNN``.

    >>> printable("a\udcff.txt")
    'a\\xff.txt'
    """
    return path if path.isascii() else os.fsencode(path).decode("utf-8", "backslashreplace")


def _path(path: str, wanted: Wanted, unchanged: Unchanged | None) -> Iterator[RawDocument | Unreadable]:
    real = os.path.realpath(path)
    try:
        status = os.stat(real)
    except OSError as error:
        yield Unreadable(_ref(os.path.basename(path), real, None), unreadable(error))
        return
    if stat.S_ISDIR(status.st_mode):
        yield from _folder(_Tree(real, wanted, unchanged))
    elif real not in wanted.skip:
        yield _file(os.path.basename(os.path.normpath(path)), real, status)


class _Tree(NamedTuple):
    """A folder given as PATH."""

    root: str
    wanted: Wanted
    unchanged: Unchanged | None

    def relative(self, path: str) -> str:
        """The path of what lies in it, as it is stored."""
        return path[len(self.root.rstrip(os.sep)) + 1 :]


def _folder(tree: _Tree) -> Iterator[RawDocument | Unreadable]:
    """Depth first, names sorted; a stack instead of recursion, so that the depth of the tree does not matter."""
    stack = [_listed(tree.root, tree)]
    while stack:
        item = next(stack[-1], None)
        if item is None:
            stack.pop()
        elif isinstance(item, str):
            stack.append(_listed(item, tree))
        else:
            yield item


def _listed(folder: str, tree: _Tree) -> Iterator[RawDocument | Unreadable | str]:
    """What is in one folder, sorted by name: the paths of folders, and the files that are asked for. An unreadable folder is an issue."""
    try:
        with os.scandir(folder) as listing:
            entries = sorted([entry for entry in listing if entry.name[0] != "."], key=attrgetter("name"))
    except OSError as error:
        yield Unreadable(_ref(tree.relative(folder) or os.path.basename(tree.root), folder, None), unreadable(error))
        return
    for start in range(0, len(entries), AT_ONCE):
        some = entries[start : start + AT_ONCE]
        if tree.unchanged is not None:
            some = _changed(some, tree, tree.unchanged)
        for entry in some:
            if entry.is_dir(follow_symlinks=False):
                yield entry.path
            elif (found := _entry(entry, tree)) is not None:
                yield found


def _changed(entries: list[os.DirEntry[str]], tree: _Tree, unchanged: Unchanged) -> list[os.DirEntry[str]]:
    """Leave out the files that are as they were. They are looked at as little as can be: names, sizes and times."""
    wanted = tree.wanted
    asked: list[int] = []
    states: list[FileState] = []
    for number, entry in enumerate(entries):
        try:
            if not entry.is_file(follow_symlinks=False) or not (wanted.all_but(entry.path) or _takes(tree, entry.path, entry.path)):
                continue
            status = entry.stat(follow_symlinks=False)
        except OSError:
            continue  # said when it is its turn
        asked.append(number)
        states.append((_place(entry.path), *state(status)))
    known = {number for number, is_known in zip(asked, unchanged(states), strict=True) if is_known} if asked else ()
    return [entry for number, entry in enumerate(entries) if number not in known] if known else entries


def _takes(tree: _Tree, entry: str, path: str) -> bool:
    return tree.wanted.takes(printable(tree.relative(entry).replace(os.sep, "/")), path)


def _entry(entry: os.DirEntry[str], tree: _Tree) -> RawDocument | Unreadable | None:
    """A file of a folder as a document; ``None`` for what is not asked for or reached by another path."""
    path = os.path.realpath(entry.path) if entry.is_symlink() else entry.path
    if not _takes(tree, entry.path, path):
        return None
    relative = tree.relative(entry.path)
    try:
        if entry.is_symlink():
            return _link(entry, path, relative, tree.root)
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
    return RawDocument(ref=ref, open=File(path), size=status.st_size)


def _ref(relative: str, path: str, status: os.stat_result | None) -> Ref:
    """``path`` is absolute."""
    size, mtime_ns = (None, None) if status is None else state(status)
    return Ref(path=printable(relative.replace(os.sep, "/")), place=_place(path), size=size, mtime_ns=mtime_ns)


def _place(path: str) -> str:
    """See ``Ref.place``; ``path`` is absolute."""
    return hashlib.sha256(path.encode(_ENCODING, _ERRORS)).hexdigest()[:32]


def _standard_input() -> RawDocument | Unreadable:
    try:
        if sys.stdin is None:
            raise OSError(9, "standard input is closed")  # noqa: TRY301 - told like any other input that cannot be read
        size, opener = spool(sys.stdin.buffer)
    except OSError as error:
        return Unreadable(Ref(path=STDIN), unreadable(error))
    return RawDocument(ref=Ref(path=STDIN, size=size), open=opener, size=size)
