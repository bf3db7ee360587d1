"""What reads like a time or like a link to a member, on boards of any software: the evidence that the tolerant engine starts from."""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING

from forumclean.parser import dates
from forumclean.parser.board_urls import Target, read_url, unquote

if TYPE_CHECKING:
    from datetime import tzinfo

MAX_LINE = 160
"""Characters: a time within a longer run of text is part of what somebody wrote."""

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = "(?:" + "|".join(_MONTHS) + ")[a-z]{0,6}"
_FOREIGN = re.compile(
    rf"""(?: (?P<month>{_MONTH}) \.? [ ] (?P<day>\d{{1,2}})(?:st|nd|rd|th)? ,? [ ] (?P<year>(?:19|20)\d\d)
           | (?P<day2>\d{{1,2}})(?:st|nd|rd|th)? [ ] (?P<month2>{_MONTH}) \.? ,? [ ] (?P<year2>(?:19|20)\d\d) )
         (?: ,? [ ] (?:at[ ])? (?P<hour>\d{{1,2}}) : (?P<minute>\d\d) (?: :(?P<second>\d\d))? (?: [ ]? (?P<half>[ap]m)\b )? )?""",
    re.VERBOSE | re.IGNORECASE,
)
"""phpBB, vBulletin, SMF, Invision: `Sat Mar 14, 2009 8:15 pm`, `14 March 2009 - 08:15 PM`."""
_NUMERIC = re.compile(r"\b\d{1,2}[-/.]\d{1,2}[-/.](?:19|20)\d\d\b(?:,? {1,2}\d{1,2}:\d\d)?")
"""`03-04-2009`: a time, but whether of March or April nobody says."""
_DATE = re.compile(dates.ANY, re.VERBOSE)
# words before the time of a post: posted at, replied at, published, on
_LABEL = re.compile(
    r"""(?:发表|發表|发布|發佈|發布|回复|回復|回覆|时间|時間|日期|Posted|Sent|Date|on|») \s{0,3} (?:[于於@:：»]|on:?)? \s{0,3}
        (?: (?:Sun|Mon|Tue|Wed|Thu|Fri|Sat)[a-z]{0,6},? \s{1,2} )? $""",
    re.VERBOSE | re.IGNORECASE,
)
_ISO = re.compile(r"((?:19|20)\d\d-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d)?)(?:\.\d{1,9})?(Z|[+-]\d\d:?\d\d)?$")

# how boards other than Discuz link to their members
_MEMBER = re.compile(
    r"""(?: [?&;/] | ^ )
    (?: mode=viewprofile.{0,40}?[?&;]u=\d | memberlist\.php.{0,40}?u=\d            # phpBB
      | action=profile[;&]u=\d                                                    # SMF
      | member\.php\?(?:u=)?\d | showuser=\d                                     # vBulletin, Invision
      | members?/[^/?]{1,60} | users?[/.](?!login|register)[^/?]{1,60} | u/[^/?]{1,60}/?$   # XenForo, Flarum, Discourse
      | profile/[^/?]{1,60} | people/[^/?]{1,60} | author/[^/?]{1,60} | i/\d{3,12}(?:/|$)
      | profile\.php\?.{0,40}?\b(?:id|u|uid)=\d | userinfo\.(?:aspx|php)\?.{0,40}?id=\d
      | u\.php\?(?:action-show-)?uid[-=]\d                                        # PHPWind
      | user-\w{1,60}\.(?:html|htm|aspx)
    )""",
    re.VERBOSE | re.IGNORECASE,
)
_PART = re.compile(r"[?&;]do=(?!profile|index)\w")
"""Of a member's space, not the member: threads, friends, albums; the link's words are a number or a button."""
_NUMBER = re.compile(
    r"(?: \b(?:u|uid|id|showuser)[=-] | member\.php\? | (?:^|/)(?:members?|users?|i)/(?:[\w%-]{0,60}[.-])? ) (\d{1,12})\b",
    re.VERBOSE | re.IGNORECASE,
)
_BUTTONS = re.compile(
    # only this author, add as friend, send a message, details, home page, follow; threads, posts, credits
    r"""^(?: 只看(?:该作者|該作者|楼主|樓主|大图) | 加(?:关注|為好友|为好友|好友) | [发發]送?(?:消息|短消息) | 打招呼 | 查看(?:详细资料|個人.*|个人.*)
      | [个個]人空[间間] | 收听TA | 主[题題] | 帖子 | [积積]分
      | profile | pm | www | e-?mail | view[ ]user's.* | reply | quote | report )? $""",
    re.VERBOSE | re.IGNORECASE,
)


def member_in(href: str) -> Target | None:
    """The member that a link leads to (number and name as far as the link says), ``None`` if it leads elsewhere.

    >>> member_in("home.php?mod=space&uid=7").uid, member_in("./memberlist.php?mode=viewprofile&u=12").uid
    (7, 12)
    >>> member_in("forum.php?mod=viewthread&tid=7") is None
    True
    """
    target = read_url(href)
    if target.kind == "user":
        return target if (target.uid is not None or target.name) and _PART.search(href) is None else None
    if target.kind not in {"other", "index"} or len(href) > MAX_LINE * 3 or _MEMBER.search(href) is None:
        return None
    number = _NUMBER.search(href)
    return Target("user", uid=int(number[1]) if number is not None else None, name=None)


def is_name(text: str) -> bool:
    """Whether a link's words can be a member's name: not empty, not long, not those of a button."""
    return 0 < len(text) <= 40 and _BUTTONS.match(text) is None  # noqa: PLR2004 - Discuz allows 15, others up to 40


def time_within(text: str) -> tuple[str, bool] | None:
    """The first thing in a line that reads like a time, and whether a word such as “posted” goes before it."""
    if len(text) > MAX_LINE or not any(character.isdigit() or character in "刚剛半昨前" for character in text):
        return None
    found = [match for pattern in (_DATE, _FOREIGN, _NUMERIC) if (match := pattern.search(text)) is not None]
    if not found:
        return None
    first = min(found, key=lambda match: match.start())
    return first[0], _LABEL.search(text[:first.start()]) is not None


def resolve(written: str, local: tzinfo, now: datetime | None) -> dates.When | None:
    """The moment that ``time_within`` found, if it says one: Discuz's forms, ISO, and English ones with the month as a word.

    >>> resolve("Mar 14, 2009 8:15 pm", dates.zone("+00:00"), None)
    When(at='2009-03-14T20:15:00Z', precision='minute')
    >>> resolve("03-04-2009 08:15", dates.zone("+00:00"), None) is None
    True
    """
    iso = _ISO.match(written.strip())
    if iso is not None:
        try:
            moment = datetime.fromisoformat(f"{iso[1]}T{iso[2]}{iso[3] or ''}")
        except ValueError:
            return None
        moment = moment if moment.tzinfo else moment.replace(tzinfo=local)
        return dates.When(dates.utc(moment), "second" if iso[2].count(":") > 1 else "minute")
    return dates.when(written, local, now) or _foreign(written, local)


def name_in(target: Target | None) -> str | None:
    """The name that a member's link itself carries."""
    return unquote(target.name) if target is not None and target.name else None


def _foreign(written: str, local: tzinfo) -> dates.When | None:
    found = _FOREIGN.search(written)
    if found is None:
        return None
    month = 1 + _MONTHS.index((found["month"] or found["month2"])[:3].lower())
    hour, half = int(found["hour"] or 0), (found["half"] or "").lower()
    if half:
        hour = hour % 12 + (12 if half == "pm" else 0)
    try:
        moment = datetime(
            int(found["year"] or found["year2"]), month, int(found["day"] or found["day2"]), hour, int(found["minute"] or 0),
            int(found["second"] or 0), tzinfo=local,
        )  # fmt: skip
        return dates.When(dates.utc(moment), "day" if found["hour"] is None else "second" if found["second"] else "minute")
    except (ValueError, OverflowError):
        return None
