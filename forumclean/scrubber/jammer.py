"""The jammer in flattened text: random pairs of characters at the borders of lines, the tags around them gone.

Discuz hides one random string at every line break of a post from people, but not from programs: in text without tags it is glued to the end
of the line before or to the start of the line after. `grammar` knows its shape, `runs` finds what has this shape, `verdict` decides what is
noise, `decide` where it ends. What is left alone: lists, key tables, spelled-out words and code that look like pairs (`verdict.Level`), and
all of it where the forum's own flag says that it has no jammer, or where the source is HTML and its elements are proof.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from itertools import accumulate
from typing import TYPE_CHECKING

from forumclean.records import Cut, Doubt
from forumclean.scrubber.decide import decide
from forumclean.scrubber.grammar import B_SIDE, FUSED
from forumclean.scrubber.phrases import phrase_cuts
from forumclean.scrubber.rule import Rule
from forumclean.scrubber.runs import find_runs, tightened
from forumclean.scrubber.unspaced import unspaced_cuts
from forumclean.scrubber.verdict import verdicts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from forumclean.records import Blanks, Body, Evidence
    from forumclean.scrubber.runs import Place, Run

_EVIDENCE = (
    "Source of Discuz 6.0 to X3.5: 5 to 15 pairs of code 32-59, blank, code 63-126; one block per line break, before or after it, checked "
    "against 13,985 blocks of a live X3.4 board. Five pairs in a row at all were found 17 times in 874 million characters of forum text, "
    "and every time it was noise."
)
RULES = (
    Rule(
        name="jammer.line-start",
        why="The hidden random string after a line break, glued to the line behind it once the tags are gone. The first character may be lost "
        "(a blank, trimmed). Lists, key tables and code are left alone: few different characters, or characters in order; and so is a lone "
        "string in a text whose other line breaks have none.",
        evidence=_EVIDENCE,
        confidence="high",
        examples=(
            ("第一行\n/ D1 T# G% ]0 d: Y* l11 月 21 日", "第一行\n11 月 21 日"),  # "line one / 21 November"
            ("第一行\nf8 E, t. ]% N* m+ A4 c第二行", "第一行\n第二行"),
        ),
        untouched=("1 a2 b3 c4 d5 e", "q w e r t y u i o p", "(a) (b) (c) (d) (e) (f)", "5 A 6 B 7 C 8 D 9 E"),
    ),
    Rule(
        name="jammer.line-end",
        why="The random string in the page's own colour before a line break, glued to the line in front of it.",
        evidence=_EVIDENCE,
        confidence="high",
        examples=(
            ("名单之上。# a6 I- l @* J/ z. r\n下一行", "名单之上。\n下一行"),  # "on the list. / next line"
            ("Done, see below&amp; x9 c$ S- m# g2 B. \\7 W\nBye", "Done, see below\nBye"),
        ),
        untouched=("a, b, c, d, e, f", "J. R. R. T. O. L", "1. A. B. C. D. E", "x, y, z, w", "V e r t e x"),
    ),
    Rule(
        name="jammer.alone",
        why="A line that was empty before Discuz put one string or two on it (ten to thirty pairs). It is empty again; the line stays.",
        evidence=_EVIDENCE,
        confidence="high",
        examples=(("一段\n' x6 U# g7 n0 ], g$ d- O) \\$ k; E1 C6 f\" Z; D0 S2 ?8 s$ z\n二段", "一段\n\n二段"),),  # "one paragraph / another"
        untouched=("3 i+ z$ b* U8 O1 T3 \\3 Y",),
    ),
    Rule(
        name="jammer.inline",
        why="A random string inside a line: somebody joined the lines. Cut only in a text that has more of them, and where it borders on text "
        "its ends are often a guess.",
        evidence=_EVIDENCE,
        confidence="fair",
        examples=(("一 # a6 I- l @* J/ z. r 二 3 i+ z$ b* U8 O1 T3 \\3 Y 三", "一  二  三"),),
        untouched=("键位 # a6 I- l @* J/ z. r 如上",),  # "keys … as above": one string, and no line break
    ),
)
NAMES: dict[Place, str] = {"line-start": RULES[0].name, "line-end": RULES[1].name, "alone": RULES[2].name, "inline": RULES[3].name}
_ENOUGH = 400
"""Runs of a body that are enough to see how blanks survived."""
_EDGE = 7
"""Characters of a run, from either end, that may be text."""
_FAR = 6 * FUSED
"""Characters of a run that are enough for the same."""
_CLOSED = frozenset({"code", "jammer"})
"""Marks inside which nothing is cut for its looks."""
_WIDE = re.compile(r"[ \xa0]{2}")
_GAPS = 0.5
"""Share of pairs whose A was a blank: one in 28 in noise. A run with more is a line of single letters, and tells nothing."""
_GAP = re.compile(r"(?<=[?-~])[ \xa0]+(?=[?-~])")
"""A pair whose A was a blank, inside a run."""


def jammer_cuts(bodies: Sequence[Body], evidence: Evidence) -> list[tuple[list[Cut], list[Doubt]]]:
    """Find the noise in all bodies of one document; cuts and doubts of each, sorted by start.

    Nothing inside a ``code`` or ``jammer`` mark is touched. Where ``evidence.jammer`` is False or ``evidence.proof`` True, what would be cut
    is reported as doubts instead, except under the profile ``eager``.
    """
    open_runs = [find_runs(_outside(body), "collapsed") for body in bodies]
    if not any(open_runs):
        return phrase_cuts(bodies, evidence, _reports(evidence)) or unspaced_cuts(bodies, evidence, _reports(evidence))
    loose = [find_runs(body.text, "collapsed") if body.marks else each for body, each in zip(bodies, open_runs, strict=True)]
    texts = [body.text for body in bodies]
    blanks = evidence.blanks or blanks_of(texts, loose)
    found = loose if blanks == "collapsed" else [tightened(text, each) for text, each in zip(texts, loose, strict=True)]
    runs = [_unmarked(each, body) for each, body in zip(found, bodies, strict=True)]
    whys = verdicts(texts, runs, blanks, evidence)
    report = _reports(evidence)
    noise = [[run for run, reason in zip(each, reasons, strict=True) if reason == ""] if not report else [] for each, reasons in zip(runs, whys, strict=True)]
    out = []
    for text, each, reasons, decided in zip(texts, runs, whys, decide(texts, runs, noise, blanks, evidence.profile), strict=True):
        cuts = [Cut(start, text[start:end], "", NAMES[run.place]) for run, found, *_ in decided for start, end in found]
        doubts = [Doubt(start, text[start:end], NAMES[one.run.place], why) for one in decided for start, end, why in one.doubtful]
        if len(decided) < len(each):
            doubts += [
                Doubt(run.start, text[run.start : run.end], NAMES[run.place], reason or report)
                for run, reason in zip(each, reasons, strict=True) if reason or (reason == "" and report)
            ]
        out.append((cuts, doubts))
    return out


def _reports(evidence: Evidence) -> str:
    """Why noise in this document is only reported; empty if it may be cut."""
    if evidence.profile == "eager":
        return ""
    if evidence.jammer is False:
        return "the forum says that it has no jammer"
    return "the page's elements are proof, and this is none of them" if evidence.proof else ""


def blanks_of(texts: Sequence[str], runs: Sequence[Sequence[Run]]) -> Blanks:
    """How blanks survived: where A was a blank, noise has two in a row, no-break ones in Discuz's page, or one if they were collapsed.

    >>> text = "# a6 I- l @* J/ z. r"
    >>> blanks_of([text], [find_runs(text, "collapsed")])
    'collapsed'
    """
    if not any("  " in text or ("\xa0" in text and _WIDE.search(text)) for text in texts):
        return "collapsed"
    found = [
        (run, gap)
        for text, each in zip(texts, runs, strict=True)
        for run in each[:_ENOUGH]
        if not _plain(text, run) and len(gaps := list(_GAP.finditer(text, run.start, min(run.end, run.start + _FAR)))) <= _GAPS * run.pairs
        for gap in gaps
    ]
    wide = [gap[0] for _, gap in found if len(gap[0]) > 1]
    lone = [run.start + _EDGE <= gap.start() < run.end - _EDGE for run, gap in found if len(gap[0]) == 1]
    if len(wide) > len(lone):
        return "nbsp" if any("\xa0" in gap for gap in wide) else "kept"
    if not any(lone) and any("  " in text or "\xa0\xa0" in text for text in texts):
        return "kept"  # lone blanks near the ends of runs may be the text's
    return "collapsed"


def _plain(text: str, run: Run) -> bool:
    """Tell the usual case early: every third character is a blank, and no other."""
    start, end, _, _, even = run
    end = min(end, start + _FAR)
    return even and text.count(" ", start, end) + text.count("\xa0", start, end) == (end - start) // 3 and text[start] not in B_SIDE


def _outside(body: Body) -> str:
    """The text between the marks whose inside is not touched: a run that may be cut lies in one piece of it."""
    if not body.marks:
        return body.text
    pieces: list[str] = []
    done = 0
    for start, end, name, _ in body.marks:
        if name in _CLOSED:
            pieces.append(body.text[done:start])
            done = max(done, end)
    return "\n".join([*pieces, body.text[done:]])


def _unmarked(runs: list[Run], body: Body) -> list[Run]:
    """The runs that no ``code`` or ``jammer`` mark touches."""
    marks = [mark for mark in body.marks if mark.name in _CLOSED]
    if not marks:
        return runs
    ends = list(accumulate((mark.end for mark in marks), max))
    starts = [mark.start for mark in marks]

    def touched(run: Run) -> bool:
        before = bisect_left(starts, run.end)  # marks that begin before the run ends
        return before > 0 and ends[before - 1] > run.start

    return [run for run in runs if not touched(run)]
