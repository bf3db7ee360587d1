"""Which sightings are one post."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forumclean.pipeline.identity import Seen, posts

OLD, NEW = "2024-01-01T00:00:00Z", "2024-02-01T00:00:00Z"
ALL = ("author", "created_at", "precision", "content_hash")


def sighting(  # noqa: PLR0913 - a builder: all that a test may want to say
    source: str, ordinal: int, *, rank: int = 1, pid: int | None = None, page: int | None = 1, text: str | None = None, **said: str,
) -> Seen:
    return Seen(
        id=hash((source, ordinal)), order=(-rank, OLD, source), ordinal=ordinal, page=page, pid=pid, author=said.get("by"),
        created_at=said.get("at"), precision=said.get("precision"), content_hash=text)


def groups(*sightings: Seen) -> list[list[str]]:
    """Posts as sorted lists of ``source ordinal``."""
    return sorted(sorted(f"{one.order[2]}{one.ordinal}" for one in post.members) for post in posts(sightings))


APART = [
    pytest.param([sighting("a", 1, text="顶"), sighting("a", 2, text="顶")], id="equal texts on one page"),
    pytest.param([sighting("a", 1, pid=1, text="顶"), sighting("b", 1, pid=2, text="顶")], id="different pids"),
    pytest.param([sighting("a", 1, text="顶", by="甲"), sighting("b", 1, text="顶", by="乙")], id="different authors"),
    pytest.param([sighting("a", 1, text="顶", at="2024-01-01T10:00:00Z"), sighting("b", 1, text="顶", at="2024-01-01T10:00:01Z")],
                 id="different seconds"),
    pytest.param([sighting("a", 1, text="一"), sighting("b", 2, text="二")], id="nothing in common"),
    pytest.param([sighting("a", 1, text="顶", by="甲", at="2024-01-01T10:00:00Z"), sighting("a", 2, text="顶", by="乙", at="2024-01-01T10:00:00Z")],
                 id="two authors at the same second on one page"),
    pytest.param([sighting("a", 1, text="一", by="甲", at="2024-01-01T10:00:00Z"), sighting("b", 1, text="二", by="乙", at="2024-01-01T10:00:00Z")],
                 id="two authors at the same second with two texts"),
    pytest.param([sighting("a", 1, text="顶", by="甲", at="2024-01-01T10:00:00Z", precision="minute"),
                  sighting("b", 1, text="顶", by="乙", at="2024-01-01T10:00:00Z", precision="minute")], id="two authors in the same minute"),
    pytest.param([sighting("a", 1, text="一", page=1), sighting("b", 1, text="二", page=2)], id="the same place on different pages"),
    pytest.param([sighting("a", 1, text="顶", page=1), sighting("b", 1, text="顶", page=2)], id="equal texts on different pages"),
    pytest.param([sighting("a", 20, text="一", by="甲", at="2024-01-01T10:00:00Z", precision="minute", page=1),
                  sighting("b", 1, text="二", by="甲", at="2024-01-01T10:00:00Z", precision="minute", page=2)], id="two in a minute over a page break"),
    pytest.param([sighting("a", 1, text="一", page=2, rank=5), sighting("b", 1, text="二", page=2)], id="later pages of views of different length"),
]


@pytest.mark.parametrize("sightings", APART)
def test_posts_that_must_stay_apart(sightings: list[Seen]) -> None:
    """Joining two posts would lose one of them."""
    assert all(len(post.members) == 1 for post in posts(sightings))


ONE = [
    pytest.param([sighting("a", 1, pid=7, text="一"), sighting("b", 3, pid=7, text="二", page=2)], id="pid, whatever else differs"),
    pytest.param([sighting("a", 1, pid=7, text="一", by="甲", at="2024-01-01T10:00:00Z"),
                  sighting("b", 5, text="一", by="甲", at="2024-01-01T10:00:00Z", page=None)], id="author, time and text"),
    pytest.param([sighting("a", 1, pid=7, text="一", by="甲", at="2024-01-01T10:00:31Z"),
                  sighting("b", 5, text="异", by="甲", at="2024-01-01T10:00:00Z", precision="minute", page=None)], id="author and minute, another view's text"),
    pytest.param([sighting("a", 2, text="一"), sighting("b", 1, text="一", page=None)], id="an equal text"),
    pytest.param([sighting("a", 2, text="一", by="甲", at="2024-01-01T10:00:00Z"), sighting("b", 1, text="一", by="改名", at="2024-01-01T10:00:00Z")],
                 id="a member who was renamed"),
    pytest.param([sighting("a", 1, text="一", by="甲", at="2024-01-01T10:00:00Z", page=2), sighting("b", 20, text="一", by="改名", at="2024-01-01T10:00:00Z")],
                 id="renamed, and moved to the page before"),
    pytest.param([sighting("a", 2, text="一"), sighting("b", 2, text="改")], id="the same place: an edit"),
    pytest.param([sighting("a", 2, text="一", rank=5), sighting("b", 2, text="改")], id="the same place on the first page, in another view"),
    pytest.param([sighting("a", 1, text="一", by="甲", at="2024-01-01T10:00:09Z", page=3),
                  sighting("b", 20, text="一", by="甲", at="2024-01-01T10:00:09Z", page=2)], id="moved to the page before"),
    pytest.param([sighting("a", 2, text="一"), sighting("b", 2, text=None)], id="the same place: a text that was lost"),
    pytest.param([sighting("a", 1, text="一", at="2024-01-01T10:00:00Z"), sighting("b", 1, text="一", at="2024-01-01T00:00:00Z", precision="day")],
                 id="the day of the second"),
]


@pytest.mark.parametrize("sightings", ONE)
def test_sightings_of_one_post(sightings: list[Seen]) -> None:
    """In whatever order they come."""
    assert len(posts(sightings)) == 1
    assert len(posts(sightings[::-1])) == 1


def test_a_pid_that_turns_up_later_joins_two() -> None:
    """Printable and archiver pages of one post meet in the desktop page that has its pid."""
    archiver = sighting("a", 4, text="甲", by="张", at="2024-01-01T10:00:00Z", page=None)
    printable = sighting("b", 9, text="乙", by="张", at="2024-01-01T10:00:00Z", page=3)
    assert groups(archiver, printable, sighting("c", 1, rank=5, pid=7, text="丙", by="张", at="2024-01-01T10:00:00Z")) == [["a4", "b9", "c1"]]


def test_a_deleted_post_does_not_shift_the_others() -> None:
    """Equal texts are matched before places."""
    before = [sighting("a", number, text=str(number)) for number in (1, 2, 3)]
    after = [sighting("b", 1, text="1"), sighting("b", 2, text="3")]
    assert groups(*before, *after) == [["a1", "b1"], ["a2"], ["a3", "b2"]]


def test_posts_equal_in_all_we_know_are_paired_in_order() -> None:
    """Posted twice by a slip of the finger: two posts in each capture are two posts."""
    def twice(source: str) -> list[Seen]:
        return [sighting(source, number, text="手滑", by="甲", at="2024-01-01T10:00:00Z") for number in (1, 2)]

    assert groups(*twice("a"), *twice("b")) == [["a1", "b1"], ["a2", "b2"]]


some = st.lists(
    st.builds(
        lambda source, ordinal, rank, pid, page, text, said: sighting(source, ordinal, rank=rank, pid=pid, page=page, text=text, **said),
        st.sampled_from("abc"), st.integers(1, 3), st.just(1), st.sampled_from([None, None, 1, 2]), st.sampled_from([None, 1]),
        st.sampled_from([None, "一", "二"]),
        st.fixed_dictionaries({}, optional={"by": st.sampled_from("甲乙"), "at": st.sampled_from(["2024-01-01T10:00:00Z", "2024-01-01T10:00:09Z", "?"])}),
    ), max_size=9, unique_by=lambda one: (one.order, one.ordinal))


@given(sightings=some, data=st.data())
def test_the_order_of_sightings_does_not_matter(sightings: list[Seen], data: st.DataObject) -> None:
    """Every sighting is in exactly one post, and no page shows a post without a pid twice."""
    assert groups(*data.draw(st.permutations(sightings))) == groups(*sightings)
    assert sorted(one for group in groups(*sightings) for one in group) == sorted(f"{one.order[2]}{one.ordinal}" for one in sightings)
    for post in posts(sightings):
        loose = [one.order for one in post.members if one.pid is None]
        assert len(set(loose)) == len(loose)


def test_a_crowd_of_equal_posts_takes_linear_time() -> None:
    """Thousands of “up” by one author in a minute: the work per sighting does not grow with the thread."""
    def work(pages: int) -> float:
        crowd = [
            sighting(f"{capture}{page:05}", number, page=page, text="顶", by="甲")
            for capture in "ab" for page in range(pages) for number in range(20)]
        started = time.process_time()
        assert len(posts(crowd)) >= pages * 20
        return time.process_time() - started

    assert work(400) < 40 * max(work(40), 0.005), "ten times the posts, far from a hundred times the time"


def test_minutes_ago_may_be_a_minute_earlier() -> None:
    """“2 分钟前” on a page of 03:26 is 03:24, and may be 03:23:29: the same floor, author and text are one post; two minutes apart are not."""
    page = (-1, "", "f")
    def at(time: str, precision: str, order: tuple[int, str, str], number: int) -> Seen:
        return Seen(number, order, 1, 1, None, "甲", time, precision, "h")

    exact = at("2024-01-01T03:23:29Z", "second", (-5, "", "d"), 1)
    assert len(posts([exact, at("2024-01-01T03:24:00Z", "minute", page, 2)])) == 1
    assert len(posts([exact, at("2024-01-01T03:25:00Z", "minute", page, 3)])) == 2


def test_a_floor_of_the_same_author_about_the_same_time() -> None:
    """Views cut threads into other pages, and noise may be read otherwise: author and floor tell, unless the times contradict."""
    def at(number: int, view: int, time: str, precision: str, position: int) -> Seen:
        return Seen(number, (view, "", str(number)), 2, 2, None, "甲", time, precision, f"h{number}", position)

    exact = at(1, -5, "2024-01-01T03:23:29Z", "second", 12)
    assert len(posts([exact, at(2, -1, "2024-01-01T03:24:00Z", "minute", 12)])) == 1
    assert len(posts([exact, at(3, -1, "2024-01-01T03:24:00Z", "minute", 13)])) == 2
    assert len(posts([exact, at(4, -1, "2024-01-02T03:24:00Z", "minute", 12)])) == 2
