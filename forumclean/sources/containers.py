"""Files to documents: containers are opened, and what they hold is handed out member by member.

What a file is, its first bytes decide. Containers in containers are opened to a small depth and share one budget, so that no bomb goes
off. A member that cannot be read costs that member; a container that is cut off gives what came before. Nothing is ever unpacked
under a name that a container chose.
"""

from __future__ import annotations

import functools
import io
import re
from dataclasses import replace
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

from forumclean.records import Issue, RawDocument
from forumclean.sources import jsonl, mhtml, tars, warcs, zips
from forumclean.sources.boxes import Box, BrokenError, Member, trouble
from forumclean.sources.budget import DEPTH, BombError, Budget
from forumclean.sources.kinds import HEAD, kind_of, packing_of
from forumclean.sources.reading import Unreadable, unreadable
from forumclean.sources.spool import spool
from forumclean.sources.unpack import DamagedError, Unpacked

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from forumclean.records import Ref
    from forumclean.sources.boxes import Trouble

    Taken = Callable[[str], bool]

_READERS: dict[str, Callable[[Box], Iterator[Member | Trouble]]] = {
    "zip": zips.members, "tar": tars.members, "warc": warcs.members, "jsonl": jsonl.members, "mhtml": mhtml.members,
}
_SEEKING = {"zip", "mhtml"}
"""Kinds that cannot be read as a stream: packed once more, they are unpacked first."""
_UNSAFE = re.compile(r"^[/\\]|^[A-Za-z]:|(?:^|[/\\])\.\.(?:[/\\]|$)|\x00")
_HIDDEN = re.compile(r"(?:^|/)(?:\.(?!\.?(?:[/\\]|$))|__MACOSX/)")
"""Hidden names, and what one system adds to every zip, are skipped as in folders."""
_URL = re.compile(r"https?://")
_SUFFIX = re.compile(r"\.(?:gz|bz2|xz|zst|gzip|zstd)$", re.IGNORECASE)


class _Place(NamedTuple):
    """Where in the nest of containers we are."""

    ref: Ref
    depth: int
    budget: Budget
    takes: Taken


def expand(document: RawDocument, takes: Taken = lambda _name: True) -> Iterator[RawDocument | Unreadable]:
    """The documents in a file: itself, unless it is a container; then all its members that ``takes`` (given their name) wants.

    Never raises for bad input: that is an ``Unreadable``, of a member or of the container. Memory does not grow with the container; members of
    packed containers are held in memory as long as their ``RawDocument`` is, so take them one at a time.
    """
    place = _Place(document.ref, 0, Budget(document.size), takes)
    try:
        yield from _expand(document, place)
    except BombError:
        message = "unpacks to far more than pages ever do: a bomb, or not a thing of ours; the rest of it is not read"
        yield Unreadable(document.ref, Issue(level="error", stage="source", code="bomb", message=message))


def _expand(document: RawDocument, place: _Place) -> Iterator[RawDocument | Unreadable]:
    """As ``expand``, somewhere in the nest. Raises BombError."""
    try:
        with document.open() as stream:
            head, seeks = stream.read(HEAD), stream.seekable()
        packing, damages = packing_of(head), list[DamagedError]()
        box = Box(
            open=document.open if packing is None else functools.partial(_unpacking, document.open, packing, place.budget, damages),
            raw=document.open, size=document.size, packing=packing, budget=place.budget, damages=damages,
            wants=lambda name: _HIDDEN.search(name) is None and place.takes(name),
        )
        if packing is not None:
            with box.open() as stream:
                head = stream.read(HEAD)
        kind = kind_of(box.open, head)
    except OSError as error:
        yield Unreadable(document.ref, unreadable(error))
        return
    if kind is None and packing is None:
        yield document
    elif place.depth >= DEPTH:
        yield _broken(document.ref, "nested-too-deep", f"is a container in {DEPTH} containers: not opened")
    elif kind is None or (packing is not None and kind in _SEEKING):
        yield from _unpacked(document, box, place)
    elif not seeks:
        yield from _kept(document, place)
    else:
        yield from _members(document, box, kind, place)


def _unpacking(opener: Callable[[], BinaryIO], packing: str, budget: Budget, damages: list[DamagedError]) -> BinaryIO:
    return io.BufferedReader(Unpacked(opener(), packing, budget, tell=damages.append), 1 << 17)


def _unpacked(document: RawDocument, box: Box, place: _Place) -> Iterator[RawDocument | Unreadable]:
    """A single file that is packed: it may be a container again."""
    try:
        with box.open() as stream:
            size, opener = spool(stream)
            trailing = stream.raw.trailing  # type: ignore[attr-defined]  # an Unpacked
    except OSError as error:
        yield Unreadable(document.ref, unreadable(error))
        return
    if box.damages:
        # a page that is cut: its last post would be, too
        yield _broken(document.ref, box.damages[-1].code, f"{box.damages[-1]}: nothing of it is stored; get it again")
        return
    if trailing:
        yield _broken(document.ref, "trailing-bytes", "goes on with other bytes behind its packed data: these are not read", "warning")
    name = _SUFFIX.sub("", (document.ref.member or document.ref.path).rpartition("/")[2]) or "content"
    ref = _ref(place.ref, box.packing or "", name, None)
    inner = replace(document, ref=ref, open=opener, size=size)
    for item in _expand(inner, place._replace(ref=ref, depth=place.depth + 1)):
        if item is not inner or place.takes(name):
            yield item


def _kept(document: RawDocument, place: _Place) -> Iterator[RawDocument | Unreadable]:
    """A container that lies packed in another: kept apart, so that it can be opened anywhere."""
    try:
        with document.open() as stream:
            size, opener = spool(stream)
    except OSError as error:
        yield Unreadable(document.ref, unreadable(error))
        return
    yield from _expand(replace(document, open=opener, size=size), place)


def _members(document: RawDocument, box: Box, kind: str, place: _Place) -> Iterator[RawDocument | Unreadable]:
    container = kind if box.packing is None else f"{kind}.{box.packing}"
    box.damages.clear()  # of looking at its first bytes
    before = ""
    try:
        for found in _READERS[kind](box):
            before = "; what came before is read"
            ref = _ref(place.ref, container, found.name, found.offset)
            if not isinstance(found, Member):
                yield Unreadable(ref, found.issue)
                continue
            if not found.leaf and _UNSAFE.search(found.name):
                message = "has a name that leads out of its container: it is read, and nothing is ever written under that name"
                yield _broken(ref, "unsafe-name", message, "warning")
            yield from _document(found, ref, place)
    except OSError as error:
        yield Unreadable(document.ref, unreadable(error))
    except BrokenError as error:
        if not box.damages:
            yield _broken(document.ref, error.code, f"{error}{before}")
    if box.damages:
        yield _broken(document.ref, box.damages[-1].code, f"{box.damages[-1]}{before}")


def _document(found: Member, ref: Ref, place: _Place) -> Iterator[RawDocument | Unreadable]:
    """A member as a document, or what it holds."""
    ref = replace(ref, modified_ns=found.modified_ns)
    url = {"url": found.name} if _URL.match(found.name) else {}
    document = RawDocument(ref=ref, open=found.open, size=found.size, **{**url, **found.more})
    if found.leaf:
        yield document
    else:
        yield from _expand(document, place._replace(ref=ref, depth=place.depth + 1))


def _ref(outer: Ref, container: str, name: str | None, offset: int | None) -> Ref:
    """The place of a member; one in a container in a container has both names."""
    if name is not None and outer.member is not None:
        name = f"{outer.member}!/{name}"
    return replace(outer, container=container, member=outer.member if name is None else name, offset=outer.offset if offset is None else offset)


def _broken(ref: Ref, code: str, message: str, level: str = "error") -> Unreadable:
    return Unreadable(ref, trouble(None, None, code, message, level).issue)  # type: ignore[arg-type]  # one of the levels
