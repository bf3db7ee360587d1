"""The schema of an archive as data, and what is decided about it beyond the README's table of tables.

*Observed and derived.* ``tables_observed`` holds what was seen; everything in ``tables_derived`` is a pure function of it, computed by
settle. A writer only adds observations and puts the source into ``unsettled``; settle fills the links (``sightings.post_id`` …) and the
derived rows, so that readers never see a thread or a post that is half there. A killed run is completed by the next settle.

*Several captures of the same bytes* are one row of ``sources`` with the earliest and the latest capture, and many ``source_paths``.

*Thread.* (site, tid). Without a tid: all sources that were ever found at the same place (``source_paths.place`` with member) are one
thread, and so are sources that share one of their places: captures of one file over time. Standard input has no place and is one thread by
its bytes. ``threads.source_key`` is the smallest sha256 of them.

*Post.* (site, pid); without a pid within its thread, see ``forumclean.pipeline.identity``.

*User.* (site, uid), else (site, name): a bare name means the member with a uid who was ever seen under it (``user_names``), if there is exactly
one; else it is a user of its own with uid NULL. Guests and anonymous authors are not users.

*Forum.* (site, fid), else (site, name). A config block with neither stays in ``forum_configs`` only.

*Search.* Triggers (``search_schema``) note changed posts, threads and documents in ``search_pending``: nobody else writes there. Invariant:
what is not pending is in the index with its present values; for what is pending, the note keeps the values that the index holds.

*References* are checked at the end of a transaction, so that rows can move in any order; and SQLite need not be ready to undo single
statements, which with ``OR FAIL`` makes settling a fifth faster (a failure undoes the whole transaction anyway).

*Text columns stand last* in ``revisions`` so that queries on the other columns do not read long texts.
"""

from __future__ import annotations

import re

from forumclean.archiver import search_schema, views
from forumclean.archiver.tables_derived import DERIVED, HOUSE
from forumclean.archiver.tables_observed import OBSERVED

APPLICATION_ID = 0x464F5243
"""``FORC`` in ASCII, as ``PRAGMA application_id``: how a file is known to be an archive of ours."""

_REFERENCE = re.compile(r"REFERENCES \w+\(id\)")
_LATER = re.compile(r"\n[^\n]*; since the step [\w-]+$", re.MULTILINE)
"""A column that the first schema lacks, as its comment says."""

TABLES = tuple(_REFERENCE.sub(r"\g<0> DEFERRABLE INITIALLY DEFERRED", statement) for statement in (*HOUSE, *OBSERVED, *DERIVED))
"""Statements that make the tables as they are now, in order."""
POSTS_CREATED = "CREATE INDEX posts_created ON posts (created_at)"
CONTAINERS = """
CREATE TABLE containers (
  place TEXT PRIMARY KEY,         -- as source_paths.place
  size INTEGER,
  mtime_ns INTEGER,
  reader INTEGER,                 -- version of the parser that read its members
  members INTEGER NOT NULL        -- documents in it
) WITHOUT ROWID"""
SIGHTINGS_SIGNER = "CREATE INDEX sightings_signer ON sightings (signer) WHERE signer IS NOT NULL"

FIRST_SCHEMA = (*(_LATER.sub("", statement).replace(",\n)", "\n)") for statement in TABLES), *search_schema.DDL, *views.VIEWS)
"""Statements that make the tables and views of schema version 1, in order: where the steps of ``migrations`` begin."""
PRESENT_SCHEMA = (*TABLES, POSTS_CREATED, CONTAINERS, SIGHTINGS_SIGNER, *search_schema.DDL, *views.VIEWS)
"""Statements that make what the first schema and all steps together lead to."""
