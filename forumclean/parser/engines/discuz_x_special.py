"""Special threads of Discuz X: polls, rewards, debates, activities, sorted fields (``viewthread_poll.htm`` and its sisters)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from forumclean.parser.markup.tokens import plain

if TYPE_CHECKING:
    from forumclean.parser.engines.discuz_x_hooks import PostNodes

_OPTION = re.compile(r'<(?:label\b[^>]*\bfor="option_\d+"|td\b[^>]*\bclass="pvt"[^>]*>\s*<label)[^>]*>(.*?)</label>', re.DOTALL)
_ROW = re.compile(r"<tr\b[^>]*>(.*?)</tr>", re.DOTALL)
_PARAGRAPH = re.compile(r"<p\b[^>]*>(.*?)</p>", re.DOTALL)
_ORDINAL = re.compile(r"^(\d{1,3})\.\s*")
_VOTES = re.compile(r"(\d{1,3}(?:\.\d+)?)%\s*[(（](\d{1,9})[)）]")
_VOTERS = re.compile(r"(?:共有|共)\s*(\d{1,9})\s*人[参參][与與]投票")
_CHOICES = re.compile(r"最多可[选選]\s*(\d{1,3})\s*[项項]")
_PRICE = re.compile(r"<cite>\s*(\d{1,9})\s*</cite>\s*([^<\s]{1,20})")
_PAIR = re.compile(r"<th\b[^>]*>(.*?)</th>\s*<td\b[^>]*>(.*?)</td>", re.DOTALL)


KINDS = (
    # viewthread_poll.htm, viewthread_reward.htm, viewthread_debate.htm, viewthread_activity.htm, viewthread_trade.htm
    ("poll", "form#poll, .pinf, .pcht"),
    ("reward", ".rwd, .rsld"),
    ("debate", ".ds, .dlb, .point"),
    ("activity", ".spvimg, .act.pbm, .spi"),
    ("trade", '[id^="trade"]'),
)
"""Kind of thread, and where its first post says more than its message."""
_ANY = ", ".join((*(selector for _, selector in KINDS), ".typeoption"))


def special_of(post: PostNodes) -> tuple[str | None, dict[str, Any]]:
    """What kind of special thread the first post opens, and what it says besides its message, for the thread's extras.

    Kinds: ``poll``, ``reward``, ``debate``, ``activity``, ``trade``; ``None`` for an ordinary thread.
    """
    extras: dict[str, Any] = {}
    wrapper = post.wrapper
    if wrapper is None or not wrapper.css(_ANY):
        return None, extras
    kind, parts = next(((kind, nodes) for kind, selector in KINDS if (nodes := wrapper.css(selector))), (None, []))
    texts = [node.html or "" for node in parts]
    if kind == "poll":
        extras["poll"] = poll_of(max(texts, key=len))
    elif kind == "reward":
        found = _PRICE.search("".join(texts))
        extras["reward"] = {"solved": wrapper.css_first(".rusld") is None} | ({} if found is None else {"amount": int(found[1]), "unit": found[2]})
    elif kind in {"debate", "activity"}:
        extras[kind] = [words for html in texts if (words := plain(html)[:2000])]
    if (fields := wrapper.css_first(".typeoption")) is not None:
        extras["sort_fields"] = {plain(name).rstrip(":："): plain(value) for name, value in _PAIR.findall(fields.html or "") if plain(name)}
    return kind, extras


def poll_of(html: str) -> dict[str, Any]:
    """A poll: ``options`` (``text``, and ``votes`` where they are shown), ``multiple``, ``max_choices``, ``voters``."""
    options: list[dict[str, Any]] = []
    for row in _ROW.findall(html) or _PARAGRAPH.findall(html):  # touch
        label = _OPTION.search(row)
        if label is not None:
            options.append({"text": _ORDINAL.sub("", plain(label[1]))})
        elif options and (votes := _VOTES.search(plain(row))) is not None:
            options[-1] |= {"percent": float(votes[1]), "votes": int(votes[2])}
    words = plain(html)
    poll: dict[str, Any] = {"options": options, "multiple": "多选投票" in words or "多選投票" in words}
    if (choices := _CHOICES.search(words)) is not None:
        poll["max_choices"] = int(choices[1])
    if (voters := _VOTERS.search(words)) is not None:
        poll["voters"] = int(voters[1])
    return poll
