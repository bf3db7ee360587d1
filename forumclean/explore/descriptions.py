"""What Datasette says about the tables: columns from the comments of the schema, the rest from the tables below."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from forumclean.archiver.schema import PRESENT_SCHEMA

TABLES: dict[str, dict[str, Any]] = {
    "posts": {
        "description": "What people wrote: one row a post, computed from all its sightings. The search box finds Chinese words of any length; quotation marks, OR, -word, AI*, author:, forum:, before: and after: work.",
        # neither facets nor an order of their own: on a million posts each would cost every search more than the search itself
    },
    "threads": {"description": "One row a thread. A thread without posts is known from lists only.", "facets": ["forum_id", "type_name", "special"], "label_column": "title"},
    "forums": {"description": "Boards of a site; counts are what the site itself stated.", "label_column": "name", "sort": "fid"},
    "forum_settings": {"description": "Every leaf of the newest config block of a forum.", "facets": ["forum_id"], "sort": "path"},
    "users": {"description": "Members; guests are names on posts only.", "label_column": "name", "facets": ["group_title"]},
    "user_names": {"description": "Names that a member was seen under."},
    "user_stats": {"description": "Figures of the author panel, as each page showed them.", "facets": ["name"]},
    "signatures": {"description": "Signatures, apart from the posts they stood under."},
    "quotes": {"description": "Which post quotes which."},
    "attachments": {"description": "Files that hang on posts.", "facets": ["kind"], "units": {"size": "B"}},
    "comments": {"description": "点评: short remarks on posts."},
    "ratings": {"description": "评分: credits given to posts."},
    "revisions": {"description": "Texts that a post had over time. Never edited.", "sort_desc": "last_seen_at"},
    "sightings": {"description": "A post as one source showed it, with the cuts made in it. Never edited.", "facets": ["view", "state"]},
    "thread_sightings": {"description": "What a page said about a thread."},
    "sources": {"description": "Inputs, by their bytes.", "facets": ["status", "kind", "engine"], "label_column": "kind"},
    "source_paths": {"description": "Where each input was found.", "label_column": "path", "units": {"size": "B"}},
    "documents": {"description": "Inputs that are not forum pages, as text.", "facets": ["kind", "publisher"], "sort_desc": "published_at", "label_column": "title"},
    "issues": {"description": "What went wrong with inputs, or is worth knowing.", "facets": ["level", "code"], "sort_desc": "id"},
    "runs": {"description": "The log of imports.", "sort_desc": "id", "label_column": "started_at"},
    "rules": {"description": "The rules that cut noise.", "label_column": "name"},
    "sites": {"description": "Boards.", "label_column": "slug"},
    "threads_overview": {"description": "Threads with what is known of them and what is missing.", "facets": ["forum"]},
    "coverage": {"description": "Threads that lack pages, floors or texts.", "facets": ["forum"]},
    "posts_per_month": {"description": "Posts by month and forum, UTC.", "facets": ["forum"]},
    "authors_overview": {"description": "Authors, busiest first."},
    "doubts": {"description": "What the scrubber was unsure of, and no other capture of the post has settled.", "facets": ["rule"]},
    "cleaning_report": {"description": "Cuts and doubts by rule and forum.", "facets": ["rule"]},
    "post_fields": {"description": "Which sighting each field of a post is from.", "facets": ["field", "is_used"]},
    **{name: {"hidden": True} for name in (
        "posts_fts", "threads_fts", "documents_fts", "search_pending", "unsettled", "meta", "migrations", "config_sightings", "forum_sightings",
    )},
}
"""By table or view: what is said of it, and how it is shown first."""
COMMON = {
    "created_at": "when it was written, UTC", "edited_at": "last edit, as the post says, UTC", "captured_at": "when the page was saved, UTC",
    "first_seen_at": "first capture that shows it, UTC", "last_seen_at": "last capture that shows it, UTC",
    "pid": "number of the post on its board", "tid": "number of the thread on its board", "fid": "number of the forum on its board",
    "uid": "number of the member on its board", "text": "plain text, as a person would read it; quoted lines begin with >", "html": "sanitised HTML of the message",
    "replies": "as the board counted them", "views": "as the board counted them",
}
"""Columns that mean the same in every table and need no comment in the schema."""
_TABLE = re.compile(r"\s*CREATE TABLE (\w+) \(")
_COLUMN = re.compile(r'^\s+"?(?P<name>[a-z_0-9]+)"?[ ,].*?(?:--\s*(?P<comment>.+?))?\s*$')


@cache
def columns() -> dict[str, dict[str, str]]:
    """Return the descriptions of columns by table: the comments of the schema, else what the column means everywhere."""
    found: dict[str, dict[str, str]] = {}
    for statement in PRESENT_SCHEMA:
        if (table := _TABLE.match(statement)) is None:
            continue
        lines = [match for line in statement.splitlines()[1:] if (match := _COLUMN.match(line))]
        described = {match["name"]: match["comment"] or COMMON.get(match["name"]) for match in lines}
        found[table[1]] = {name: text for name, text in described.items() if text}
    return found


def database_metadata(ours: str) -> dict[str, Any]:
    """Return the metadata of an archive as Datasette takes it; ``ours``: the address our pages begin with."""
    tables = {}
    for name in {*TABLES, *columns()}:
        facts = dict(TABLES.get(name, {}))
        if described := columns().get(name):
            facts["columns"] = described
        tables[name] = facts
    return {
        "title": "A board, archived",
        "description_html": (
            f'<p><a href="{ours}board">Read it as a board</a> · <a href="{ours}search">search</a> · <a href="{ours}overview">overview</a>. '
            "Below are the rows behind it. All times are UTC.</p>"
        ),
        "tables": tables,
    }
