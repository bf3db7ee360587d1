"""Storing what was seen: twice is once, all or nothing, failures are new once."""

from __future__ import annotations

import runpy
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from forumclean.archiver.archive import Archive
from forumclean.archiver.reading import list_issues, list_runs
from forumclean.pipeline.settle import settle
from forumclean.records import Batch, Cut, Doubt, Page, Ref, SeenPost

TESTS = Path(__file__).resolve().parents[1]
make = runpy.run_path(str(TESTS / "archive_pages.py"))
content = runpy.run_path(str(TESTS / "archive_content.py"))["content"]
batch, config, document, issue, ref, seen = (make[name] for name in ("batch", "config", "document", "issue", "ref", "seen"))

EVERYTHING = (
    batch("t1.html", seen(1, "甲", pid=1, stats={"credits": 5}, author_name="张三", author_uid=3), seen(2, None, pid=2), tid=1, fid=7, page=1),
    config("c.txt", {"fid": "7", "name": "水区", "posts": "3"}, fid=7, name="水区"),
    document("d.txt", "一篇文章", title="题"),
    replace(batch("bad.html", tid=None), posts=()),
)


@pytest.mark.parametrize("stored", [pytest.param((one,), id=one.page.ref.path) for one in EVERYTHING] + [pytest.param(EVERYTHING, id="all")])
def test_storing_again_changes_nothing_and_says_so(tmp_path: Path, stored: tuple[Batch, ...]) -> None:
    """Twice is once, also for a reader that reads everything again."""
    with Archive.open(tmp_path / "a.db") as archive:
        archive.store(stored)
        settle(archive)
        before = content(archive.connection)
        assert archive.store(stored) == {"unchanged": len(stored)}
        assert settle(archive) == {}
        assert content(archive.connection) == before


def unchanged(archive: Archive, one: Ref) -> bool:
    """Looked up together with others: each gets its own answer."""
    others = [ref("t1.html", member="x"), ref("nowhere.html"), replace(one, place=None)]
    first, second, *rest = archive.unchanged([others[0], one, *others[1:]])
    assert (first, rest) == (False, [False, False])
    return second


def known(archive: Archive, where: Ref, one: Batch) -> bool:
    """Likewise."""
    assert one.sha256 is not None
    first, second, third = archive.known([(where, "0" * 64, None), (where, one.sha256, None), (where, "1" * 64, None)])
    assert (first, third) == (False, False)
    return second


def test_known_and_unchanged_tell_what_was_read_to_its_end(tmp_path: Path) -> None:
    """By place, size and time; and by bytes, wherever they are found again."""
    one = batch("t1.html", seen(1, pid=1), tid=1)
    with Archive.open(tmp_path / "a.db") as archive:
        assert not unchanged(archive, one.page.ref)
        assert not known(archive, one.page.ref, one)
        archive.store([one])
        assert unchanged(archive, one.page.ref)
        assert not unchanged(archive, replace(one.page.ref, size=11))
        assert not unchanged(archive, replace(one.page.ref, mtime_ns=1))
        assert not unchanged(archive, replace(one.page.ref, place="elsewhere"))
        assert not unchanged(archive, replace(one.page.ref, member="t1.html"))
        copy = ref("copy/t1.html")
        assert known(archive, copy, one)
        assert unchanged(archive, copy)
        assert archive.connection.execute("SELECT path FROM source_paths ORDER BY id").fetchall() == [("t1.html",), ("copy/t1.html",)]


def test_a_touched_file_is_read_once_more_only(tmp_path: Path) -> None:
    """Equal bytes with a new time: the place is brought up to date, and the next run skips it."""
    one = batch("t1.html", seen(1, pid=1), tid=1)
    touched = replace(one.page.ref, mtime_ns=(one.page.ref.mtime_ns or 0) + 10**9)
    with Archive.open(tmp_path / "a.db") as archive:
        archive.store([one])
        assert not unchanged(archive, touched)
        assert known(archive, touched, one)
        assert unchanged(archive, touched)
        assert archive.connection.execute("SELECT count(*) FROM source_paths").fetchone() == (1,)


def test_standard_input_is_never_unchanged(tmp_path: Path) -> None:
    """It has no place: only its bytes tell."""
    one = batch("-", seen(1, pid=1), tid=1, ref=ref("-", place=None))
    with Archive.open(tmp_path / "a.db") as archive:
        archive.store([one])
        assert not unchanged(archive, one.page.ref)
        assert known(archive, one.page.ref, one)


def test_a_failing_transaction_stores_nothing(tmp_path: Path) -> None:
    """All or nothing: an error while the batches are read leaves the archive as it was."""
    def broken() -> object:
        yield EVERYTHING[0]
        raise RuntimeError("the reader fell over")

    with Archive.open(tmp_path / "a.db") as archive:
        with pytest.raises(RuntimeError):
            archive.store(broken())  # type: ignore[arg-type]
        assert set(archive.counts().values()) == {0}
        assert archive.store(EVERYTHING)["sources"] == len(EVERYTHING)


def test_a_document_of_several_batches_is_one_source(tmp_path: Path) -> None:
    """Read block by block: configs are numbered through, and the whole is compared when it comes again."""
    first, second = (config("dump.txt", {"fid": str(fid), "name": "x"}, fid=fid, name="x") for fid in (1, 2))
    parts = [replace(first, last=False), replace(second, sha256=first.sha256)]
    with Archive.open(tmp_path / "a.db") as archive:
        assert archive.store(parts) == {"sources": 1, "forum_configs": 2}
        assert archive.connection.execute("SELECT ordinal FROM config_sightings").fetchall() == [(1,), (2,)]
        assert archive.store(parts) == {"unchanged": 1}
        assert archive.store([first]) == {"changed": 1}
        settle(archive)
        assert archive.connection.execute("SELECT fid FROM forums").fetchall() == [(1,)]


def test_a_failure_is_new_once_until_the_file_changes(tmp_path: Path) -> None:
    """Cron must not mail the same trouble every night."""
    bad = ref("x.bin")
    with Archive.open(tmp_path / "a.db") as archive:
        run = archive.begin_run("1", {}, ["."])
        assert archive.failed(bad, issue(), run)
        assert not archive.failed(bad, issue(), run)
        assert archive.failed(bad, issue("too-large"), run)
        assert archive.failed(replace(bad, size=99), issue(), run)
        assert archive.failed(ref("other.bin"), issue(), run)
        assert not unchanged(archive, bad), "it may have become readable: tried again, not reported again"
        assert sorted(issue.path for issue in list_issues(archive.connection, level="error")) == ["other.bin", "x.bin", "x.bin", "x.bin"]


def test_issues_and_runs_are_listed_latest_first(tmp_path: Path) -> None:
    """With the input's path, and with plain values for settings and counts."""
    with Archive.open(tmp_path / "a.db") as archive:
        first = archive.begin_run("1", {"site": None}, ["in"])
        archive.store([replace(EVERYTHING[0], page=replace(EVERYTHING[0].page, issues=(issue("cut-bytes"),)))], first)
        archive.end_run(first, {"new": 1}, 0)
        second = archive.begin_run("1", {}, [])
        third = archive.begin_run("1", {}, [])
        assert [(run.id, run.status) for run in list_runs(archive.connection)] == [(third, "running"), (second, "interrupted"), (first, "finished")]
        assert [(run.counts, run.settings) for run in list_runs(archive.connection)][-1] == ({"new": 1}, {"site": None})
        assert [(issue.path, issue.code, issue.run_id) for issue in list_issues(archive.connection)] == [("t1.html", "cut-bytes", first)]
        assert list(list_issues(archive.connection, run_id=second)) == []


@pytest.mark.parametrize("text", [
    pytest.param("半个字符\ud83d", id="lone surrogate"),
    pytest.param("零\x00字节", id="NUL"),
    pytest.param("\udcff", id="byte that was no UTF-8"),
])
def test_texts_that_sqlite_cannot_hold_do_not_stop_a_run(tmp_path: Path, text: str) -> None:
    """One bad page never stops a run; a half character becomes U+FFFD."""
    with Archive.open(tmp_path / "a.db") as archive:
        archive.store([batch("t.html", seen(1, text, pid=1, author_name=text), tid=1)])
        settle(archive)
        assert archive.connection.execute("SELECT text, author_name FROM posts").fetchone() == (
            text.replace("\ud83d", "\ufffd").replace("\udcff", "\ufffd"),) * 2
        assert archive.verify() == []


def test_numbers_beyond_64_bits_become_null(tmp_path: Path) -> None:
    """A hostile pid or uid is no identity."""
    with Archive.open(tmp_path / "a.db") as archive:
        archive.store([batch("t.html", seen(1, pid=10**30, author_uid=10**30, author_name="甲"), tid=10**30)])
        settle(archive)
        assert archive.connection.execute("SELECT pid, author_uid, author_name FROM posts").fetchall() == [(None, None, "甲")]
        assert archive.verify() == []


def test_cuts_and_doubts_are_kept_as_json(tmp_path: Path) -> None:
    """[start, before, after, rule] and [start, text, rule, why]; NULL where there are none."""
    noisy = SeenPost(
        post=seen(1).post, text="正文", html=None, content_hash="h", cuts=(Cut(0, "( G", "", "jammer.line"),), doubts=(Doubt(1, "文", "r", "why"),))
    with Archive.open(tmp_path / "a.db") as archive:
        archive.store([batch("t.html", noisy, seen(2))])
        assert archive.connection.execute("SELECT cuts, doubts FROM sightings ORDER BY ordinal").fetchall() == [
            ('[[0,"( G","","jammer.line"]]', '[[1,"文","r","why"]]'), (None, None)]


def test_an_equal_text_of_a_known_pid_is_not_stored_twice(tmp_path: Path) -> None:
    """A nightly capture of an unchanged post costs a sighting, no second copy of the text."""
    with Archive.open(tmp_path / "a.db") as archive:
        archive.store([batch("a.html", seen(1, "长文", pid=1, html="<p>长文</p>"), tid=1)])
        settle(archive)
        again = archive.store([batch("a.html", seen(1, "长文", pid=1), tid=1, salt="later")])
        assert (again["sightings"], again["revisions"]) == (1, 0)


@pytest.mark.parametrize(("site", "host", "slug"), [
    pytest.param("mine", "bbs.example.org", "mine", id="the user's word goes first"),
    pytest.param(None, "bbs.example.org", "bbs.example.org", id="an unknown host is a site of its own"),
    pytest.param(None, None, "unknown", id="nothing is known"),
])
def test_the_site_of_a_page(tmp_path: Path, site: str | None, host: str | None, slug: str) -> None:
    """Two boards never share a site by accident: their thread numbers would collide."""
    with Archive.open(tmp_path / "a.db") as archive:
        archive.store([batch("t.html", seen(1, pid=1), tid=1, site=site, host=host)])
        assert archive.connection.execute("SELECT slug FROM sites").fetchall() == [(slug,)]


def test_a_host_leads_to_the_site_it_was_given(tmp_path: Path) -> None:
    """One board may have many hosts: what the user said once holds for later imports."""
    with Archive.open(tmp_path / "a.db") as archive:
        archive.store([batch("a.html", seen(1, pid=1), tid=1, site="board", host="a.example.org")])
        archive.store([batch("b.html", seen(1, pid=2), tid=2, host="a.example.org")])
        assert archive.connection.execute("SELECT slug FROM sites").fetchall() == [("board",)]


def test_the_rule_catalogue_is_the_last_one(tmp_path: Path) -> None:
    """Name, why and evidence of the rules that the archive was scrubbed with."""
    with Archive.open(tmp_path / "a.db") as archive:
        archive.record_rules([("a", "why", None), ("b", "why", "seen")])
        archive.record_rules([("b", "better why", "seen")])
        assert archive.connection.execute("SELECT name, why, evidence FROM rules").fetchall() == [("b", "better why", "seen")]


def test_posts_without_a_thread_record_get_a_thread(tmp_path: Path) -> None:
    """A parser that found posts but no thread says nothing wrong: the thread is the source's own."""
    with Archive.open(tmp_path / "a.db") as archive:
        archive.store([batch("t.html", seen(1), threads=())])
        assert settle(archive) == {"posts": 1, "threads": 1}


def test_rows_belong_to_their_transaction(tmp_path: Path) -> None:
    """A reader sees nothing of a page before settle, then all of it."""
    path = tmp_path / "a.db"
    with Archive.open(path) as archive:
        reader = sqlite3.connect(path)
        archive.store([batch("t.html", seen(1, pid=1), seen(2, pid=2), tid=1)])
        assert reader.execute("SELECT (SELECT count(*) FROM posts), (SELECT count(*) FROM threads)").fetchone() == (0, 0)
        settle(archive)
        assert reader.execute("SELECT (SELECT count(*) FROM posts), (SELECT count(*) FROM threads)").fetchone() == (2, 1)
        reader.close()


def test_a_page_alone_is_kept_as_a_source(tmp_path: Path) -> None:
    """Assets and unsupported inputs leave a row, with their status."""
    asset = Batch(page=Page(ref=ref("a.css"), kind="text", status="asset"), sha256="00", site=None)
    with Archive.open(tmp_path / "a.db") as archive:
        assert archive.store([asset]) == {"sources": 1}
        assert settle(archive) == {}
        assert archive.connection.execute("SELECT status FROM sources").fetchall() == [("asset",)]
