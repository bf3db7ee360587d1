"""Tables of the search, and the triggers that tell which rows the index has not seen yet.

Three contentless FTS5 tables hold only the index of ``posts``, ``threads`` and ``documents``; their rowid is the ``id`` of the row. What
goes in is cut into words in Python (``search_words``). SQL cannot do that, so the triggers only note the changed rows in
``search_pending``, in the same transaction as the change and whoever makes it; ``search_index`` works the notes off in batches.

A contentless index forgets a row only when it is given the very words it was fed. So a note keeps them: the title and text *before* the
first change since the row was indexed. ``indexed`` is 0 for rows that the index has never held. Later changes of a noted row add
nothing, the index still holds the first version.
"""

from __future__ import annotations

VERSION = 1
"""Raised when other words are made of the same text: ``search_index`` then builds the index anew."""



def _index(table: str, columns: str, weights: str) -> tuple[str, str]:
    """Return the statements of one index. Datasette and sqlite-utils look for the words in the comment to learn which table it belongs to."""
    return (
        f"""CREATE VIRTUAL TABLE {table}_fts USING fts5(/* content="{table}" */ {columns},
            content='', tokenize='unicode61 remove_diacritics 2')""",
        f"INSERT INTO {table}_fts({table}_fts, rank) VALUES ('rank', 'bm25({weights})')",
    )


def is_first(post: str) -> str:
    """Return SQL that tells whether a row of ``posts`` opens its thread and so is found by the thread's title too."""
    return f"coalesce({post}.is_first, {post}.position = 1, 0)"


def post_title(post: str) -> str:
    """Return SQL of the text that the title column of the index holds for a row of ``posts``: its subject and, if first, the thread's title."""
    return (
        f"nullif(trim(coalesce({post}.subject, '') || CASE WHEN {is_first(post)} THEN char(10) ||"
        f" coalesce((SELECT nullif(t.title, {post}.subject) FROM threads AS t WHERE t.id = {post}.thread_id), '')"
        f" ELSE '' END, char(10)), '')"
    )


def _note(kind: str, row_id: str, values: str, source: str = "", where: str = "1") -> str:
    """Return the statement of a trigger that adds a note unless there is one.

    ``INSERT OR IGNORE`` would not do: inside a trigger the conflict clause of the statement outside wins, and ``OR REPLACE`` there
    would overwrite the words that the index holds.
    """
    return (
        f"INSERT INTO search_pending (kind, id, indexed, old_title, old_text) SELECT '{kind}', {row_id}, {values} {source}"
        f" WHERE {where} AND NOT EXISTS (SELECT 1 FROM search_pending AS s WHERE s.kind = '{kind}' AND s.id = {row_id});"
    )


def _trigger(name: str, when: str, body: str) -> str:
    return f"CREATE TRIGGER {name} {when} BEGIN {body} END"


_POST_CHANGED = (
    f"old.text IS NOT new.text OR old.subject IS NOT new.subject OR {is_first('old')} <> {is_first('new')}"
    f" OR ({is_first('new')} AND old.thread_id <> new.thread_id)"
)
_OLD_POST = f"1, {post_title('old')}, old.text"
_FIRST_POSTS = (f"1, {post_title('p')}, p.text", "FROM posts AS p", f"p.thread_id = old.id AND {is_first('p')}")

INDEXES = (
    *_index("posts", "title, text", "5.0, 1.0"),
    *_index("threads", "title", "5.0"),
    *_index("documents", "title, text", "5.0, 1.0"),
)
"""The full-text tables; a match in a title counts five times one in the text."""

PENDING = """CREATE TABLE search_pending (
        kind TEXT NOT NULL CHECK (kind IN ('post', 'thread', 'document')),
        id INTEGER NOT NULL,            -- of the row, which may be gone
        indexed INTEGER NOT NULL,       -- 1: the index holds the words of old_title and old_text
        old_title TEXT,
        old_text TEXT,
        PRIMARY KEY (kind, id)
    )"""

TRIGGERS = (
    _trigger("posts_search_insert", "AFTER INSERT ON posts", _note("post", "new.id", "0, NULL, NULL")),
    _trigger(
        "posts_search_update",
        f"AFTER UPDATE OF text, subject, is_first, position, thread_id ON posts WHEN {_POST_CHANGED}",
        _note("post", "old.id", _OLD_POST),
    ),
    _trigger("posts_search_delete", "AFTER DELETE ON posts", _note("post", "old.id", _OLD_POST)),
    _trigger("threads_search_insert", "AFTER INSERT ON threads", _note("thread", "new.id", "0, NULL, NULL")),
    # BEFORE: the words of the thread's first post are made with the title that the thread still has
    _trigger(
        "threads_search_update",
        "BEFORE UPDATE OF title ON threads WHEN old.title IS NOT new.title",
        _note("thread", "old.id", "1, old.title, NULL") + _note("post", "p.id", *_FIRST_POSTS),
    ),
    _trigger(
        "threads_search_delete",
        "BEFORE DELETE ON threads",
        _note("thread", "old.id", "1, old.title, NULL") + _note("post", "p.id", *_FIRST_POSTS),
    ),
    _trigger("documents_search_insert", "AFTER INSERT ON documents", _note("document", "new.id", "0, NULL, NULL")),
    _trigger(
        "documents_search_update",
        "AFTER UPDATE OF title, text ON documents WHEN old.title IS NOT new.title OR old.text IS NOT new.text",
        _note("document", "old.id", "1, old.title, old.text"),
    ),
    _trigger("documents_search_delete", "AFTER DELETE ON documents", _note("document", "old.id", "1, old.title, old.text")),
)

DDL = (*INDEXES, PENDING, *TRIGGERS, f"INSERT INTO meta (key, value) VALUES ('search_version', '{VERSION}')")
"""All statements in order. They need the tables ``posts``, ``threads``, ``documents`` and ``meta`` to be there."""
