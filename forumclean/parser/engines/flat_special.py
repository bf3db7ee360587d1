"""What the first post of a special thread shows besides its text: a poll, the price of a reward, the two sides of a debate.

It becomes the kind of the thread and an entry of its extras, named as ``discuz_x_special`` names them (``viewthread_poll.htm``,
``viewthread_reward.htm``, ``viewthread_debate.htm``).
"""

from __future__ import annotations

import re
from typing import Any

from forumclean.parser.furniture import BARS
from forumclean.parser.panel import LABELS

_POLL = re.compile(
    r"""^(?P<kind>[单單多][选選]投票|投票)\s?[:：,，]?\s{0,3}(?:[(（]\s?最多可[选選]\s?(?P<choices>\d{1,3})\s?[项項]\s?[)）]\s?)?[,，]?\s{0,3}
        共有?\s?(?P<voters>\d{1,9})\s?人[参參][与與]投票""",
    re.VERBOSE,
)
_POLL_END = re.compile(r"^(?:您所在的(?:用户组|用戶組)(?:没有|沒有)投票(?:权限|權限)|您已经投过票|您已經投過票|投票已[经經][结結]束|提交|距[结結]束)")
_OPTION = re.compile(r"^(?P<number>\d{1,3})\s?[.、．][\s\xa0]{0,3}(?P<text>\S.{0,200})$")
_VOTES = re.compile(r"^(?P<percent>\d{1,3}(?:\.\d+)?)%\s?[(（](?P<votes>\d{1,9})[)）]$")
_SHARE = re.compile(r"\s{1,8}(?P<percent>\d{1,3}(?:\.\d+)?)%\s?[(（](?P<votes>\d{1,9})[)）]$")
_REWARD = re.compile(r"^(?P<amount>\d{1,7})\s?(?P<unit>[^\W\d_]{1,6})$")
_UNITS = frozenset(label for label, name in LABELS.items() if name in {"money", "gold", "copper", "prestige", "contribution", "credits", "experience"})
_ANSWER = re.compile(r"^(?:\([a-z]{1,6}\)\s?)?(?:我来回答|我來回答|我要回答)$")  # the button below
_SIDE = re.compile(r"^(?P<side>正方|反方)(?:观点|觀點)\s?[(（]\d{1,9}[)）]$")
_STRETCH = 400  # lines a poll or a debate can have


def cut_special(lines: list[str]) -> tuple[list[str], str | None, dict[str, Any]]:
    """Take poll, reward or debate out of the lines of a first post; returns the lines left, the kind of thread, its extras."""
    for index, line in enumerate(lines):
        bare = line.strip(BARS)
        if len(bare) > 80:  # noqa: PLR2004 - none of these lines is that long
            continue
        if (poll := _POLL.match(bare)) is not None and (cut := _poll(lines, index, poll)) is not None:
            return cut[0], "poll", {"poll": cut[1]}
        if _SIDE.match(bare) and (cut_debate := _debate(lines, index)) is not None:
            return cut_debate[0], "debate", {"debate": cut_debate[1]}
    first = next((index for index, line in enumerate(lines) if line.strip()), None)
    if first is not None and (price := _REWARD.match(lines[first].strip(BARS))) is not None and price["unit"] in _UNITS:
        left = [line for line in lines[first + 1:] if not _ANSWER.match(line.strip(BARS))]
        return left, "reward", {"reward": {"amount": int(price["amount"]), "unit": price["unit"]}}
    return lines, None, {}


def _poll(lines: list[str], start: int, head: re.Match[str]) -> tuple[list[str], dict[str, Any]] | None:
    """The poll that begins on a line: its options up to the line that ends it; ``None`` if none does, or prose stands between."""
    options: list[dict[str, Any]] = []
    end = start + 1
    for index in range(start + 1, min(len(lines), start + _STRETCH)):
        bare = lines[index].strip(BARS)
        if not bare:
            continue
        votes = _VOTES.match(bare)
        option = _OPTION.match(bare)
        if _POLL_END.match(bare):
            end = index + 1
            break
        if votes is not None and options:
            options[-1] |= {"percent": float(votes["percent"]), "votes": int(votes["votes"])}
        elif option is not None and int(option["number"]) == len(options) + 1:
            options.append(_option(option["text"]))
        else:
            break
        end = index + 1
    if not options and end == start + 1:
        return None
    poll: dict[str, Any] = {"options": options, "multiple": head["kind"][0] == "多", "voters": int(head["voters"])}
    if head["choices"]:
        poll["max_choices"] = int(head["choices"])
    return [*lines[:start], *lines[end:]], poll


def _option(text: str) -> dict[str, Any]:
    if (share := _SHARE.search(text)) is None:
        return {"text": text}
    return {"text": text[:share.start()], "percent": float(share["percent"]), "votes": int(share["votes"])}


def _debate(lines: list[str], start: int) -> tuple[list[str], list[str]] | None:
    """The two sides of a debate, which stand below the text and end it; ``None`` unless there are two."""
    kept = [line.strip(BARS) for line in lines[start:start + _STRETCH]]
    if len({found["side"] for line in kept if (found := _SIDE.match(line)) is not None}) < 2:  # noqa: PLR2004 - for and against
        return None
    return lines[:start], [line for line in kept if line]
