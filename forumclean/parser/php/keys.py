"""The keys of a printed forum row: ``$_G['forum']`` and kin.

The loader joins two tables. X3 and X3.5 print the forumfield columns first, then the forum columns; D4 to X2 the other way round; then
come keys set at run time. Source: table definitions and forum loader of Discuz 4.1 to X3.5, and printed rows of live boards.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable

Kind = Literal["text", "int", "bool", "time", "bits", "tab", "perm"]
"""``bits``: flags in one number; ``tab``: a list with tabs between; ``perm``: the same of group ids; ``time``: Unix seconds, 0 where never."""

FIELD_COLUMNS: tuple[tuple[str, Kind], ...] = (
    ("fid", "int"), ("description", "text"), ("password", "text"), ("icon", "text"), ("redirect", "text"), ("attachextensions", "text"),
    ("creditspolicy", "text"), ("formulaperm", "text"), ("moderators", "text"), ("rules", "text"), ("threadtypes", "text"),
    ("threadsorts", "text"), ("viewperm", "perm"), ("postperm", "perm"), ("replyperm", "perm"), ("getattachperm", "perm"),
    ("postattachperm", "perm"), ("postimageperm", "perm"), ("spviewperm", "perm"), ("seotitle", "text"), ("keywords", "text"),
    ("seodescription", "text"), ("supe_pushsetting", "text"), ("modrecommend", "text"), ("threadplugin", "text"), ("replybg", "text"),
    ("extra", "text"), ("jointype", "int"), ("gviewperm", "int"), ("membernum", "int"), ("dateline", "time"), ("lastupdate", "time"),
    ("activity", "int"), ("founderuid", "int"), ("foundername", "text"), ("banner", "text"), ("groupnum", "int"), ("commentitem", "tab"),
    ("relatedgroup", "text"), ("picstyle", "int"), ("widthauto", "int"), ("noantitheft", "bool"), ("noforumhidewater", "bool"),
    ("noforumrecommend", "bool"), ("livetid", "int"), ("price", "int"),
)  # fmt: skip
"""Columns of the forumfield table, in order."""

FORUM_COLUMNS: tuple[tuple[str, Kind], ...] = (
    ("fup", "int"), ("type", "text"), ("name", "text"), ("status", "int"), ("displayorder", "int"), ("styleid", "int"),
    ("threads", "int"), ("posts", "int"), ("todayposts", "int"), ("yesterdayposts", "int"), ("rank", "int"), ("oldrank", "int"),
    ("lastpost", "text"), ("domain", "text"), ("allowsmilies", "bool"), ("allowhtml", "bool"), ("allowbbcode", "bool"),
    ("allowimgcode", "bool"), ("allowmediacode", "bool"), ("allowanonymous", "bool"), ("allowpostspecial", "bits"),
    ("allowspecialonly", "bool"), ("allowappend", "bool"), ("alloweditrules", "int"), ("allowfeed", "bool"), ("allowside", "bool"),
    ("recyclebin", "bool"), ("modnewposts", "int"), ("jammer", "bool"), ("disablewatermark", "bool"), ("inheritedmod", "bool"),
    ("autoclose", "int"), ("forumcolumns", "int"), ("catforumcolumns", "int"), ("threadcaches", "int"), ("alloweditpost", "bool"),
    ("simple", "bits"), ("modworks", "bool"), ("allowglobalstick", "bool"), ("level", "int"), ("commoncredits", "int"),
    ("archive", "bool"), ("recommend", "int"), ("favtimes", "int"), ("sharetimes", "int"), ("disablethumb", "bool"),
    ("disablecollect", "bool"),
)  # fmt: skip
"""Columns of the forum table behind ``fid``, in order."""

OTHER_KEYS: tuple[tuple[str, Kind], ...] = (
    # older columns: hidemenu X1, the rest D4 to D7
    ("hidemenu", "bool"), ("postcredits", "text"), ("replycredits", "text"), ("getattachcredits", "text"),
    ("postattachcredits", "text"), ("digestcredits", "text"), ("tradetypes", "text"), ("typemodels", "text"), ("allowblog", "bool"),
    ("allowshare", "int"), ("allowtrade", "int"), ("allowtag", "bool"), ("allowpaytoauthor", "bool"), ("allowavatar", "bool"),
    # of the thread, printed before fid on thread pages of D4 to X1
    ("tid", "int"), ("closed", "int"),
    # set at run time
    ("ismoderator", "int"), ("threadtableid", "int"), ("allowview", "int"), ("allowpost", "int"), ("allowreply", "int"),
    ("allowgetattach", "int"), ("allowgetimage", "int"), ("allowpostattach", "int"), ("allowpostimage", "int"),
    ("subscount", "int"), ("forumcolwidth", "text"), ("endrows", "text"),
)  # fmt: skip
"""Other keys of a row, without an order of their own."""

KINDS: dict[str, Kind] = dict(FIELD_COLUMNS + FORUM_COLUMNS + OTHER_KEYS)

MARKS = frozenset({
    "fup", "threads", "posts", "todayposts", "yesterdayposts", "styleid", "allowsmilies", "allowhtml", "allowbbcode", "allowimgcode",
    "allowanonymous", "allowpostspecial", "alloweditrules", "recyclebin", "modnewposts", "jammer", "inheritedmod", "forumcolumns",
    "threadcaches", "alloweditpost", "simple", "redirect", "attachextensions", "creditspolicy", "formulaperm", "moderators", "rules",
    "threadtypes", "threadsorts", "viewperm", "postperm", "replyperm", "getattachperm", "postattachperm", "postcredits",
})  # fmt: skip
"""Keys that tell a forum row: thread, post and group rows have none or few of them beside ``fid``."""

_CLEARLY = 8
"""Marks that leave no doubt that an array is a forum's row."""


def fits_row(seen: Iterable[str], key: str) -> bool:
    """True if an entry with this key can follow in the array whose keys were seen: a forum's row goes on with known keys only.

    Asked where text stands between: a post about PHP behind the row may hold lines like ``[0] => x``.

    >>> fits_row(["fid", "name"], "0"), fits_row([*MARKS], "0"), fits_row([*MARKS], "status")
    (True, False, True)
    """
    return key in KINDS or len(MARKS.intersection(seen)) < _CLEARLY
