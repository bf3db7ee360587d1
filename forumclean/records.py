"""The records that flow between the rooms: bytes, pages, posts, cuts and batches.

Floor 0: imports nothing of the house. All records are frozen. Times are UTC (``2025-11-27T06:37:34Z``); offsets are code points; ``None``
means that the input does not say.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, BinaryIO, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Level = Literal["info", "warning", "error"]
Blanks = Literal["kept", "nbsp", "collapsed"]
Profile = Literal["strict", "default", "eager"]
State = Literal["ok", "missing", "locked", "banned", "hidden", "deleted"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """Something that went wrong, or is worth knowing, about one input."""

    level: Level
    """``error``: the input, or a part of it, is not in the archive. ``warning``: kept, but doubtful. ``info``: worth knowing."""
    stage: Literal["source", "decode", "parse", "scrub", "archive"]
    code: str
    """Short, stable, lower case with dashes (``empty``, ``binary``, ``truncated-block``): what tests and queries ask for."""
    message: str
    """One line for people: what happened and what to do. The input itself is named by whoever prints it."""
    excerpt: str | None = None
    """A short piece of the input, secrets masked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ref:
    """Where a document came from."""

    path: str
    """Relative to the PATH the user gave, with ``/``; the file's name if PATH is a file; ``-`` for standard input."""
    member: str | None = None
    """Name inside a container (zip member, WARC record)."""
    offset: int | None = None
    """Byte offset inside a container, where it has one."""
    size: int | None = None  # bytes of the file that PATH leads to
    mtime_ns: int | None = None
    """Modification time of that file, nanoseconds since 1970; ``None`` for standard input."""
    container: str | None = None
    """Kind of the container it is a member of: ``zip``, ``tar.gz``, ``warc.gz``, ``jsonl``, ``gz``; ``None``: a file of its own."""
    modified_ns: int | None = None
    """Modification time of the member itself, where its container states it in UTC."""
    place: str | None = None
    """The absolute path, hashed: tells two folders with equal relative names apart without storing a path of the machine."""

    @property
    def name(self) -> str:
        """What the document itself is called: the member in its container, else the path."""
        return self.path if self.member is None else self.member

    def __str__(self) -> str:
        """The path, and the member behind ``!``: for people."""
        return self.path if self.member is None else f"{self.path}!{self.member}"


@dataclass(frozen=True, slots=True, kw_only=True)
class RawDocument:
    """One input as bytes, not yet read."""

    ref: Ref
    open: Callable[[], BinaryIO]
    """Gives a fresh binary stream at the beginning of the document, as often as it is called."""
    size: int
    """Bytes of the document itself."""
    url: str | None = None
    """Where a crawler got it, if the container says so."""
    captured_at: str | None = None
    """When a crawler got it (UTC), if the container says so."""
    http_status: int | None = None
    """Of the response it came in; ``None``: not known, as for files."""
    media_type: str | None = None
    """What the container says it is (``text/html``, ``image/png``), lower case."""
    charset: str | None = None
    """The charset that the container states: a hint, the document's own declaration goes before it."""

    @classmethod
    def from_bytes(cls, data: bytes, path: str = "-", **more: Any) -> RawDocument:
        """A document held in memory (tests, ``clean`` on small inputs)."""
        return cls(ref=Ref(path=path, size=len(data)), open=lambda: io.BytesIO(data), size=len(data), **more)


class Mark(NamedTuple):
    """A note on ``text[start:end]`` of a body: what the parser knows about these characters (``jammer`` elements, ``code``)."""

    start: int
    end: int
    name: str
    detail: str | None = None


@dataclass(frozen=True, slots=True)
class Body:
    """The text of one post as parsed, nothing deleted, with marks sorted by start."""

    text: str
    marks: tuple[Mark, ...] = ()


class Cut(NamedTuple):
    """One change to a body: ``parsed[start:start + len(before)] == before`` became ``after`` by ``rule``.

    Offsets are of the parsed text; cuts of a body are sorted and do not overlap, so that replaying and restoring are exact.
    """

    start: int
    before: str
    after: str
    rule: str


class Doubt(NamedTuple):
    """Characters that look like noise but were left alone, or a cut whose border could lie elsewhere."""

    start: int
    text: str
    rule: str
    why: str


@dataclass(frozen=True, slots=True)
class Scrubbed:
    """What the scrubber made of one body: ``replay(body.text, cuts) == text`` and ``restore(text, cuts) == body.text``."""

    text: str
    cuts: tuple[Cut, ...] = ()
    doubts: tuple[Doubt, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What the scrubber is told about the document whose bodies it sees."""

    jammer: bool | None = None
    """The forum's own ``jammer`` flag (from a config block); ``None`` when unknown. ``False``: noise rules only report."""
    blanks: Blanks | None = None
    """How runs of blanks survived the extraction; ``None``: find out from the bodies."""
    proof: bool = False
    """True for HTML: marks are proof, text-level noise rules only report."""
    profile: Profile = "default"


class Leaf(NamedTuple):
    r"""One leaf of a printed PHP value: ``creditspolicy.post.rewardnum`` → ``5``.

    Dots and backslashes inside a key are written ``\.`` and ``\\``. An empty array is a leaf of type ``array`` with value ``None``.
    """

    path: str
    value: str | None
    type: str
    """``text``, ``int``, ``float``, ``bool``, ``null``, ``array`` (empty), ``object`` (empty), ``recursion``, ``time``, ``masked``."""
    decoded: bool = False
    """True for values that were not printed as such but decoded out of a printed one (serialized strings, tab lists, bits)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ForumConfig:
    """A ``$_G['forum']`` block: all its leaves, and the figures the ``forums`` table holds."""

    leaves: tuple[Leaf, ...]
    complete: bool = True
    """False: the block ended before its brackets did."""
    fid: int | None = None
    name: str | None = None
    type: str | None = None
    parent_fid: int | None = None
    description: str | None = None
    jammer: bool | None = None
    threads_count: int | None = None
    posts_count: int | None = None
    moderators: tuple[str, ...] = ()
    last_post_tid: int | None = None
    last_post_title: str | None = None
    last_post_at: str | None = None
    last_post_author: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread:
    """What one page says about a thread: its own (thread pages) or a row of a list."""

    ordinal: int = 0
    """0: the page's own thread; 1, 2, …: rows of a list page."""
    tid: int | None = None
    fid: int | None = None
    page: int | None = None
    fields: Mapping[str, Any] = field(default_factory=dict)
    """Columns of ``threads`` that this page states: title, type_name, author_name, author_uid, created_at, views, replies,
    pages_total, special, digest, sticky, closed, extras. What it does not state is absent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """What one page says about a post."""

    ordinal: int
    """1, 2, …: the order on its page."""
    body: Body | None = None
    """``None``: the text was lost before it reached us (state ``missing``)."""
    html: str | None = None
    pid: int | None = None
    state: State = "ok"
    fields: Mapping[str, Any] = field(default_factory=dict)
    """What this view said, absent where it did not: position, floor_label, author_name, author_uid, author_kind (member, guest,
    anonymous, deleted), author_group, author_registered_at, created_at, created_at_precision (second, minute, day), edited_at, edited_at_precision, edited_by, is_first,
    subject, cut_off (the page ends inside its text), heads_lost (posts may be missing around it), signature (text, or ``{text, html}``), quotes ``[{pid, author, at, text}]``, attachments
    ``[{aid, name, url, kind, size, downloads}]``, comments ``[{id, author, author_uid, at, at_precision, text}]``, ratings
    ``[{author, author_uid, at, at_precision, scores, reason}]``, extras. Plain JSON values only."""
    stats: Mapping[str, str | int | float] = field(default_factory=dict)
    """Author-panel figures as seen: total_online_hours, month_online_hours, credits, posts, …"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """An input that is not a forum page, kept whole."""

    text: str
    title: str | None = None
    author: str | None = None
    publisher: str | None = None
    published_at: str | None = None
    published_at_precision: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What the parser made of one document. A document read block by block gives several, each with a part of its configs."""

    ref: Ref
    kind: str
    """``thread``, ``config``, ``thread+config``, ``html``, ``article``, ``text``, ``print_r``, ``sql``, ``php``, ``archive`` (of ours), ``binary``, ``empty``."""
    engine: str | None = None
    score: float = 0.0
    reasons: tuple[str, ...] = ()
    encoding: str | None = None
    encoding_how: str | None = None
    """``bom``, ``declared``, ``proved``, ``guessed``, ``forced``."""
    status: str = "ok"
    """``ok``, ``asset``, ``unsupported``, ``failed``, later ``login``, ``challenge``, ``deleted page``, ``redirect``, ``http 404``: see ``sources.status``."""
    host: str | None = None
    captured_at: str | None = None
    captured_how: str | None = None
    """``container``, ``page``, ``mtime``."""
    timezone: str | None = None
    timezone_source: str | None = None
    """``page``, ``option``, ``assumed``."""
    view: str = "flattened"
    """``desktop``, ``touch``, ``printable``, ``archiver``, ``flattened``: how rich the sightings of this page are."""
    configs: tuple[ForumConfig, ...] = ()
    threads: tuple[Thread, ...] = ()
    posts: tuple[Post, ...] = ()
    """They belong to the thread with ordinal 0."""
    forums: tuple[Mapping[str, Any], ...] = ()
    """Forums named on the page (lists, breadcrumbs): fid, name, parent_fid, type, threads_count, posts_count, …; absent where not said."""
    page_url: str | None = None
    """How the board writes the addresses of its threads' pages: ``http://b.example/thread-{tid}-{page}-1.html``."""
    document: Document | None = None
    evidence: Evidence = field(default_factory=Evidence)
    issues: tuple[Issue, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenPost:
    """A sighting ready for the archive: the parsed post after scrubbing. Body and html of ``post`` count no more."""

    post: Post
    text: str | None
    html: str | None
    content_hash: str | None
    """Hash of text and canonical link targets; ``None`` where there is no text."""
    cuts: tuple[Cut, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    marks: tuple[Mark, ...] = ()
    """Of the body, but for jammers, which are in the cuts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """All that one page (or one part of a document read block by block) adds to the archive."""

    page: Page
    """Its posts count no more: what became of them is in ``posts``."""
    sha256: str | None
    """Of the whole document; ``None`` if it could not be read."""
    site: str | None
    """Slug given by the user (``--site``, ``--alias``); ``None``: the archive finds it by ``page.host``, else ``unknown``."""
    posts: tuple[SeenPost, ...] = ()
    last: bool = True
    """False: more batches of the same document follow, in the same transaction."""
