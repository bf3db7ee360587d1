"""What an older set of rules has scrubbed is scrubbed again: from the archive alone, the files need not be there.

The parsed text of every post of a page comes back from its revision and its cuts, with the marks and the evidence that were stored beside it,
and goes through the present rules; what was derived from the old text (cut signatures, poorer views, what captures agree on) is taken back and
settled anew. What comes out is what a fresh import by the present rules gives.

Pages of HTML keep their cuts: there the marks are proof, and text rules only report, so only doubts can change. Where they would cut after all
(``--profile eager``), and in what archives of a schema before the step ``scrubbing`` hold, the page must be read again: ``ingest --full``.
"""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from forumclean import settings
from forumclean.archiver.connection import transaction
from forumclean.archiver.digest import HALF, Digest
from forumclean.archiver.rows import as_json, evidence_of, scrubbed_row
from forumclean.archiver.writer import SETTLE_EVERYTHING
from forumclean.cuts import replay, restore
from forumclean.pipeline.settle_signatures import RULE as SIGNATURE
from forumclean.pipeline.work import content_hash
from forumclean.records import Body, Cut, Mark, Scrubbed
from forumclean.scrubber import scrub
from forumclean.scrubber.element import MARK as JAMMER
from forumclean.scrubber.element import RULES as ELEMENT

if TYPE_CHECKING:
    import sqlite3

SCRUBBED_BY = "rules"
"""Key in ``meta``: the version of the rules that all pages were scrubbed with."""
_AT_ONCE = 1000
"""A transaction ends after the page that reaches this number of sightings."""
_ELEMENT = ELEMENT[0].name

_DUE = "SELECT id, evidence, view, digest FROM sources WHERE id > ? AND evidence IS NOT NULL AND rules IS NOT ? ORDER BY id LIMIT 1"
_LOAD = (
    "SELECT x.id, x.ordinal, x.fields, x.marks, x.cuts, x.doubts, x.own_hash, x.own_cuts, r.id, r.content_hash, r.text FROM sightings AS x"
    " JOIN revisions AS r ON r.id = x.revision_id WHERE x.source_id = ? ORDER BY x.ordinal"
)


class _Stored(NamedTuple):
    """A sighting with a text, as the writer stored it: before anything was derived."""

    id: int
    ordinal: int
    revision_id: int
    fields: str
    parsed: str
    marks: tuple[Mark, ...]
    text: str
    content_hash: str
    cuts: tuple[Cut, ...]
    doubts: str | None

    def body(self) -> Body:
        """What the parser had made of it; jammers are where their cuts are."""
        jammers = [Mark(cut.start, cut.start + len(cut.before), JAMMER) for cut in self.cuts if cut.rule == _ELEMENT]
        return Body(self.parsed, tuple(sorted((*self.marks, *jammers))))


def rescrub(connection: sqlite3.Connection) -> Counter[str]:
    """Scrub the pages of older rules again; settle after it. Returns how many sightings (``scrubbed anew``) came out otherwise.

    One transaction for some pages: a killed run goes on where it stopped.
    """
    counts: Counter[str] = Counter()
    if connection.execute("SELECT value FROM meta WHERE key = ?", (SCRUBBED_BY,)).fetchone() == (str(settings.RULES),):
        return counts
    last: int | None = -1
    while last is not None:
        with transaction(connection):
            last = _some(connection, last, counts)
            if last is None:
                connection.execute("INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)", (SCRUBBED_BY, str(settings.RULES)))
    return +counts


def _some(connection: sqlite3.Connection, last: int, counts: Counter[str]) -> int | None:
    """Some pages after the source ``last``; returns the last of them, ``None`` if there is no more."""
    load = 0
    while load < _AT_ONCE:
        due = connection.execute(_DUE, (last, settings.RULES)).fetchone()
        if due is None:
            return None
        last = due[0]
        load += 1 + _page(connection, due, counts)
    return last


def _page(connection: sqlite3.Connection, due: tuple[int, str, str, str], counts: Counter[str]) -> int:
    """All bodies of a page together, as they were scrubbed the first time; returns their number."""
    source_id, evidence, view, digest = due
    has_html = view != "flattened"
    stored = [_as_stored(row) for row in connection.execute(_LOAD, (source_id,))]
    sums = Digest()
    for one, done in zip(stored, scrub([one.body() for one in stored], evidence_of(evidence)), strict=True):
        cuts, doubts = scrubbed_row(done)
        if has_html and done.cuts != one.cuts:
            done = Scrubbed(one.text, one.cuts)  # noqa: PLW2901 - left as it is
            cuts, doubts = scrubbed_row(done)[0], one.doubts
        known_as = one.content_hash if done.text == one.text else content_hash(done.text)
        sums.scrubbed([(one.ordinal, known_as, cuts, doubts)])
        if done.cuts != one.cuts:
            _replace(connection, one, done.text, cuts, known_as)
        if done.cuts != one.cuts or doubts != one.doubts:
            connection.execute("UPDATE sightings SET doubts = ? WHERE id = ?", (doubts, one.id))
            counts["scrubbed anew"] += 1
    connection.execute(
        "UPDATE sources SET rules = ?, digest = ? WHERE id = ?", (settings.RULES, digest[:HALF] + sums.scrubbed_text(), source_id))
    if stored and not has_html:  # what several pages have in common may come out otherwise even where each alone does not
        connection.execute("INSERT OR IGNORE INTO unsettled (source_id) VALUES (?)", (source_id,))
        connection.execute("INSERT OR REPLACE INTO meta (key, value) VALUES (?, '1')", (SETTLE_EVERYTHING,))
    return len(stored)


def _as_stored(row: tuple[int, int, str, str | None, str | None, str | None, str | None, str | None, int, str, str]) -> _Stored:
    """Undo what settle has derived: the difference to a richer view, and a signature that other posts have shown."""
    sighting_id, ordinal, fields, marks, cuts, doubts, own_hash, own_cuts, revision_id, known_as, text = row
    now = _cuts(cuts)
    parsed = restore(text, now)
    own = now if own_hash is None else _cuts(own_cuts)
    if own_hash is not None:
        text, known_as = replay(parsed, own), own_hash
    if own and own[-1].rule == SIGNATURE:
        own = own[:-1]
        text = replay(parsed, own)
        known_as = content_hash(text)
        fields = as_json({name: value for name, value in json.loads(fields).items() if name != "signature"})
    return _Stored(sighting_id, ordinal, revision_id, fields, parsed, _marks(marks), text, known_as, own, doubts)


def _replace(connection: sqlite3.Connection, one: _Stored, text: str, cuts: str | None, known_as: str) -> None:
    """Store another cleaning of a sighting, as the writer would have: with a revision of nobody, until it is settled."""
    revision = connection.execute("INSERT INTO revisions (content_hash, text) VALUES (?, ?)", (known_as, text)).lastrowid
    connection.execute(
        "UPDATE sightings SET revision_id = ?, cuts = ?, own_hash = NULL, own_cuts = NULL, fields = ? WHERE id = ?",
        (revision, cuts, one.fields, one.id))
    connection.execute(
        "DELETE FROM revisions WHERE id = ?1 AND post_id IS NULL AND NOT EXISTS (SELECT 1 FROM sightings WHERE revision_id = ?1)",
        (one.revision_id,))


def _cuts(stored: str | None) -> tuple[Cut, ...]:
    return tuple(Cut(*cut) for cut in json.loads(stored)) if stored else ()


def _marks(stored: str | None) -> tuple[Mark, ...]:
    return tuple(Mark(*mark) for mark in json.loads(stored)) if stored else ()
