"""Special threads of Discuz X: polls, rewards, debates, activities, sorted fields (``viewthread_poll.htm`` and its sisters)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from forumclean.parser.markup.tokens import plain

if TYPE_CHECKING:
    from forumclean.parser.engines.discuz_x_hooks import PostNodes

_OPTION = re.compile(r'<(?:label\b[^>]*\bfor="option_\d+"|td\b[^>]*\bclass="pvt"[^>]*>\s*<label)[^>]*>(.*?)</label>', re.DOTALL)
_ROW = re.compile(r"<tr\b[^>]*>(.*?)</tr>", re.DOTALL)
_ORDINAL = re.compile(r"^(\d{1,3})\.\s*")
_VOTES = re.compile(r"(\d{1,3}(?:\.\d+)?)%\s*[(（](\d{1,9})[)）]")
_VOTERS = re.compile(r"(?:共有|共)\s*(\d{1,9})\s*人[参參][与與]投票")
_CHOICES = re.compile(r"最多可[选選]\s*(\d{1,3})\s*[项項]")
_PRICE = re.compile(r"<cite>\s*(\d{1,9})\s*</cite>\s*([^<\s]{1,20})")
_PAIR = re.compile(r"<th\b[^>]*>(.*?)</th>\s*<td\b[^>]*>(.*?)</td>", re.DOTALL)
_POINT = re.compile(r'class="point_chart"[^>]*title="([^"]{1,200})"')


def special_of(post: PostNodes) -> tuple[str | None, dict[str, Any]]:
    """What kind of special thread the first post opens (``poll``, ``reward``, ``debate``, ``activity``, ``trade``, or ``None``), and what it
    says besides the message, for the thread's extras.
    """
    extras: dict[str, Any] = {}
    kind = None
    if poll := post.every("poll"):
        kind = "poll"
        extras["poll"] = poll_of(max((node.html or "" for node in poll), key=len))
    elif reward := post.every("reward"):
        kind = "reward"
        found = _PRICE.search(reward[0].html or "")
        solved = "rsld" in (reward[0].attributes.get("class") or "") and "rusld" not in (reward[0].html or "")
        extras["reward"] = {"solved": solved, **({} if found is None else {"amount": int(found[1]), "unit": found[2]})}
    elif debate := post.every("debate"):
        kind = "debate"
        extras["debate"] = [words for node in debate if (words := plain(node.html or "")[:1000])]
    elif post.first("activity") is not None:
        kind = "activity"
        extras["activity"] = [words for node in post.every("activity") if (words := plain(node.html or "")[:2000])]
    elif post.first("trade") is not None:
        kind = "trade"
    if (fields := post.first("typeoption")) is not None:
        extras["sort_fields"] = {plain(name).rstrip(":："): plain(value) for name, value in _PAIR.findall(fields.html or "") if plain(name)}
    return kind, extras


def poll_of(html: str) -> dict[str, Any]:
    """A poll: ``options`` (``text``, and ``votes`` where they are shown), ``multiple``, ``max_choices``, ``voters``."""
    options: list[dict[str, Any]] = []
    for row in _ROW.findall(html):
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
