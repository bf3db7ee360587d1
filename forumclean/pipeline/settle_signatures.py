"""Signatures below flattened posts, found by what no single page shows: that nearly all posts of a member end with the same lines.

A flattened page without blank lines between text and signature gives the parser nothing to tell them apart, unless an author posted twice on
it. Over the whole archive there is: the posts of one author, captured in one month, of which nearly all end alike. Here such endings are cut
from the sightings, before threads are settled: the sighting gets a cut of the rule ``signature.repeated``, its field ``signature``, and a
revision without these lines. What is decided depends on all flattened sightings of the author, and is undone where it holds no more.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, NamedTuple

from forumclean.archiver.connection import transaction
from forumclean.archiver.rows import as_json, as_json_rows
from forumclean.cuts import replay, restore
from forumclean.pipeline.work import content_hash
from forumclean.records import Cut

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable

RULE = "signature.repeated"
"""Name of the cuts made here."""
WHY = "nearly all posts of this author in flattened pages end with these lines: a signature, kept in the table signatures"

_LEAST = 3  # posts that end alike before it is a signature
_SHARE = 0.8  # of the author's posts of that month: not all show the signature, and nobody ends nearly all posts alike by hand
_LONGEST = 8  # lines of a signature
_SHORTEST = 3  # characters
_AUTHORS_AT_ONCE = 200

_QUEUE = (
    "DROP TABLE IF EXISTS temp.signers",
    "CREATE TEMP TABLE signers (site_id, who, PRIMARY KEY (site_id, who)) WITHOUT ROWID",
    # CROSS JOIN: in this order, whatever the sizes; a night's few pages are not looked for among all
    """INSERT OR IGNORE INTO temp.signers SELECT s.site_id, x.signer FROM unsettled AS u CROSS JOIN sources AS s ON s.id = u.source_id
    CROSS JOIN sightings AS x ON x.source_id = u.source_id WHERE x.signer IS NOT NULL""",
)
_LOAD = (
    "SELECT x.id, x.source_id, substr(x.captured_at, 1, 7), x.fields, x.cuts, x.own_hash, x.own_cuts, x.revision_id, r.text"
    " FROM sightings AS x CROSS JOIN sources AS s ON s.id = x.source_id CROSS JOIN revisions AS r ON r.id = x.revision_id"
    " WHERE s.site_id = ? AND x.signer = ? ORDER BY x.id"
)


class _Seen(NamedTuple):
    """One flattened sighting of an author, as it is stored."""

    id: int
    source_id: int
    month: str | None
    fields: dict[str, object]
    cuts: list[Cut]
    revision_id: int
    text: str

    def unsigned(self) -> tuple[str, list[Cut]]:
        """Its text and cuts before anything was done here."""
        if self.cuts and self.cuts[-1].rule == RULE:
            return self.text + self.cuts[-1].before, self.cuts[:-1]
        return self.text, self.cuts


def settle_signatures(connection: sqlite3.Connection) -> None:
    """Cut repeated signatures from the flattened sightings of all authors who have unsettled ones; one transaction for some authors."""
    with transaction(connection):
        for statement in _QUEUE:
            connection.execute(statement)
    authors = connection.execute("SELECT site_id, who FROM temp.signers").fetchall()
    for start in range(0, len(authors), _AUTHORS_AT_ONCE):
        with transaction(connection):
            for author in authors[start:start + _AUTHORS_AT_ONCE]:
                _settle_author(connection, author)


def _settle_author(connection: sqlite3.Connection, author: tuple[int, str]) -> None:
    months: defaultdict[str | None, list[_Seen]] = defaultdict(list)
    for sighting_id, source_id, month, fields, cuts, own_hash, own_cuts, revision_id, text in connection.execute(_LOAD, author):
        stored = [Cut(*cut) for cut in json.loads(cuts or "[]")]
        if own_hash is not None:  # below a richer view: what this view itself showed, and what was cut from that
            below, stored = stored, [Cut(*cut) for cut in json.loads(own_cuts or "[]")]
            text = replay(restore(text, below), stored)  # noqa: PLW2901 - the sighting's, from here on
        months[month].append(_Seen(sighting_id, source_id, month, json.loads(fields), stored, revision_id, text))
    known = {_lines(str(one.fields["signature"])) for seen in months.values() for one in seen if not _open(one)}
    for seen in months.values():
        found = {_ending([one.unsigned()[0] for one in seen if _open(one)]), *known} - {()}
        endings = sorted(found, key=lambda lines: (-len(lines), lines))
        for one in seen:
            if _open(one):
                _apply(connection, one, endings)


def _open(one: _Seen) -> bool:
    """Whether the parser left the question open: it found no signature on the page itself."""
    return "signature" not in one.fields or bool(one.cuts and one.cuts[-1].rule == RULE)


def _ending(texts: Iterable[str]) -> tuple[str, ...]:
    r"""The lines with which nearly all texts end; none if they do not.

    >>> _ending(["a\nx y", "b\nx y", "c\nx y", "d"]), _ending(["a\nx y", "b\nx y", "c\nx y", "d\nx y"])
    ((), ('x y',))
    """
    tails = [[line.strip() for line in text.rstrip().split("\n")[-_LONGEST:]] for text in texts if text.strip()]
    for length in range(_LONGEST, 0, -1):
        found = Counter(tuple(tail[-length:]) for tail in tails if len(tail) >= length).most_common(1)
        if not found:
            continue
        (lines, count), = found
        if count >= max(_LEAST, _SHARE * len(tails)) and lines[0] and len("".join(lines)) >= _SHORTEST:
            return lines
    return ()


def _lines(text: str) -> tuple[str, ...]:
    """The lines of a signature; none for one too short to know it by."""
    return tuple(line.strip() for line in text.split("\n")) if len(text.strip()) >= _SHORTEST else ()


def _apply(connection: sqlite3.Connection, one: _Seen, endings: list[tuple[str, ...]]) -> None:
    """Bring one sighting to what the endings (longest first) say, if it is not there yet."""
    text, cuts = one.unsigned()
    fields = {name: value for name, value in one.fields.items() if name != "signature"}
    lines = text.rstrip().split("\n")
    ending = next((lines_of for lines_of in endings if tuple(line.strip() for line in lines[-len(lines_of):]) == lines_of), None)
    if ending is not None:
        before = "\n".join(lines[:-len(ending)])
        shift = len(restore(text, cuts)) - len(text)  # of what stands behind the last cut
        cleaned = cuts[-1].start + len(cuts[-1].before) - shift if cuts else 0
        if cleaned <= len(before):  # nothing was cut inside these lines: they are as parsed
            body = text[:max(cleaned, len(before.rstrip()))]
            fields["signature"] = "\n".join(ending)
            cuts = [*cuts, Cut(len(body) + shift, text[len(body):], "", RULE)]
            text = body
    if (text, cuts) == (one.text, one.cuts):
        return
    revision = connection.execute("INSERT INTO revisions (content_hash, text) VALUES (?, ?)", (content_hash(text), text)).lastrowid
    connection.execute(
        "UPDATE sightings SET revision_id = ?, cuts = ?, own_hash = NULL, own_cuts = NULL, fields = ? WHERE id = ?", (revision, as_json_rows(cuts), as_json(fields), one.id))
    connection.execute(
        "DELETE FROM revisions WHERE id = ?1 AND post_id IS NULL AND NOT EXISTS (SELECT 1 FROM sightings WHERE revision_id = ?1)",
        (one.revision_id,))
    connection.execute("INSERT OR IGNORE INTO unsettled (source_id) VALUES (?)", (one.source_id,))
