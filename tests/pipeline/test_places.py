"""Where posts stand in their thread, by the pages of the archiver."""

from __future__ import annotations

from forumclean.pipeline.places import posts_before
from forumclean.pipeline.settle_threads import About, Source


def about(source_id: int, page: int | None, *, view: int = 2, last: str = "2024-01-01T00:00:00Z", ordinal: int = 0) -> About:
    source = Source(source_id, last, last, last, (-view, last, str(source_id)), (view, last, str(source_id)), None)
    return About(source, ordinal, None, page, {})


def test_pages_before_a_page_are_counted() -> None:
    """Ten, ten, and what is left; the order in which the pages came does not matter."""
    seen = [about(3, 3), about(1, 1), about(2, 2)]
    assert posts_before(seen, {1: 10, 2: 10, 3: 4}) == {1: 0, 2: 10, 3: 20}
    assert posts_before(seen[::-1], {1: 10, 2: 10, 3: 4}) == {1: 0, 2: 10, 3: 20}


def test_behind_a_page_that_was_not_seen_nothing_is_known() -> None:
    """No guess by the length of the others."""
    assert posts_before([about(1, 1), about(3, 3)], {1: 10, 3: 4}) == {1: 0}
    assert posts_before([about(2, 2), about(3, 3)], {2: 10, 3: 4}) == {}


def test_other_views_and_lists_do_not_count() -> None:
    """Desktop pages print floors, flattened ones lose posts; a row of a list is no page; a page without a number is none."""
    assert posts_before([about(1, 1, view=5), about(2, 2, view=1), about(3, None), about(4, 1, ordinal=3)], {1: 10}) == {}


def test_of_a_page_seen_twice_the_latest_counts() -> None:
    """It had nine posts once, and ten later: the pages behind it begin with the eleventh."""
    seen = [about(1, 1, last="2024-01-01T00:00:00Z"), about(2, 1, last="2024-06-01T00:00:00Z"), about(3, 2)]
    assert posts_before(seen, {1: 9, 2: 10, 3: 2}) == {1: 0, 2: 0, 3: 10}
