"""Special threads on pages for telephones: polls, rewards, debates, activities, sorted fields (``touch/forum/viewthread_poll.htm`` …)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from forumclean.parser.engines.discuz_x_special import poll_of
from forumclean.parser.markup.tokens import plain

if TYPE_CHECKING:
    from forumclean.parser.markup.tree import Node

# 悬赏 20 金钱 未解决 (reward, amount, unit, unsolved)
_REWARD = re.compile(r"[悬懸][赏賞]\s*(\d{1,9})\s*(\S{1,20}?)\s*[（(]?(未解决|未解決|已解决|已解決)")
_STANDS = re.compile(r"[正反]方[观觀][点點]")
_PAIR = re.compile(r"([^:：<>]{1,60})[:：]\s*(.{0,2000}?)\s*<br>", re.DOTALL)


def special_of(body: Node) -> tuple[str | None, dict[str, Any]]:
    """What kind of special thread the first post opens, and what it says besides its message, for the thread's extras.

    ``body``: the tree of the first post. Kinds: ``poll``, ``reward``, ``debate``; ``None`` for an ordinary thread, or one that this
    template does not mark (activities, goods).
    """
    extras: dict[str, Any] = {}
    message = body.css_first(".message, .mes, .pbody")
    if message is None:
        return None, extras
    kind = None
    if (poll := message.css_first("form#poll")) is not None:
        kind = "poll"
        extras["poll"] = poll_of(poll.html or "")
    elif len(parts := (message.inner_html or "").partition('<div id="postmessage_')) and parts[1]:
        reward = _REWARD.search(plain(parts[0]))
        stands = [words for node in message.css(".postmessage ~ div") if _STANDS.search(words := plain(node.html or ""))]
        if reward is not None:
            kind = "reward"
            extras["reward"] = {"solved": reward[3].startswith("已"), "amount": int(reward[1]), "unit": reward[2]}
        elif stands:
            kind = "debate"
            extras["debate"] = [words[:2000] for words in stands]
    if tags := [plain(link.inner_html or "") for link in body.css(".tags a, .ptg a")]:
        extras["tags"] = tags
    if (fields := message.css_first(".viewsort")) is not None:
        pairs = _PAIR.findall((fields.inner_html or "").rpartition("</h4>")[2])
        extras["sort_fields"] = {plain(name): plain(value) for name, value in pairs if plain(name)}
    return kind, extras
