"""Forum list pages and the index of Discuz, desktop (6.0 to X3.5): rows of threads, facts of forums.

Mirrors ``forumdisplay.htm`` (6, 7), ``forumdisplay_list.htm`` (X) and ``discuz.htm``. A page is recognised by the ids that its scripts need
(``normalthread_TID``, ``threadlist``, ``category_GID``), which skins keep; body class, footer and generator only add to it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from forumclean.parser import dates
from forumclean.parser.engines.discuz_lists_forums import own_forum, rows_of_forums
from forumclean.parser.engines.discuz_lists_threads import Here, picture_rows, thread_rows
from forumclean.parser.engines.html import Engine, HtmlPage, Parts
from forumclean.parser.engines.thread_page import clock_of, made_at
from forumclean.parser.page_identity import PageIdentity, identify
from forumclean.records import Issue

if TYPE_CHECKING:
    from datetime import datetime

    from forumclean.records import Thread

# word borders stand behind their words: plain letters at the beginning of a pattern are searched for ten times as fast
_POSTS = re.compile(r"""id=(?<!\wid=)["']?(?:postmessage_|pid|post_)\d""")

_TRIES = 8
_HINTS = ("normalthread_", "stickthread_", "threadlist", "waterfall", "fl_tb", "fl_g", "category_", "subforum_")
"""Plain words without which no feature matches: most pages are looked at no further."""


class _Feature(NamedTuple):
    """Something in the markup that only lists have, and how much it counts."""

    name: str
    weight: float
    pattern: re.Pattern[str]


FEATURES = (
    _Feature("thread rows", 0.9, re.compile(r"""id=(?<!\wid=)["']?(?:normal|stick)thread_\d""")),
    _Feature("thread pictures", 0.9, re.compile(r"""<ul\b[^>]{0,100}\bid=["']waterfall["']""")),
    _Feature("thread table", 0.8, re.compile(r"""id=(?<!\wid=)["']?(?:threadlist|threadlisttableid)\b""")),
    _Feature("forum rows", 0.8, re.compile(r"""class=(?<!\wclass=)["'][^"']{0,60}\bfl_(?:tb|g)\b""")),
    _Feature("category", 0.7, re.compile(r"""id=(?<!\wid=)["'](?:category|subforum)_\d+["']""")),
    _Feature("body class", 0.3, re.compile(r"""<body\b[^>]{0,300}\bpg_(?:forumdisplay|index|guide|group)\b""")),
)


def score(page: HtmlPage) -> tuple[float, tuple[str, ...]]:
    """How surely this is a list or the index; 0 on pages that hold posts."""
    text = page.text
    if "postmessage_" in text or not any(hint in text for hint in _HINTS) or _POSTS.search(text):
        return 0.0, ()
    found = [feature for feature in FEATURES if feature.pattern.search(text)]
    if not any(feature.weight > 0.5 for feature in found):  # noqa: PLR2004 - a class of the body alone is nothing
        return 0.0, ()
    doubt = 1.0
    for feature in found:
        doubt *= 1 - feature.weight
    return round(1 - doubt, 3), tuple(feature.name for feature in found)


def read(page: HtmlPage) -> Parts:
    """The rows of a list page as ``Thread`` records (ordinals from 1), the forums it names as plain fields of ``forums``."""
    identity = identify(page.text, page.url, page.ref.name)
    made = page_time(page.text)
    here = Here(identity.fid, *clock_of(page, made))
    rows = page.tree.css('[id^="normalthread_"], [id^="stickthread_"]')
    threads = thread_rows(rows, here) or picture_rows(page.tree.css("#waterfall > li"), here)
    forum = own_forum(page.tree, identity)
    listed = rows_of_forums(page.tree, here, forum)
    kind = _kind(page, identity, threads)
    return Parts(
        kind=kind, host=identity.host,
        view="desktop", threads=threads, forums=(*([forum] if forum else []), *listed), issues=_issues(threads, listed, page),
        **made_at(made),
    )


def page_time(text: str) -> datetime | None:
    """When the page was made, by its footer: the last ``GMT+8, DATE`` of the page (mirrors write other ``GMT`` behind it)."""
    at = len(text)
    for _ in range(_TRIES):
        at = text.rfind("GMT", 0, at)
        if at < 0:
            return None
        made = dates.footer_time(text[at:at + 400])
        if made is not None:
            return made
    return None


def _kind(page: HtmlPage, identity: PageIdentity, threads: tuple[Thread, ...]) -> str:
    if threads or identity.kind == "forum" or page.tree.css_first("#threadlist, #waterfall, #threadlisttableid") is not None:
        return "forum_list"
    return "index"


def _issues(threads: tuple[Thread, ...], forums: tuple[dict[str, object], ...], page: HtmlPage) -> tuple[Issue, ...]:
    """What one would expect on such a page and did not find."""
    issues = []
    untitled = sum(1 for thread in threads if "title" not in thread.fields)
    if untitled:
        issues.append(_issue("rows-without-title", f"{untitled} of {len(threads)} rows of this list show no title"))
    if not threads and not forums and page.tree.css_first(".emp, .nodata, #forumnew, #waterfall, table[summary^=forum_]") is None:
        issues.append(_issue("empty-list", "this list has neither threads nor forums that could be read"))
    return tuple(issues)


def _issue(code: str, message: str) -> Issue:
    return Issue(level="warning", stage="parse", code=code, message=message)


DISCUZ_LISTS = Engine("discuz-lists", "desktop", score, read)
