"""A printed forum row (``$_G['forum']``) as a ``ForumConfig``: every leaf kept, packed columns taken apart, passwords masked.

What the keys mean: ``keys.py`` and ``columns.py``. Rows of Discuz 4.1 to X3.5 are read; the order of the keys does not matter.
"""

from __future__ import annotations

from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any, TypeAlias

from forumclean.parser.php import columns
from forumclean.parser.php.keys import KINDS, MARKS, Kind
from forumclean.parser.php.serialized import decode_serialized, looks_serialized
from forumclean.parser.php.values import Block, PhpArray, PhpValue, escape_key, leaves, walk
from forumclean.parser.secrets import MASK, is_secret_key, mask_text
from forumclean.records import ForumConfig, Issue, Leaf

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

_FEWEST_MARKS = 3
"""Keys of ``MARKS`` that a forum row has at least, beside ``fid``."""
_NESTING = 3
"""Forum rows are looked for this deep: ``$_G`` → ``forum``, lists of forums by category and id."""
_NUMBERS = frozenset(
    {"usecustom", "cycletype", "cycletime", "rewardnum", "norepeat", "rid", "fid"} | {f"extcredits{n}" for n in range(1, 9)}
)
"""Whole numbers of a credit rule (``creditspolicy.post.rewardnum``)."""
_DIGITS = 10
"""Of the largest number in a column."""
_FIGURES = ("fid", "name", "type", "fup", "description", "jammer", "threads", "posts")
_TYPED = frozenset({"int", "bool", "time"})
_NOUGHTS = frozenset({"", "0"})
_SHORT = 4096
"""Longer texts are not worth a place in a cache."""
_SWITCHES = frozenset({"threadtypes.required", "threadtypes.listable", "threadsorts.required", "threadsorts.prefix"})
"""PHP booleans below ``threadtypes`` and ``threadsorts``: true prints ``1``, false prints nothing."""


def is_forum_row(value: PhpValue) -> bool:
    """True if an array is a forum's row: a numeric ``fid`` and several keys that only forum rows have; no post's or member's row.

    >>> is_forum_row(PhpArray([("fid", "2"), ("fup", "1"), ("threads", "4"), ("posts", "9")]))
    True
    """
    if not isinstance(value, PhpArray):
        return False
    keys = {key for key, _ in value.entries}
    if "fid" not in keys or "pid" in keys or len(keys & MARKS) < _FEWEST_MARKS:
        return False
    return _number(value.get("fid")) is not None


def forum_rows(value: PhpValue) -> Iterator[PhpArray]:
    """The forum rows of a printed value: itself, or arrays inside it (``$_G`` → ``forum``, lists of forums)."""
    level: list[PhpValue] = [value]
    for _ in range(_NESTING + 1):
        deeper: list[PhpValue] = []
        for item in level:
            if is_forum_row(item) and isinstance(item, PhpArray):
                yield item
            elif isinstance(item, PhpArray):
                deeper.extend(inner for _, inner in item.entries)
        level = deeper


def forum_config(
    block: Block | PhpArray, *, complete: bool = True, keep_private: bool = False
) -> tuple[ForumConfig | None, list[Issue]]:
    """The forum that a printed row describes, and what was wrong with it; ``(None, [])`` if it is no forum row.

    Leaves stand in printed order, decoded ones behind the leaf they come from: ``lastpost.tid``, ``moderators.0``, ``viewperm.0``,
    ``simple.sort_field``, ``allowpostspecial.poll``, ``formulaperm.users`` … Times are UTC. Passwords and other secrets are
    ``[masked]`` unless ``keep_private``. ``complete`` (of a ``Block``: its own) says whether the brackets were closed.
    """
    value = block.value if isinstance(block, Block) else block
    whole = block.complete if isinstance(block, Block) else complete
    if not is_forum_row(value):
        return None, []
    row = _Row(value, keep_private=keep_private)
    row.read()
    if not whole:
        message = "forum config block without its closing bracket: kept up to where it breaks off"
        row.issues.append(Issue(level="warning", stage="parse", code="truncated-block", message=message))
    return ForumConfig(leaves=tuple(row.leaves), complete=whole, **row.figures()), row.issues


class _Row:
    """One forum row being read."""

    def __init__(self, value: PhpArray, *, keep_private: bool) -> None:
        self.value = value
        self.keep_private = keep_private
        self.leaves: list[Leaf] = []
        self.issues: list[Issue] = []
        self.last: dict[str, str | None] = {}
        """What ``lastpost`` says."""

    def read(self) -> None:
        """Collect the leaves."""
        keep = self.leaves.append
        for key, item in self.value.entries:
            kind = KINDS.get(key)
            path = escape_key(key) if kind is None else key
            if not isinstance(item, str):
                self._nested(path, item)
            elif kind in _TYPED:
                keep(Leaf(path, item, _fitting(kind, item)))
                if item in _NOUGHTS:
                    continue
                if kind == "time" and (at := columns.utc(item)) is not None:
                    keep(Leaf(f"{path}.utc", at, "time", decoded=True))
            elif item and not self.keep_private and kind != "perm" and is_secret_key(key):
                keep(Leaf(path, MASK, "masked"))
            else:
                keep(Leaf(path, item, _fitting("int", item) if kind == "bits" else "text"))
                if item:
                    self._decode(key, kind, path, item)

    def _decode(self, key: str, kind: Kind | None, path: str, item: str) -> None:
        """Add what is packed inside a printed text."""
        if kind == "perm":
            self.leaves.extend(columns.groups(path, item))
        elif (decoder := _DECODERS.get(key)) is not None:
            found = decoder(item)
            self.leaves.extend(found)
            if key == "lastpost":
                self.last = {leaf.path: leaf.value for leaf in found}
        elif item[1:2] == ":" and looks_serialized(item):
            self._serialized(path, item)

    def _serialized(self, path: str, item: str) -> None:
        """The leaves inside the text of the last leaf."""
        inside = _inside_cached if len(item) <= _SHORT else _inside
        text, found, issue = inside(path, item, keep_private=self.keep_private)
        if text != item:
            self.leaves[-1] = self.leaves[-1]._replace(value=text)
        self.leaves.extend(found)
        if issue is not None:
            self.issues.append(issue)

    def _nested(self, path: str, item: PhpValue) -> None:
        """The leaves of a value that is an array (or an object, or ``*RECURSION*``) itself."""
        if isinstance(item, PhpArray) and item.entries:
            found, whole = walk(item, path + ".")
        else:
            found, whole = [Leaf(path, *leaf[1:]) for leaf in leaves(PhpArray([("", item)]))], True
        if path == "lastpost":  # list pages of X print it as an array, the time as a text for people
            self.last = {leaf.path: leaf.value for leaf in found if leaf.path != "lastpost.dateline"}
        credit, keep = path == "creditspolicy", self.leaves.append
        for leaf in found:
            inner, text, _, _ = leaf
            if credit and text and inner[inner.rfind(".") + 1 :] in _NUMBERS:
                keep(Leaf(inner, text, _fitting("int", text)))
            elif inner in _SWITCHES and text is not None:
                keep(Leaf(inner, text, "bool"))
            else:
                keep(leaf if self.keep_private or not text else _masked(leaf))
                if text and text[1:2] == ":" and looks_serialized(text):
                    self._serialized(inner, text)
        if not whole:
            message = f"{path}: nested too deep, kept without its inside"
            self.issues.append(Issue(level="warning", stage="parse", code="nested-too-deep", message=message))

    def figures(self) -> dict[str, Any]:
        """What the ``forums`` table holds."""
        row = dict(reversed(self.value.entries))
        text = {key: item for key in _FIGURES if isinstance(item := row.get(key), str)}
        last = self.last
        jammer = text.get("jammer", "")
        return {
            "fid": _number(text.get("fid")),
            "name": text.get("name") or None,
            "type": text.get("type") or None,
            "parent_fid": _number(text.get("fup")),
            "description": text.get("description", "").strip() or None,
            "jammer": None if not jammer.isdigit() else jammer != "0",
            "threads_count": _number(text.get("threads")),
            "posts_count": _number(text.get("posts")),
            "moderators": self._moderators(),
            "last_post_tid": _number(last.get("lastpost.tid")),
            "last_post_title": last.get("lastpost.subject") or None,
            "last_post_at": last.get("lastpost.dateline"),
            "last_post_author": last.get("lastpost.author") or None,
        }

    def _moderators(self) -> tuple[str, ...]:
        """A tab list of names; groups have an array of users by uid."""
        item = self.value.get("moderators")
        if isinstance(item, str):
            return columns.names(item)
        if not isinstance(item, PhpArray):
            return ()
        users = (user.get("username") for _, user in item.entries if isinstance(user, PhpArray))
        return tuple(name for name in users if isinstance(name, str) and name)


_DECODERS: dict[str, Callable[[str], Sequence[Leaf]]] = {
    "lastpost": columns.lastpost,
    "moderators": partial(columns.numbered, "moderators"),
    "commentitem": partial(columns.numbered, "commentitem"),
    "simple": columns.simple,
    "allowpostspecial": columns.special,
}


def _number(item: PhpValue | None) -> int | None:
    """A whole number of a column (int 10 at most); ``None`` for anything else."""
    if not isinstance(item, str):
        return None
    digits = item.strip().removeprefix("-")
    return int(item) if digits.isascii() and digits.isdigit() and len(digits) <= _DIGITS else None


def _fitting(kind: Kind | None, item: str) -> str:
    """The type of a column, if the text is one of its values; run-time keys print false as nothing."""
    if kind == "bool":
        return "bool" if item in {"0", "1"} else "text"
    return "int" if item.removeprefix("-").isdigit() and item.isascii() else "text"


_Inside: TypeAlias = tuple[str, tuple[Leaf, ...], Issue | None]


def _inside(path: str, item: str, *, keep_private: bool) -> _Inside:
    """A serialized text with its secrets masked (the same object if there are none), the leaves in it, and what was wrong."""
    found, issue = decode_serialized(path, item)
    if keep_private:
        return item, tuple(found), issue
    return mask_text(item), tuple(map(_masked, found)), issue


# boards give most of their forums the same settings
_inside_cached = lru_cache(maxsize=1024)(_inside)


def _masked(leaf: Leaf) -> Leaf:
    key = leaf.path.rpartition(".")[2]
    if leaf.value and is_secret_key(key):
        return Leaf(leaf.path, MASK, "masked", leaf.decoded)
    if leaf.decoded and leaf.value and looks_serialized(leaf.value):
        return leaf._replace(value=mask_text(leaf.value))
    return leaf
