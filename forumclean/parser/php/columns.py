"""Columns of a forum row that hold more than one value, taken apart.

Every function takes the printed text and gives the leaves inside it, below a path; nothing where the text does not hold what it should.
Source: forum and forumfield tables, admin panel (forums) and post code of Discuz 4.1 to X3.5.
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache

from forumclean.records import Leaf

_SPECIAL = ("poll", "trade", "reward", "activity", "debate")
"""Bits of ``allowpostspecial``, lowest first (a sixth slot belongs to plugins)."""
_SORT_FIELDS = ("lastpost", "dateline", "replies", "views")
_TIME_DIGITS = 10
"""Unix times have ten digits since 2001; fewer are the rest of one cut off (``lastpost`` is a char(110))."""
_BYTE = 255
_BYTE_DIGITS = 3
_SHORT = 4096
"""Longer lists are not worth a place in a cache."""


def utc(seconds: str) -> str | None:
    """Unix seconds as UTC ISO text; ``None`` for 0 and for what is no time.

    >>> utc("1764225454"), utc("0")
    ('2025-11-27T06:37:34Z', None)
    """
    if not (seconds.isascii() and seconds.isdigit()) or len(seconds) > _TIME_DIGITS or int(seconds) == 0:
        return None
    return datetime.fromtimestamp(int(seconds), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def lastpost(text: str) -> list[Leaf]:
    """``tid⇥subject⇥time⇥author`` → ``lastpost.tid``, ``.subject``, ``.dateline`` (UTC), ``.author``; what was cut off is absent.

    Also where the tabs became blanks: a number, text, a ten-digit number, a name.

    >>> [leaf.value for leaf in lastpost("12 关于 2020 年 1600000000 老王")]
    ['12', '关于 2020 年', '2020-09-13T12:26:40Z', '老王']
    """
    tid, subject, at, author = _tabbed(text) if "\t" in text else _spaced(text)
    if not _is_number(tid) or int(tid) == 0:
        return []
    leaves = [Leaf("lastpost.tid", tid, "int", decoded=True)]
    parts = (("subject", subject, "text"), ("dateline", utc(at), "time"), ("author", author, "text"))
    leaves.extend(Leaf(f"lastpost.{name}", value, kind, decoded=True) for name, value, kind in parts if value)
    return leaves


def _tabbed(text: str) -> tuple[str, str, str, str]:
    tid, subject, at, author, *_ = [*text.strip(" \r\n").split("\t"), "", "", ""]
    return tid.strip(), subject, at if len(at) == _TIME_DIGITS else "", author


def _spaced(text: str) -> tuple[str, str, str, str]:
    """The parts where blanks stand for the tabs: user names hold no blanks (source: UCenter's check of names), subjects may."""
    text = text.strip()
    head, at, author = ["", "", "", *text.rsplit(None, 2)][-3:]
    if not _is_time(at):
        head, at, author = text.removesuffix(author), author, ""
    if not _is_time(at):
        head, at = text, ""
    tid, subject = [*head.split(None, 1), "", ""][:2]
    return tid, subject.strip(), at, author


def _is_time(text: str) -> bool:
    return _is_number(text) and len(text) == _TIME_DIGITS


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit()


def names(text: str) -> tuple[str, ...]:
    r"""A list of user names with tabs, or what became of them, between.

    >>> names("老王\tadmin2")
    ('老王', 'admin2')
    """
    return tuple(text.split())


def numbered(path: str, text: str) -> list[Leaf]:
    r"""A tab list as leaves ``path.0``, ``path.1`` …: moderators, items of ``commentitem``; blanks part where no tab is left.

    >>> [leaf.value for leaf in numbered("commentitem", "内容\t文笔 俱佳")]
    ['内容', '文笔 俱佳']
    """
    parts = [part.strip() for part in text.split("\t")] if "\t" in text else text.split()
    return [Leaf(f"{path}.{place}", part, "text", decoded=True) for place, part in enumerate(filter(None, parts))]


def groups(path: str, text: str) -> tuple[Leaf, ...]:
    r"""Group ids (``9``, ``v6`` for verified users) of a ``*perm`` column, however they are separated.

    >>> [leaf.value for leaf in groups("postperm", "\t9\t26\tv6\t")]
    ['9', '26', 'v6']
    """
    return _groups_cached(path, text) if len(text) <= _SHORT else _groups(path, text)


def _groups(path: str, text: str) -> tuple[Leaf, ...]:
    parts = enumerate(text.split())
    return tuple(Leaf(f"{path}.{place}", part, "int" if _is_number(part) else "text", decoded=True) for place, part in parts)


# the forums of a board mostly have the same permissions
_groups_cached = lru_cache(maxsize=1024)(_groups)


@lru_cache(maxsize=256)
def simple(text: str) -> tuple[Leaf, ...]:
    """``simple`` is eight bits ``ffdss00b``: sort field and direction of the thread list, display of sub-forums, simple mode.

    >>> [(leaf.path, leaf.value) for leaf in simple("193")][:2]
    [('simple.sort_field', 'views'), ('simple.sort_direction', 'desc')]
    """
    if not _is_number(text) or len(text) > _BYTE_DIGITS or int(text) > _BYTE:
        return ()
    bits = int(text)
    return (
        Leaf("simple.sort_field", _SORT_FIELDS[bits >> 6], "text", decoded=True),
        Leaf("simple.sort_direction", "asc" if bits & 32 else "desc", "text", decoded=True),
        Leaf("simple.subforums", str(bits >> 3 & 3), "int", decoded=True),
        Leaf("simple.simple_mode", str(bits & 1), "bool", decoded=True),
    )


@lru_cache(maxsize=256)
def special(text: str) -> tuple[Leaf, ...]:
    """Which kinds of threads may be posted: the bits of ``allowpostspecial``.

    >>> [leaf.path for leaf in special("21") if leaf.value == "1"]
    ['allowpostspecial.poll', 'allowpostspecial.reward', 'allowpostspecial.debate']
    """
    if not _is_number(text) or len(text) > _BYTE_DIGITS or int(text) > _BYTE:
        return ()
    bits = int(text)
    return tuple(Leaf(f"allowpostspecial.{name}", str(bits >> place & 1), "bool", decoded=True) for place, name in enumerate(_SPECIAL))
