"""Newer rules scrub again what older ones have scrubbed, without the files: what comes out is what a fresh import gives."""

from __future__ import annotations

import io
import runpy
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from forumclean import settings as limits
from forumclean.archiver import rows
from forumclean.archiver.archive import Archive
from forumclean.archiver.observed import observed
from forumclean.cuts import replay
from forumclean.pipeline import local, parcels, rescrub, work
from forumclean.pipeline.settle import settle
from forumclean.records import Body, Cut, Doubt, Evidence, Mark, Page, Post, RawDocument, Ref, Scrubbed, Thread
from forumclean.scrubber import scrub
from forumclean.scrubber.element import element_cuts
from forumclean.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Sequence

TESTS = Path(__file__).resolve().parents[1]
content = runpy.run_path(str(TESTS / "archive_content.py"))["content"]
JANUARY, FEBRUARY, MARCH = (f"2024-0{month}-01T00:00:00Z" for month in (1, 2, 3))
SIGN = "院里养花\n心里不慌"
NOISE = ("# a6 I- l @* J/ z. r", "/ D1 T# G% ]0 d: Y* l", "f8 E, t. ]% N* m+ A4 c")
JAMMED = f"第一行。{NOISE[0]}\n{NOISE[1]}11 月 21 日\n{NOISE[2]}第三行"
CLEAN = "第一行。\n11 月 21 日\n第三行"


def post(ordinal: int, body: Body | str | None, name: str = "甲", **more: Any) -> Post:
    fields = {"author_name": name, "created_at": f"2023-01-{ordinal:02}T00:00:00Z", "created_at_precision": "second"}
    return Post(ordinal=ordinal, body=Body(body) if isinstance(body, str) else body, fields=fields, state="missing" if body is None else "ok", **more)


def page(tid: int, *posts: Post, at: str = JANUARY, view: str = "flattened", **evidence: Any) -> Page:
    return Page(
        ref=Ref(path=f"{tid} {at} {view}", place=f"{tid} {view}"), kind="thread", view=view, captured_at=at, captured_how="page", posts=posts,
        threads=(Thread(tid=tid, page=1),), evidence=Evidence(proof=view != "flattened", **evidence))


def elements() -> Body:
    """The same post as ``JAMMED`` in its page: jammers are elements, and there is code that looks like noise."""
    code = f"{NOISE[0]}\n{NOISE[1]}"
    text = f"{JAMMED}\n{code}"
    marks = [Mark(JAMMED.index(noise), JAMMED.index(noise) + len(noise), "jammer", "font.jammer") for noise in NOISE]
    return Body(text, (*marks, Mark(len(text) - len(code), len(text), "code")))


def signed(tid: int) -> Page:
    return page(tid, post(1, f"{JAMMED}\n第 {tid} 天{NOISE[tid % 3]}\n{SIGN}", "丁"), post(2, None), post(3, JAMMED, "乙"))


PAGES = (
    page(1, post(1, JAMMED), post(2, "没有噪音。\n两行", "乙"), post(3, None)),
    *(signed(tid) for tid in range(2, 6)),  # a signature that shows over several pages
    page(6, post(1, JAMMED), jammer=False),
    page(7, post(1, f"{JAMMED}\n只有平面"), at=FEBRUARY), page(7, post(1, elements(), html="<p>x</p>", pid=9), view="desktop"),
    page(8, post(1, JAMMED), at=FEBRUARY), page(8, post(1, JAMMED.replace(NOISE[0], NOISE[2])), at=MARCH),
    page(9, post(1, JAMMED), blanks="collapsed"),
)


def imported(path: Path, monkeypatch: pytest.MonkeyPatch, rules: Any = scrub, pages: Sequence[Page] = PAGES) -> Archive:
    """An archive of the pages, scrubbed by these rules."""
    archive = Archive.open(path)
    with monkeypatch.context() as patch:
        patch.setattr(work, "scrub", rules)
        if rules is not scrub:
            patch.setattr(limits, "RULES", limits.RULES - 1)
        for one in pages:
            patch.setattr(work, "parse", lambda *_, one=one: [one])
            archive.store(work.batches(RawDocument.from_bytes(b""), Settings(), f"{one.ref.path:0>64}"))
        settle(archive)
    assert archive.verify() == []
    return archive


def blind(bodies: Sequence[Body], _evidence: Evidence) -> list[Scrubbed]:
    """Rules that know no noise but elements."""
    return [Scrubbed(replay(body.text, cuts), tuple(cuts)) for body in bodies for cuts in [element_cuts(body)]]


def zealous(bodies: Sequence[Body], evidence: Evidence) -> list[Scrubbed]:
    """Rules that see noise in every text without marks, at its end."""
    return [
        done if body.marks or evidence.proof else Scrubbed(body.text[:-1], (Cut(len(body.text) - 1, body.text[-1], "", "old"),))
        for body, done in zip(bodies, scrub(bodies, evidence), strict=True)
    ]


def doubtful(bodies: Sequence[Body], evidence: Evidence) -> list[Scrubbed]:
    """The present rules, but for their doubts."""
    return [Scrubbed(done.text, done.cuts, (Doubt(0, body.text[:1], "old", "who knows"),)) for body, done in zip(bodies, scrub(bodies, evidence), strict=True)]


def test_rules_that_did_not_change_change_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The very same archive, digests and all, when only the version is raised; and a second time nothing is even looked at."""
    with imported(tmp_path / "a.db", monkeypatch) as archive:
        before, ids = content(archive.connection), archive.connection.execute("SELECT id, revision_id FROM sightings").fetchall()
        monkeypatch.setattr(limits, "RULES", limits.RULES + 1)
        assert settle(archive) == {}
        assert content(archive.connection) == before
        assert archive.connection.execute("SELECT id, revision_id FROM sightings").fetchall() == ids
        monkeypatch.setattr(rescrub, "scrub", None)
        assert settle(archive, everything=True) == {}


@pytest.mark.parametrize("rules", [blind, zealous, doubtful])
def test_what_comes_out_is_what_a_fresh_import_gives(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rules: Any) -> None:
    """Cuts, doubts, revisions, signatures, poorer views; twice is once."""
    with imported(tmp_path / "new.db", monkeypatch) as fresh, imported(tmp_path / "old.db", monkeypatch, rules) as archive:
        assert content(archive.connection) != content(fresh.connection)
        assert settle(archive)["scrubbed anew"] > 0
        assert archive.verify() == []
        assert content(archive.connection) == content(fresh.connection)
        ask = archive.connection.execute
        assert CLEAN in {text for text, in ask("SELECT text FROM posts")}
        assert ask("SELECT text FROM signatures").fetchall() == [(SIGN,)]
        assert ask("SELECT count(*) FROM sightings WHERE own_hash IS NOT NULL").fetchone() > (0,)
        assert settle(archive, everything=True) == {}


@pytest.mark.parametrize("pages", [1, 5, 9])
def test_a_killed_run_goes_on_where_it_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pages: int) -> None:
    """Half of the pages scrubbed anew, nothing settled: the archive passes verify, and the next run completes it."""
    with imported(tmp_path / "new.db", monkeypatch) as fresh, imported(tmp_path / "old.db", monkeypatch, blind) as archive:
        with monkeypatch.context() as patch:
            calls: list[object] = []

            def dies(*told: Any) -> list[Scrubbed]:
                calls.append(told)
                if len(calls) > pages:
                    raise KeyboardInterrupt
                return scrub(*told)

            patch.setattr(rescrub, "scrub", dies)
            patch.setattr(rescrub, "_AT_ONCE", 1)
            with pytest.raises(KeyboardInterrupt):
                settle(archive)
        assert archive.verify() == []
        assert archive.connection.execute("SELECT count(*) FROM sources WHERE rules = ?", (limits.RULES,)).fetchone() == (pages,)
        settle(archive)
        assert archive.verify() == []
        assert content(archive.connection) == content(fresh.connection)


def test_pages_of_html_keep_their_cuts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Marks are proof. Rules that would cut there all the same (eager) need the page itself; what else is on record stays."""
    html = page(1, post(1, elements(), html="<p>x</p>", pid=9), view="desktop")
    with imported(tmp_path / "a.db", monkeypatch, pages=[html]) as archive:
        before = content(archive.connection)
        monkeypatch.setattr(limits, "RULES", limits.RULES + 1)
        monkeypatch.setattr(rescrub, "scrub", lambda bodies, _: [Scrubbed("", (Cut(0, body.text, "", "all"),)) for body in bodies])
        assert settle(archive) == {}
        assert content(archive.connection) == before


def test_pages_of_older_archives_are_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody noted what the scrubber was told of them."""
    with imported(tmp_path / "a.db", monkeypatch, blind) as archive:
        archive.connection.execute("UPDATE sources SET evidence = NULL, rules = NULL")
        before = content(archive.connection)
        assert settle(archive) == {}
        assert content(archive.connection) == before


def test_the_next_import_does_it_by_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Though the files are gone, and whoever read them."""
    given = [TESTS.parent / "fixtures" / "flat" / "thread-52-2-1.txt"]
    local.ingest(str(tmp_path / "new.db"), [str(path) for path in given], Settings())
    with monkeypatch.context() as patch:
        patch.setattr(work, "scrub", blind)
        patch.setattr(limits, "RULES", limits.RULES - 1)
        local.ingest(str(tmp_path / "old.db"), [str(path) for path in given], Settings())
    (tmp_path / "empty").mkdir()
    assert local.ingest(str(tmp_path / "old.db"), [str(tmp_path / "empty")], Settings()).stored["scrubbed anew"] > 0
    assert content(tmp_path / "old.db") == content(tmp_path / "new.db")
    assert local.ingest(str(tmp_path / "old.db"), [str(given[0])], Settings(), full=True).changed == 0


def test_what_it_takes_crosses_the_border_between_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Evidence and marks."""
    monkeypatch.setattr(work, "parse", lambda *_: [PAGES[7]])
    sent = list(observed(work.batches(RawDocument.from_bytes(b""), Settings(profile="eager"), "0")))
    stream = io.BytesIO()
    parcels.pack(sent, stream)
    stream.seek(0)
    got, = parcels.unpack(stream)
    assert [got] == sent
    assert rows.evidence_of(got.source[-1]) == Evidence(proof=True, profile="eager")
    assert got.posts[0].row[rows.SIGHTING_COLUMNS.split(", ").index("marks")] == rows.as_json_rows(elements().marks[-1:])
