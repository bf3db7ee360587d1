"""Sightings in poorer views: linked to the revision that a richer view shows, with the difference in their cuts.

``sightings.own_hash`` and ``own_cuts`` keep what the writer stored (the hash of the view's own clean text, and the cuts that cleaning made);
from these and the revision the sighting's own text comes back whenever the revision changes, or the richer view turns out to be another
post's. HTML of such a sighting stays with it, of equal texts once.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

from forumclean.archiver.rows import as_json_rows
from forumclean.cuts import replay, restore
from forumclean.pipeline.poorer import as_cuts
from forumclean.records import Cut

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Sequence

    from forumclean.pipeline.sighting import Sighting

_READ = "SELECT r.text, x.cuts, x.own_cuts FROM sightings AS x JOIN revisions AS r ON r.id = x.revision_id WHERE x.id = ?"
_WRITE = "UPDATE OR FAIL sightings SET post_id = ?, revision_id = ?, cuts = ?, own_hash = ?, own_cuts = ? WHERE id = ?"
_BACK = "UPDATE sightings SET cuts = own_cuts, own_hash = NULL, own_cuts = NULL, html = CASE WHEN pid IS NULL THEN html END WHERE id = ?"


_HTML = "SELECT html FROM sightings WHERE id = ?"
_REVISION_HTML = "SELECT r.html FROM sightings AS x JOIN revisions AS r ON r.id = x.revision_id WHERE x.id = ?"


class _Below(NamedTuple):
    """A sighting on its way below a revision."""

    one: Sighting
    post_id: int
    revision_id: int


class Poorer:
    """The poorer sightings of some posts; nothing is written before ``write``."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        """Nothing is below a richer view yet."""
        self.connection = connection
        self._below: list[_Below] = []
        self._back: list[tuple[int]] = []
        self._rows: list[tuple[object, ...]] = []
        self._html: list[tuple[tuple[str, int] | None, int]] = []
        self._html_rows: list[tuple[str | None, int]] = []

    def put(self, post_id: int, revision_id: int, group: Sequence[Sighting], html: tuple[str, int] | None, holder: Sighting | None) -> None:
        """Sightings of one text go below a revision. ``html``: table and id of the row with the best HTML of those with a pid, and whose it is."""
        for one in group:
            if one.own_hash is None or (one.post_id, one.revision_id) != (post_id, revision_id):
                self._below.append(_Below(one, post_id, revision_id))
            if one.pid is None:
                continue  # keeps its own, whatever becomes of it
            if one is not holder and one.has_html:
                self._html.append((None, one.id))
            elif one is holder and not one.has_html:
                self._html.append((html, one.id))

    def share(self, one: Sighting, post_id: int, revision_id: int, cuts: Sequence[Cut]) -> None:
        """A sighting is linked to the text that it shares with other captures; ``cuts`` lead to it."""
        _, own = self.parsed(one)
        self._rows.append((post_id, revision_id, as_json_rows(cuts), one.content_hash, as_json_rows(own), one.id))

    def take_back(self, one: Sighting) -> None:
        """A sighting whose text is a revision again."""
        self._back.append((one.id,))

    def own_text(self, one: Sighting) -> str:
        """What the view itself showed, cleaned."""
        parsed, own = self.parsed(one)
        return replay(parsed, own)

    def prepare(self, text_of: Callable[[int], str]) -> None:
        """Read what is needed, before any row changes. ``text_of``: the text that a row of ``revisions`` will have."""
        for one, post_id, revision_id in self._below:
            parsed, own = self.parsed(one)
            cuts = as_cuts(parsed, own, text_of(revision_id))
            self._rows.append((post_id, revision_id, as_json_rows(cuts), one.content_hash, as_json_rows(own), one.id))
        for source, sighting_id in self._html:
            html = None
            if source is not None:
                (html,) = self.connection.execute(f"SELECT html FROM {source[0]} WHERE id = ?", (source[1],)).fetchone()
            self._html_rows.append((html, sighting_id))

    def write(self) -> None:
        """Write the links, cuts and HTML."""
        self.connection.executemany(_BACK, self._back)
        self.connection.executemany(_WRITE, self._rows)
        self.connection.executemany("UPDATE sightings SET html = ? WHERE id = ?", self._html_rows)

    def shows(self, group: Sequence[Sighting]) -> tuple[str, str | None]:
        """Text and HTML of sightings that show the same."""
        html = next((found for one in group if (found := self._html_of(one)) is not None), None)
        plain = next((one for one in group if one.own_hash is None), None)
        if plain is None:
            return self.own_text(group[0]), html
        (text,) = self.connection.execute("SELECT text FROM revisions WHERE id = ?", (plain.revision_id,)).fetchone()
        return text, html

    def _html_of(self, one: Sighting) -> str | None:
        query = _HTML if one.has_html else _REVISION_HTML if one.own_hash is None else None
        row = query and self.connection.execute(query, (one.id,)).fetchone()
        return row[0] if row else None

    def parsed(self, one: Sighting) -> tuple[str, list[Cut]]:
        """The parsed text of a sighting, and the cuts that cleaning made in it."""
        text, cuts, own_cuts = self.connection.execute(_READ, (one.id,)).fetchone()
        parsed = restore(text, _decoded(cuts))
        return parsed, _decoded(cuts if one.own_hash is None else own_cuts)


def _decoded(cuts: str | None) -> list[Cut]:
    return [Cut(*cut) for cut in json.loads(cuts)] if cuts else []
