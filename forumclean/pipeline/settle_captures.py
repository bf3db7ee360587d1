"""Several captures of one flattened post, read together: the noise differs, the text does not (``scrubber.agree``).

Without tags each capture alone leaves some ends of lines open; two of them settle nearly all. Where captures agree, their text is the revision
of all of them, and each gets the cuts that lead to it from what it showed; what the writer stored stays in ``own_hash`` and ``own_cuts``, as
with poorer views. Captures that share no text (an edit) keep what they were read as.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from forumclean.archiver.ranks import VIEW_RANK
from forumclean.pipeline.settle_signatures import RULE as SIGNATURE
from forumclean.pipeline.work import content_hash
from forumclean.scrubber import agree

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from forumclean.pipeline.sighting import Sighting
    from forumclean.records import Cut

_FLATTENED = VIEW_RANK["flattened"]
_JAMMER = "jammer."


class Shared(NamedTuple):
    """What a capture shares with others, and how it comes to it."""

    content_hash: str
    text: str
    cuts: tuple[Cut, ...]
    """``restore(text, cuts)`` is the parsed text."""


class Noisy(NamedTuple):
    """A capture on its own: its text as parsed, up to the signature below it, and the cut of that signature, if there is one."""

    sighting_id: int
    text: str
    cuts: list[Cut]
    signature: list[Cut]


def shared_by(members: Sequence[Sighting], parsed: Callable[[Sighting], tuple[str, list[Cut]]]) -> Mapping[int, Shared]:
    """What the captures of one post share, by id of the sighting; empty where they share nothing, or nothing was to be decided.

    ``members``: all sightings of the post, best first. ``parsed`` gives the text of one before cleaning, and the cuts that cleaning made.
    Depends on the captures alone, not on what became of them before.
    """
    flattened = [one for one in members if one.content_hash is not None]
    if len(flattened) < 2 or flattened[0].source.worth[0] != _FLATTENED:  # noqa: PLR2004 - it takes two
        return {}
    noisy = [_noisy(one.id, *parsed(one)) for one in flattened]
    captures = [one for one in noisy if one is not None]
    if not any(cut.rule.startswith(_JAMMER) for one in captures for cut in one.cuts):
        return {}
    found: dict[int, Shared] = {}
    for one, agreed in zip(captures, agree([one.text for one in captures]), strict=True):
        if agreed is not None:
            found[one.sighting_id] = Shared(content_hash(agreed.text), agreed.text, (*agreed.cuts, *one.signature))
    return found


def _noisy(sighting_id: int, text: str, cuts: list[Cut]) -> Noisy | None:
    """``None`` where other rules cut inside the text: nobody knows what the noise was then."""
    signature = cuts[-1:] if cuts and cuts[-1].rule == SIGNATURE else []
    own = cuts[: len(cuts) - len(signature)]
    if not all(cut.rule.startswith(_JAMMER) for cut in own):
        return None
    end = signature[0].start if signature else len(text)
    return Noisy(sighting_id, text[:end], own, signature)
