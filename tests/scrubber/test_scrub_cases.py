"""The cases of ``fixtures/scrubber``, in four drawers: untouched, wild, synthetic, known failures. Each says why it is there."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from forumclean.records import Body
from forumclean.scrubber import RULES, replay, restore, scrub

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures" / "scrubber"
NOISY = '旧车站要拆了。# a6 I- l @* J/ z. r\n明年盖商场。\n3 x! T5 e& N: u; Q大家都舍不得。7 N) f" h! D* p, k\n先拍几张照片。\n'
CLEAN = "旧车站要拆了。\n明年盖商场。\n大家都舍不得。\n先拍几张照片。\n"  # "the old station will be torn down / a mall next year / …"
NAMES = {rule.name for rule in RULES}


def drawer(name: str, *keys: str, marks: tuple[pytest.MarkDecorator, ...] = ()) -> list:
    cases = json.loads((FIXTURES / f"{name}.json").read_text("utf-8"))
    assert cases, name
    assert all(case["why"] for case in cases), name
    return [pytest.param(*(case.get(key) for key in keys), id=case["id"], marks=marks) for case in cases]


@pytest.mark.parametrize("text", drawer("untouched", "text"))
def test_untouched_alone(text: str) -> None:
    """A text that only looks like noise comes back as it was."""
    assert scrub([Body(text)])[0].text == text


@pytest.mark.parametrize("text", drawer("untouched", "text"))
def test_untouched_in_a_post(text: str) -> None:
    """The same in the middle of a post that nobody jammed."""
    post = CLEAN + text + "\n" + CLEAN
    done = scrub([Body(post)])[0]
    assert (done.text, done.cuts) == (post, ())


@pytest.mark.parametrize(("text", "excuse"), drawer("untouched", "text", "in_jammed"))
def test_untouched_in_a_jammed_post(text: str, excuse: str | None) -> None:
    """The same in the middle of a post whose other lines carry noise."""
    if excuse:
        assert scrub([Body(NOISY + text)])[0].text.startswith(CLEAN)
    else:
        assert scrub([Body(NOISY + text + "\n" + NOISY)])[0].text == CLEAN + text + "\n" + CLEAN


@pytest.mark.parametrize(("text", "clean"), [*drawer("wild", "text", "clean"), *drawer("synthetic", "text", "clean")])
def test_changed(text: str, clean: str) -> None:
    """Noise is cut to the character; cuts replay, restore, are in order and named; a second scrub finds nothing."""
    [done] = scrub([Body(text)])
    assert done.text == clean
    assert replay(text, done.cuts) == done.text
    assert restore(done.text, done.cuts) == text
    assert {cut.rule for cut in done.cuts} <= NAMES
    assert all(a.start + len(a.before) <= b.start for a, b in zip(done.cuts, done.cuts[1:], strict=False))
    assert scrub([Body(clean)])[0].text == clean


@pytest.mark.parametrize(("text", "clean"), drawer("known_failures", "text", "clean", marks=(pytest.mark.xfail(strict=True),)))
def test_known_failure(text: str, clean: str) -> None:
    """What needs a better model of text: strict, so that an accidental fix announces itself."""
    assert scrub([Body(text)])[0].text == clean
