from __future__ import annotations

import json
import sqlite3
from typing import Any

import pytest

from forumclean.archiver.pages.history import read_history
from forumclean.archiver.reading import Explained, explain_post, list_gaps, list_issues, list_runs
from forumclean.archiver.schema import PRESENT_SCHEMA
from forumclean.errors import ArchiveError, UsageError
from forumclean.records import Cut, Doubt


@pytest.fixture
def archive() -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    for statement in PRESENT_SCHEMA:
        connection.execute(statement)
    connection.executescript("""
        INSERT INTO sites (id, slug) VALUES (1, 'board');
        INSERT INTO threads (id, site_id, tid, title, pages_seen, pages_total) VALUES (1, 1, 10, '求助', 1, 4);
        INSERT INTO posts (id, site_id, thread_id, position, text, state) VALUES (1, 1, 1, 1, '看图', 'ok'), (2, 1, 1, 5, NULL, 'missing');
        INSERT INTO revisions (id, post_id, content_hash, text) VALUES (1, 1, 'aa', '看图');
        INSERT INTO runs (id, started_at, finished_at, version, paths, settings, counts, exit_code, status) VALUES
            (1, '2024-01-01T00:00:00Z', '2024-01-01T00:01:00Z', '0.1.0', '["dumps"]', '{"site": null}', '{"new": 2}', 0, 'finished'),
            (2, '2024-01-02T00:00:00Z', NULL, '0.1.0', '["dumps"]', '{}', NULL, NULL, 'interrupted');
        INSERT INTO sources (id, sha256, kind, status) VALUES (1, 'aa', 'thread', 'ok'), (2, 'bb', 'empty', 'failed'), (3, 'cc', 'thread', 'ok');
        INSERT INTO source_paths (source_id, path, member) VALUES (1, 'a.zip', 'page-1.txt'), (1, 'copy/page-1.txt', NULL), (2, 'leer.txt', NULL);
        INSERT INTO thread_sightings (source_id, ordinal, thread_id, page, fields) VALUES (1, 0, 1, 2, '{}');
        INSERT INTO issues (id, source_id, run_id, level, stage, code, message, excerpt) VALUES
            (1, 1, 1, 'warning', 'parse', 'truncated-block', 'ends early', 'Array ('), (2, 2, 1, 'error', 'source', 'empty', 'no bytes', NULL),
            (3, 2, 2, 'error', 'source', 'empty', 'no bytes', NULL);
    """)
    return connection


def _sighting(archive: sqlite3.Connection, ordinal: int, **columns: Any) -> None:
    columns = {"source_id": 1, "view": "flattened", "state": "ok", "fields": "{}", **columns}
    archive.execute(
        f"INSERT INTO sightings (ordinal, {', '.join(columns)}) VALUES (?{', ?' * len(columns)})", (ordinal, *columns.values()),
    )


def test_runs_newest_first(archive: sqlite3.Connection) -> None:
    killed, fine = list_runs(archive)
    assert (killed.id, killed.finished_at, killed.counts, killed.exit_code) == (2, None, {}, None)
    assert (fine.paths, fine.settings, fine.counts, fine.exit_code) == (["dumps"], {"site": None}, {"new": 2}, 0)
    assert list_runs(archive, limit=1) == [killed]


@pytest.mark.parametrize(("filters", "ids"), [
    pytest.param({}, [3, 1, 2], id="all, newest run first, in order"),
    pytest.param({"run_id": 1}, [1, 2], id="run"),
    pytest.param({"level": "error"}, [3, 2], id="level"),
    pytest.param({"code": "truncated-block"}, [1], id="code"),
    pytest.param({"path": "copy/"}, [1], id="any place of the input"),
    pytest.param({"path": "%"}, [], id="a part of a path is no pattern"),
    pytest.param({"level": "error", "run_id": 1}, [2], id="both"),
    pytest.param({"limit": 2}, [3, 1], id="limit"),
    pytest.param({"level": "info"}, [], id="none"),
])
def test_issues(archive: sqlite3.Connection, filters: dict[str, Any], ids: list[int]) -> None:
    assert [issue.id for issue in list_issues(archive, **filters)] == ids


def test_an_issue_names_its_input(archive: sqlite3.Connection) -> None:
    assert next(list_issues(archive, code="truncated-block")).path == "a.zip!page-1.txt"


def test_gaps_name_pages_and_floors(archive: sqlite3.Connection) -> None:
    thread, = list_gaps(archive)
    assert (thread.title, thread.posts_seen, thread.posts_expected, thread.posts_without_text) == ("求助", 2, 5, 1)
    assert thread.missing_pages == (1, 3, 4)
    assert thread.missing_floors == ((2, 4),)


def test_floors_at_the_end_are_known_from_the_count_of_replies(archive: sqlite3.Connection) -> None:
    archive.execute("UPDATE threads SET replies = 7")
    assert next(list_gaps(archive)).missing_floors == ((2, 4), (6, 8))


def test_posts_of_unknown_floor_could_be_any(archive: sqlite3.Connection) -> None:
    archive.execute("INSERT INTO posts (site_id, thread_id, text, state) VALUES (1, 1, 'x', 'ok')")
    assert next(list_gaps(archive)).missing_floors == ()


def test_explain_restores_what_was_parsed_in_every_sighting(archive: sqlite3.Connection) -> None:
    cuts = [[2, "% k3 A", "", "jammer.line"]]
    _sighting(archive, 1, post_id=1, revision_id=1, captured_at="2024-02-01T00:00:00Z", cuts=json.dumps(cuts), doubts='[[0, "看", "jammer.line", "why"]]')
    _sighting(archive, 2, post_id=1, revision_id=None, state="missing", captured_at="2024-01-01T00:00:00Z", source_id=3)
    _sighting(archive, 3, post_id=2, revision_id=None, state="missing")
    assert explain_post(archive, 1) == [
        Explained("- post 2", "", (), ()),
        Explained("a.zip!page-1.txt post 1", "看图% k3 A", (Cut(2, "% k3 A", "", "jammer.line"),), (Doubt(0, "看", "jammer.line", "why"),)),
    ]
    assert explain_post(archive, 2) == [Explained("a.zip!page-1.txt post 3", "", (), ())]


@pytest.mark.parametrize(("cuts", "left"), [
    pytest.param('[[1, "x", "", "r"]]', 1, id="the same noise says nothing new"),
    pytest.param('[[1, "y", "", "r"]]', 0, id="other noise"),
    pytest.param(None, 0, id="no noise"),
])
def test_explain_leaves_out_doubts_that_another_capture_has_settled(archive: sqlite3.Connection, cuts: str | None, left: int) -> None:
    """As the view ``doubts`` does; the post's own page shows what explain shows."""
    _sighting(archive, 1, post_id=1, revision_id=1, cuts='[[1, "x", "", "r"]]', doubts='[[0, "看", "r", "why"]]')
    _sighting(archive, 2, post_id=1, revision_id=1, cuts=cuts)
    assert [len(one.doubts) for one in explain_post(archive, 1)] == [left, 0]
    history = read_history(archive, 1)
    assert history is not None
    assert [len(one.doubts) for one in history.sightings] == [left, 0]
    assert archive.execute("SELECT count(*) FROM doubts").fetchone() == (left,)


def test_explain_wants_a_post_that_is_there(archive: sqlite3.Connection) -> None:
    with pytest.raises(UsageError, match="no post 99"):
        explain_post(archive, 99)


def test_cuts_that_do_not_fit_their_text_are_told(archive: sqlite3.Connection) -> None:
    """A damaged archive is said to be one, with what to do."""
    _sighting(archive, 1, post_id=1, revision_id=1, cuts='[[9999, "x", "", "rule"]]')
    with pytest.raises(ArchiveError, match="run forumclean verify"):
        explain_post(archive, 1)
