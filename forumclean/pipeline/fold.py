"""Sightings of one post, or of one thread, folded into one row: field by field the first that states it, best sighting first.

Pure. The caller sorts: the richest view, then the latest capture, then the source hash (design: observed and derived).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from forumclean.archiver.rows import as_json_rows

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

LISTS = {
    "quotes": {"quoted_pid": "pid", "quoted_author": "author", "quoted_at": "at", "text": "text"},
    "attachments": {"aid": "aid", "name": "name", "url": "url", "kind": "kind", "size": "size", "downloads": "downloads"},
    "comments": {
        "comment_id": "id", "author_uid": "author_uid", "author_name": "author", "created_at": "at",
        "created_at_precision": "at_precision", "text": "text",
    },
    "ratings": {
        "author_uid": "author_uid", "author_name": "author", "created_at": "at",
        "created_at_precision": "at_precision", "scores": "scores", "reason": "reason",
    },
}
"""Tables that hang on a post: column → key in the list of the same name in ``Post.fields``."""

POST_COLUMNS = (
    "position", "floor_label", "author_uid", "author_name", "author_kind", "created_at", "created_at_precision", "edited_at",
    "edited_at_precision", "edited_by", "is_first", "subject", "state", "extras",
)
_POSITION, _IS_FIRST, _STATE = (POST_COLUMNS.index(name) for name in ("position", "is_first", "state"))
THREAD_COLUMNS = (
    "title", "type_name", "author_uid", "author_name", "created_at", "views", "replies", "pages_total", "special", "digest", "sticky",
    "closed", "extras",
)
_WITH = {"created_at": ("created_at_precision",), "edited_at": ("edited_at_precision", "edited_by"), "author_name": ("author_kind",)}
"""Fields that say how another is meant: taken from the sighting that the other is from; on their own where nobody states the other."""
_COARSE = {"minute": 1, "day": 2}
"""Precisions of a time, from fine to coarse; the thread's own page states none."""
_PLAIN = frozenset({str, int, float, type(None)})
"""Types that go into a row as they are."""
_FOLLOWERS = frozenset(name for names in _WITH.values() for name in names)


class Stated(NamedTuple):
    """What one sighting states, for folding."""

    fields: Mapping[str, Any]
    state: str = "ok"
    has_text: bool = False
    place: int | None = None
    """Its order in the thread as far as its page tells: where the page is the thread's first, or the only one."""


class Folded(NamedTuple):
    """A row of ``posts``, apart from links and text."""

    values: tuple[Any, ...]
    """``POST_COLUMNS``."""
    lists: Mapping[str, tuple[tuple[Any, ...], ...]]
    """By table of ``LISTS``: the rows, in order; tables without rows are absent."""


def fold_post(sightings: Sequence[Stated]) -> Folded:
    """One post of its sightings, best first."""
    fields = sightings[0].fields if len(sightings) == 1 else _first([sighting.fields for sighting in sightings])
    get = fields.get
    position = _whole(get("position"))
    if position is None:
        position = next((sighting.place for sighting in sightings if sighting.place is not None), None)
    first = get("is_first")
    if first is None and position is not None:
        first = position == 1
    values = [value if value.__class__ in _PLAIN else _scalar(value) for value in map(get, POST_COLUMNS)]
    values[_POSITION], values[_IS_FIRST], values[_STATE] = position, _scalar(first), _state(sightings)
    lists = {name: rows for name, columns in LISTS.items() if name in fields and (rows := _rows(fields[name], columns))}
    return Folded(tuple(values), lists)


def fold_thread(pages: Sequence[Mapping[str, Any]], rows: Sequence[Mapping[str, Any]] = ()) -> dict[str, Any]:
    """One thread of the fields that its pages and rows of lists state, best first: ``THREAD_COLUMNS``.

    ``rows``: those of ``pages`` that are rows of lists: what the thread's own pages say in ``extras`` goes before what these say.
    """
    fields = _first(pages)
    dated = [page for page in pages if page.get("created_at")]
    if dated:
        # lists give the day only: whichever page was captured last, the exact time stays
        fields["created_at"] = min(dated, key=lambda page: _COARSE.get(page.get("created_at_precision") or "", 0))["created_at"]
    listed = {id(row) for row in rows}
    extras = [found for page in sorted(pages, key=lambda page: id(page) in listed) if isinstance(found := page.get("extras"), dict)]
    if extras:
        fields["extras"] = {name: value for found in reversed(extras) for name, value in found.items()}
    return {name: value if value.__class__ in _PLAIN else _scalar(value) for name, value in zip(THREAD_COLUMNS, map(fields.get, THREAD_COLUMNS), strict=True)}


def _first(stated: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Each field from the first that states it, followers from where their leader is from."""
    fields: dict[str, Any] = {}
    for one in stated:
        for name, value in one.items():
            if name not in fields and value is not None and name not in _FOLLOWERS:
                fields[name] = value
                for follower in _WITH.get(name, ()):
                    if one.get(follower) is not None:
                        fields[follower] = one[follower]
    for leader, followers in _WITH.items():
        if leader not in fields:
            for follower in followers:
                value = next((one[follower] for one in stated if one.get(follower) is not None), None)
                if value is not None:
                    fields[follower] = value
    return fields


def _state(sightings: Sequence[Stated]) -> str:
    """The best sighting that is not a mere gap tells; ``missing`` where nobody saw a text and nobody says why."""
    for sighting in sightings:
        if sighting.state != "missing" and (sighting.has_text or sighting.state != "ok"):
            return sighting.state
    return "missing"


def _rows(found: Any, columns: Mapping[str, str]) -> tuple[tuple[Any, ...], ...]:
    """The rows of a list field; what is no list of objects is no row."""
    if not isinstance(found, list):
        return ()
    return tuple(tuple(_scalar(row.get(key)) for key in columns.values()) for row in found if isinstance(row, dict))


def _scalar(value: Any) -> Any:
    """A value that SQLite can hold: truth as 0 and 1, objects and lists as JSON."""
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, dict | list):
        return as_json_rows(value)
    return value


def _whole(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None
