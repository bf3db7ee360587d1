"""What stands apart from the text of a post on a flattened page: signatures, where the page shows in two ways at once that they are none of it.

By layout: the blank lines in front of and behind the last block are those that only the template leaves. By repetition: the posts of one
author end with the same lines. Nothing is cut on a guess: one post of an author that ends with an unknown line keeps it.
"""
from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from forumclean.parser.engines.flat_body import last_block, trimmed

if TYPE_CHECKING:
    from forumclean.parser.engines.flat_body import Parts

_REPEATED = 6  # characters that two posts have in common at their end before it is a signature
_GAP = 6  # blank lines in a row that only the page's own layout leaves


def find_signatures(posts: list[Parts], authors: list[str | None]) -> None:
    """Move signatures from the texts of a page's posts into their field ``signature``."""
    _take_set_apart([parts for parts in posts if "signature" not in parts.fields and not parts.cut])
    of_author: dict[str, list[Parts]] = {}
    for parts, author in zip(posts, authors, strict=True):
        if author is not None and parts.text and parts.state == "ok":
            of_author.setdefault(author, []).append(parts)
    for theirs in of_author.values():
        _take_repeated(theirs)


def _take_set_apart(posts: list[Parts]) -> None:
    """By layout. A text without signature is followed by more blank lines than one with, always the same number on a page."""
    wide = [parts.gaps for parts in posts if min(parts.gaps) >= _GAP]
    plain = Counter(parts.gaps[1] for parts in posts if parts.gaps[0] < _GAP <= parts.gaps[1] and not _begins_late(parts, posts))
    usual = plain.most_common(1)[0][0] if plain else None
    for parts in posts:
        before, behind = parts.gaps
        lines = parts.text.split("\n")
        if before >= _GAP <= behind and (wide.count(parts.gaps) > 1 if usual is None else behind < usual):
            _take(parts, last_block(lines))
        elif usual is not None and _GAP <= behind < usual and last_block(lines) == len(lines) and _begins_late(parts, posts):
            _take(parts, len(lines))


def _begins_late(parts: Parts, posts: list[Parts]) -> bool:
    """Whether a text stands where signatures stand: so far below its header that an empty one must be above it."""
    usual = Counter(other.lead for other in posts).most_common(1)[0]
    return usual[1] > 1 and parts.lead >= usual[0] + _GAP


def _take_repeated(posts: list[Parts]) -> None:
    known = next((parts.fields["signature"].split("\n") for parts in posts if "signature" in parts.fields), None)
    unsigned = [parts for parts in posts if "signature" not in parts.fields]
    texts = [[line.strip() for line in parts.text.split("\n")] for parts in unsigned]
    if known is None:
        if len(texts) < 2:  # noqa: PLR2004 - nothing is repeated
            return
        known = _common_end(texts)
        if len("".join(known)) < (_REPEATED if len(texts) == 2 else 2):  # noqa: PLR2004 - twice the same short word is a habit
            return
    known = [line.strip() for line in known]
    for parts, text in zip(unsigned, texts, strict=True):
        if len(text) > len(known) and text[-len(known):] == known:
            _take(parts, len(known))


def _common_end(texts: list[list[str]]) -> list[str]:
    """The lines with which all texts end, some line of each left before them."""
    common: list[str] = []
    for lines in zip(*(reversed(text[1:]) for text in texts), strict=False):
        if len(set(lines)) > 1:
            break
        common.insert(0, lines[0])
    while common and not common[0]:
        del common[0]
    return common


def _take(parts: Parts, count: int) -> None:
    """Move the last lines of a text into the field ``signature``."""
    lines = parts.text.split("\n")
    parts.fields["signature"] = "\n".join(lines[len(lines) - count:]).strip()
    parts.text = "\n".join(trimmed(lines[:len(lines) - count])[0])
