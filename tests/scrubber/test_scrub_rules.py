"""The catalogue: closed, executed, and honest about profiles."""

from __future__ import annotations

import pytest

from forumclean.records import Body, Evidence
from forumclean.scrubber import RULES, Rule, scrub
from forumclean.scrubber.rule import marked

TWO = "第一行# a6 I- l @* J/ z. r\n第二行\n3 x! T5 e& N: u; Q第三行"  # "line one / two / three"


def each(kind: str) -> list:
    return [pytest.param(rule, case, id=f"{rule.name}-{n}") for rule in RULES for n, case in enumerate(getattr(rule, kind))]


@pytest.mark.parametrize(("rule", "text"), each("untouched"))
def test_what_a_rule_leaves_alone(rule: Rule, text: str) -> None:
    """A rule's own counter-examples come back unchanged."""
    assert scrub([Body(text)])[0].text == text


@pytest.mark.parametrize(("rule", "example"), each("examples"))
def test_what_a_rule_cuts(rule: Rule, example: tuple[str, str]) -> None:
    """A rule's examples are true, and it is this rule that cuts."""
    before, after = example
    [done] = scrub([marked(before, "jammer")])
    assert done.text == after
    assert rule.name in {cut.rule for cut in done.cuts}


def test_the_catalogue_is_complete() -> None:
    """Names are unique and dotted; every rule explains itself and shows itself."""
    assert len({rule.name for rule in RULES}) == len(RULES)
    for rule in RULES:
        assert "." in rule.name
        assert rule.why
        assert rule.evidence
        assert rule.examples


@pytest.mark.parametrize(
    "evidence",
    [pytest.param(Evidence(jammer=False), id="the forum has no jammer"), pytest.param(Evidence(proof=True), id="HTML marks are proof")],
)
def test_only_reports(evidence: Evidence) -> None:
    """Where something better speaks against it, text-level noise is reported and left."""
    [done] = scrub([Body(TWO)], evidence)
    assert (done.text, done.cuts) == (TWO, ())
    assert [doubt.rule for doubt in done.doubts] == ["jammer.line-end", "jammer.line-start"]
    [eager] = scrub([Body(TWO)], Evidence(jammer=evidence.jammer, proof=evidence.proof, profile="eager"))
    assert eager.text == "第一行\n第二行\n第三行"


def test_profiles_differ_in_courage() -> None:
    """A lone string: strict wants company or the forum's flag, default takes it where it is beyond doubt, eager also inside a line."""
    lone = "求推荐# a6 I- l @* J/ z. r\n预算三千"  # "what would you buy / for three thousand"
    inline = "求推荐 # a6 I- l @* J/ z. r 预算三千"
    text = {profile: scrub([Body(lone)], Evidence(profile=profile))[0].text for profile in ("strict", "default", "eager")}
    assert text == {"strict": lone, "default": "求推荐\n预算三千", "eager": "求推荐\n预算三千"}
    assert scrub([Body(lone)], Evidence(profile="strict", jammer=True))[0].text == "求推荐\n预算三千"
    assert scrub([Body(inline)])[0].text == inline
    assert scrub([Body(inline)], Evidence(profile="eager"))[0].text == "求推荐  预算三千"
    assert scrub([Body("a, b, c, d, e, f")], Evidence(profile="eager"))[0].text == "a, b, c, d, e, f"


def test_strict_keeps_doubtful_pairs() -> None:
    """Where a border is a guess, strict keeps the characters in question, and both say that it was one."""
    text = "def f(x):% x! T5 e& N: u\n9 T- q/ [+ w' Y; c7 Wif not u P5 f u. P) k! W\nprint(f)"
    default, strict = (scrub([Body(text)], Evidence(profile=profile))[0] for profile in ("default", "strict"))
    assert "if not u" in strict.text
    assert "if not u" not in default.text
    assert any(doubt.text == " u" for doubt in (*default.doubts, *strict.doubts))


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("def f(L):% x! T5 e& N: u\n9 T- q/ [+ w' Y; c7 Wreturn L P5 f u. P) k! W\nprint(f)", id="collapsed"),
        pytest.param("# one# a6 I- l  @* J/ z. r\n3 x! T5 e  N: u; Q# y two; f( e! k/ Q, p# h\n# x three", id="a list mark, or not"),
    ],
)
def test_profiles_are_ordered(text: str) -> None:
    """What strict cuts, default cuts too; what default cuts, eager cuts too; and the doubts are the same."""
    done = [scrub([Body(text)], Evidence(profile=profile, jammer=True))[0] for profile in ("strict", "default", "eager")]
    cut = [{cut.start + n for cut in each.cuts for n in range(len(cut.before))} for each in done]
    assert cut[0] <= cut[1] <= cut[2]
    assert len({each.doubts for each in done}) == 1
