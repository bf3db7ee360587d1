"""One sighting of a post, as settle reads it."""

from __future__ import annotations

from collections.abc import Mapping  # noqa: TC003 - a NamedTuple's field, looked up by those who ask for its types
from typing import Any, NamedTuple

from forumclean.pipeline.fold import Stated
from forumclean.pipeline.identity import NOBODY, Seen
from forumclean.pipeline.settle_threads import Source  # noqa: TC001 - likewise


class Sighting(NamedTuple):
    """A row of ``sightings`` with its revision and its page."""

    id: int
    ordinal: int
    post_id: int | None
    pid: int | None
    page: int | None
    state: str
    fields: Mapping[str, Any]
    revision_id: int | None
    revision_post: int | None
    content_hash: str | None
    html_key: str | None
    has_html: int
    """Whether the sighting itself holds HTML: it has no pid, or is below a richer view."""
    own_hash: str | None
    """Hash of its own text where that is no revision, because a richer view shows the post; ``content_hash`` is the same then."""
    thread_id: int | None
    tid: int | None
    source: Source
    before: int | None = None
    """Posts on the pages before this one, if that is known."""

    @property
    def worth(self) -> tuple[int, str, str]:
        """As its page's, the best last when sorted; a text in whose middle the page ends is worth less than any whole one."""
        return (0, *self.source.worth[1:]) if self.fields.get("cut_off") else self.source.worth

    def seen(self) -> Seen:
        """What identity looks at."""
        fields = self.fields
        return Seen(
            self.id, self.source.order, self.ordinal, self.page, self.pid,
            NOBODY if fields.get("author_kind") in {"guest", "anonymous"} else fields.get("author_name"), fields.get("created_at"),
            fields.get("created_at_precision"), self.content_hash, fields.get("position"),
        )

    def stated(self) -> Stated:
        """What folding looks at. Where the number of posts before this page is known, the order on the page is the order in the thread.

        Not so where the page lost the heads of posts: others may have stood between these.
        """
        if self.fields.get("heads_lost"):
            return Stated(self.fields, self.state, self.content_hash is not None)
        before = self.before
        if before is None and (self.page == 1 or (self.page is None and self.tid is None)):  # the first page, or the only one
            before = 0
        return Stated(self.fields, self.state, self.content_hash is not None, None if before is None else before + self.ordinal)


def best_first(members: list[Sighting]) -> list[Sighting]:
    """Sightings in the order of their worth, in place: the richest view, the latest capture."""
    if len(members) > 1:
        members.sort(key=lambda one: (*one.worth, -one.ordinal), reverse=True)
    return members
