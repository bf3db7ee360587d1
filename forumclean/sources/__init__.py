"""Bytes and where they came from: files, folders, containers, standard input. Streams; opens nothing before it is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from forumclean.sources.containers import expand
from forumclean.sources.counting import count
from forumclean.sources.files import Wanted, check, files, is_below
from forumclean.sources.reading import Unreadable, fingerprint, still, unreadable

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from forumclean.records import RawDocument

__all__ = ["Unreadable", "Wanted", "check", "count", "documents", "expand", "files", "fingerprint", "is_below", "still", "unreadable"]


def documents(
    paths: Sequence[str], *, include: Sequence[str] = (), exclude: Sequence[str] = (), skip: Collection[str] = (),
) -> Iterator[RawDocument | Unreadable]:
    """Every document under ``paths`` in a fixed order, and every input that is none, with its issue.

    ``paths``: files, folders (read recursively), containers (zip, tar, WARC, JSON lines, …) or ``-``. ``include`` and ``exclude``: globs for
    what lies in folders and containers, on the relative path or on the bare name; files named as PATH are always read. ``skip``: paths of
    single files never to be read (the archive itself). Take the documents one at a time: those of packed containers are held in memory.
    Raises UsageError for a path that does not exist.
    """
    wanted = Wanted.of(include, exclude, skip)
    for item in files(paths, wanted):
        if isinstance(item, Unreadable):
            yield item
        else:
            yield from expand(item, wanted.members_of(item.ref.path))
