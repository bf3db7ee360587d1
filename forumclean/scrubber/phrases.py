"""Words of their own that some boards write where Discuz writes random strings: known phrases, at line borders only.

A board that keeps the element and changes its text leaves the phrase at the end of a line, or glued to the first word of the next one. A member
may write the same words once; so a document must show them at several line breaks.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from forumclean.records import Cut, Doubt
from forumclean.scrubber.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Sequence

    from forumclean.records import Body, Evidence

RULES = (
    Rule(
        name="jammer.phrase",
        why="Fixed phrases that a customised board writes in place of random strings, at the end of a line or glued to the start of the next. Cut "
        "where a document has them at three line borders and more; the same words inside a line, or once, are left.",
        evidence="Flattened pages of a well-known board for students abroad, seen in public text collections: name and address of the board.",
        confidence="fair",
        profiles=("default", "eager"),
        examples=(
            (
                "面经如下. From 1point 3acres bbs\n第一题-google 1point3acres\n. 1point3acres.com/bbsbool cover(int a)\n第二题",
                "面经如下\n第一题\nbool cover(int a)\n第二题",  # "the interview: / question one / … / question two"
            ),
        ),
        untouched=("看 1point3acres.com/bbs\n很多面经", "多谢. From 1point 3acres bbs\n祝好", "到处搜-google 1point3acres 没有\n再搜-baidu 1point3acres 也没有\n算了"),
    ),
)
_KEY = "1point"
_PHRASES = r"\.[ ]From[ ]1point[ ]?3[ ]?acres[ ]bbs | \.[ ]1point[ ]?3[ ]?acres\.com/bbs | -(?:baidu|google)[ ]1point[ ]?3[ ]?acres"
_AT_BORDER = re.compile(rf"^(?:{_PHRASES}) | (?:{_PHRASES})(?=[ \xa0\r]*$)", re.MULTILINE | re.VERBOSE)
_FEWEST = 3
"""Line borders of a document that must show a phrase."""


def phrase_cuts(bodies: Sequence[Body], evidence: Evidence, report: str) -> list[tuple[list[Cut], list[Doubt]]] | None:
    """Find known phrases in all bodies of one document; ``None``: there are none. ``report``: why nothing may be cut; else empty."""
    if not any(_KEY in body.text for body in bodies):
        return None
    found = [[] if body.marks else list(_AT_BORDER.finditer(body.text)) for body in bodies]
    if sum(map(len, found)) < _FEWEST:
        return None
    rule = RULES[0]
    why = report or ("" if evidence.profile in rule.profiles else "words of a board: only the profiles default and eager cut them")
    if why:
        return [([], [Doubt(match.start(), match[0], rule.name, why) for match in each]) for each in found]
    return [([Cut(match.start(), match[0], "", rule.name) for match in each], []) for each in found]
