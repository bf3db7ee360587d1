"""Marks on jammer elements are proof: cut whatever they cover."""

from __future__ import annotations

from forumclean.records import Body, Cut, Evidence, Mark
from forumclean.scrubber import scrub


def test_other_marks_are_left() -> None:
    """Marks of other names and empty ones cut nothing."""
    body = Body("甲乙丙", (Mark(0, 1, "code"), Mark(1, 1, "jammer"), Mark(2, 3, "image")))
    assert scrub([body], Evidence(proof=True))[0] == scrub([Body("甲乙丙")])[0]


def test_nested_and_touching_marks_are_one_cut() -> None:
    """Elements inside elements, and neighbours, give one cut."""
    body = Body("甲一二三四乙", (Mark(1, 4, "jammer"), Mark(2, 3, "jammer"), Mark(4, 5, "jammer")))
    assert scrub([body], Evidence(proof=True))[0].cuts == (Cut(1, "一二三四", "", "jammer.element"),)


def test_marks_are_cut_without_any_evidence() -> None:
    """A mark is proof by itself, also where the forum's flag says that there is no jammer; text-level noise beside it is only reported."""
    body = Body("甲 x\n乙# a6 I- l @* J/ z. r\n丙", (Mark(1, 3, "jammer"),))
    [done] = scrub([body], Evidence(jammer=False, proof=True))
    assert done.text == "甲\n乙# a6 I- l @* J/ z. r\n丙"
    assert len(done.doubts) == 1


def test_noise_under_a_mark_is_cut_once() -> None:
    """The text-level rules leave marked noise to this one."""
    noise = "# a6 I- l @* J/ z. r"
    [done] = scrub([Body(f"甲{noise}\n乙", (Mark(1, 1 + len(noise), "jammer"),))])
    assert done.cuts == (Cut(1, noise, "", "jammer.element"),)
