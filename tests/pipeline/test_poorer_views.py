"""A poorer view makes no revision, and nothing of what it showed is lost."""

from __future__ import annotations

import json
import runpy
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forumclean.archiver.archive import Archive
from forumclean.cuts import replay, restore
from forumclean.pipeline.poorer import VIEW, as_cuts
from forumclean.pipeline.settle import settle
from forumclean.records import Cut

if TYPE_CHECKING:
    from collections.abc import Iterator

    from forumclean.records import Batch

make = runpy.run_path(str(Path(__file__).resolve().parents[1] / "archive_pages.py"))
batch, seen = make["batch"], make["seen"]
JANUARY, FEBRUARY, MARCH = (f"2024-0{month}-01T00:00:00Z" for month in (1, 2, 3))
AUTHOR = {"author_name": "甲", "created_at": JANUARY, "created_at_precision": "minute"}
CODES = Cut(2, "~q", "", "noise")


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with Archive.open(tmp_path / "a.db") as opened:
        yield opened


def settled(archive: Archive, *batches: Batch) -> sqlite3.Connection:
    for one in batches:
        archive.store([one])
        settle(archive)
    assert archive.verify() == []
    return archive.connection


def desktop(text: str = "前面 [locked: 价] 后面", at: str = JANUARY, **more: Any) -> Batch:
    return batch("d", seen(1, text, pid=9, html=f"<p>{text}</p>", **AUTHOR, **more), tid=1, page=1, at=at)


def printable(text: str = "前面 后面", at: str = FEBRUARY, **more: Any) -> Batch:
    return batch("p", seen(1, text, html="<i>print</i>", cuts=(CODES,), **AUTHOR, **more), tid=1, page=1, at=at, view="printable")


def texts(connection: sqlite3.Connection) -> tuple[list[Any], list[Any]]:
    """The posts' texts; the revisions'."""
    return ([row[0] for row in connection.execute("SELECT text FROM posts")], [row[0] for row in connection.execute("SELECT text FROM revisions ORDER BY text")])


def parsed(connection: sqlite3.Connection) -> dict[str, str]:
    """View → the parsed text of its sighting, restored from revision and cuts as any reader would."""
    rows = connection.execute("SELECT x.view, r.text, x.cuts FROM sightings AS x JOIN revisions AS r ON r.id = x.revision_id")
    return {view: restore(text, [Cut(*cut) for cut in json.loads(cuts or "[]")]) for view, text, cuts in rows}


def test_equal_texts_stay_as_they_are(archive: Archive) -> None:
    """A poorer view that shows the same text points at its revision, with the cuts that cleaning made."""
    connection = settled(archive, desktop("前面 后面"), printable())
    assert texts(connection) == (["前面 后面"], ["前面 后面"])
    assert connection.execute("SELECT own_hash, own_cuts, cuts FROM sightings WHERE view = 'printable'").fetchall() == [
        (None, None, '[[2,"~q","","noise"]]'),
    ]


@pytest.mark.parametrize("order", [(0, 1), (1, 0)], ids=["richer first", "poorer first"])
def test_a_poorer_view_makes_no_revision(archive: Archive, order: tuple[int, int]) -> None:
    """Whichever comes first: one revision, the richer view's text and HTML, and the parsed text of both restored from it."""
    both = (desktop(), printable())
    connection = settled(archive, *(both[place] for place in order))
    assert texts(connection) == (["前面 [locked: 价] 后面"], ["前面 [locked: 价] 后面"])
    assert connection.execute("SELECT html, last_seen_at FROM posts").fetchall() == [("<p>前面 [locked: 价] 后面</p>", FEBRUARY)]
    assert parsed(connection) == {"desktop": "前面 [locked: 价] 后面", "printable": "前面~q 后面"}
    assert connection.execute("SELECT first_seen_at, last_seen_at FROM revisions").fetchall() == [(JANUARY, JANUARY)]


def test_an_edit_that_only_a_poorer_view_saw_waits(archive: Archive) -> None:
    """The richest view's latest text is the post's, even where a poorer view was captured later (design: observed and derived)."""
    connection = settled(archive, desktop("旧", JANUARY), printable("新的", MARCH))
    assert texts(connection) == (["旧"], ["旧"])
    assert parsed(connection)["printable"] == "新的~q"
    settled(archive, batch("d2", seen(1, "新的", pid=9, **AUTHOR), tid=1, page=1, at=FEBRUARY))
    assert texts(connection) == (["新的"], ["新的", "旧"])
    assert connection.execute("SELECT own_hash FROM sightings WHERE view = 'printable'").fetchall() == [(None,)]


def test_the_richest_of_poorer_views_makes_the_revision(archive: Archive) -> None:
    """Without a desktop page the next best counts."""
    connection = settled(archive, batch("a", seen(1, "前", **AUTHOR), tid=1, page=1, view="archiver"), printable())
    assert texts(connection) == (["前面 后面"], ["前面 后面"])
    settled(archive, desktop())
    assert texts(connection) == (["前面 [locked: 价] 后面"], ["前面 [locked: 价] 后面"])
    assert parsed(connection) == {"desktop": "前面 [locked: 价] 后面", "printable": "前面~q 后面", "archiver": "前"}


def test_a_notice_in_place_of_the_post_is_no_richer_text(archive: Archive) -> None:
    """After a ban seen on the desktop the post keeps what an older touch page showed; an empty text is none."""
    connection = settled(
        archive, desktop("[locked: 屏蔽]", MARCH, state="banned"), batch("t", seen(1, "原文", pid=9, **AUTHOR), tid=1, page=1, at=JANUARY, view="touch"),
        batch("a", seen(1, "", **AUTHOR), tid=1, page=1, at=JANUARY, view="archiver"))
    assert texts(connection) == (["原文"], ["[locked: 屏蔽]", "原文"])


def test_what_was_below_comes_back(archive: Archive) -> None:
    """The richer page reads differently now and shows another post: the poorer view's text is a revision again, with its HTML and cuts."""
    connection = settled(archive, desktop(), printable())
    again = desktop()
    other = batch("d", seen(1, "别的", pid=10, author_name="乙", created_at=MARCH), tid=1, page=1, at=JANUARY)
    settled(archive, type(again)(page=other.page, sha256=again.sha256, site=None, posts=other.posts))
    assert sorted(texts(connection)[1]) == ["别的", "前面 后面"]
    assert connection.execute("SELECT html FROM posts WHERE pid IS NULL").fetchall() == [("<i>print</i>",)]
    assert connection.execute("SELECT cuts, own_hash, own_cuts FROM sightings WHERE view = 'printable'").fetchall() == [
        ('[[2,"~q","","noise"]]', None, None),
    ]


def test_pages_are_counted_in_the_richest_view(archive: Archive) -> None:
    """Pages of telephones are shorter: theirs count only where there is nothing better."""
    def page(view: str, number: int, total: int) -> Batch:
        return batch(f"{view}{number}", seen(1, f"{number}", pid=number), tid=1, page=number, view=view, thread={"pages_total": total})

    connection = settled(archive, page("touch", 1, 5), page("touch", 2, 5), page("touch", 3, 5))
    assert connection.execute("SELECT pages_seen, pages_total FROM threads").fetchall() == [(3, 5)]
    settled(archive, page("desktop", 2, 2))
    assert connection.execute("SELECT pages_seen, pages_total FROM threads").fetchall() == [(1, 2)]


pieces = st.text("ab~", max_size=6)


@given(st.lists(st.tuples(pieces, pieces, st.sampled_from(["", "", "a", "b~"])), max_size=5), pieces, pieces)
def test_cuts_into_the_revision_lead_there_and_back(parts: list[tuple[str, str, str]], tail: str, revision: str) -> None:
    """From the parsed text to the revision and back, whatever cleaning had cut."""
    text, cuts = "", []
    for kept, before, after in parts:
        cuts += [Cut(len(text) + len(kept), before, after, "noise")] if before or after else []
        text += kept + before
    text += tail
    for target in (revision, replay(text, cuts), replay(text, cuts)[1:] + revision):
        found = as_cuts(text, cuts, target)
        assert replay(text, found) == target
        assert restore(target, found) == text
        assert sum(cut.rule == VIEW for cut in found) == (replay(text, cuts) != target)
