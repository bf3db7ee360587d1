"""The forms in which Discuz prints times, and nothing else (discuz-facts.md, dates): absolute, and relative to the page's own time.

Everything comes out as UTC text (``2025-11-27T06:37:34Z``) with a precision: ``second``, ``minute`` or ``day``. What a relative
form does not say is not made up: ``3 天前`` is a day, and a relative time without the page's own time is no time at all.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from forumclean.errors import UsageError

ASSUMED_ZONE = "Asia/Shanghai"
"""Where nothing is said: the server default of Discuz is GMT+8."""

# Y-n-j, Y/n/j, Y.n.j or Y年n月j日 (year month day), then perhaps H:i, H:i:s or, in bylines that lost their colon, Hi;
# 上午/下午 (morning, afternoon) and AM/PM: boards of the 4.x-6.x age let their users choose the clock
_ABSOLUTE = r"""
    (?P<year>(?:19|20)\d\d) [ ]?[-/.年][ ]? (?P<month>\d{1,2}) [ ]?[-/.月][ ]? (?P<day>\d{1,2}) (?!\d) (?:[ ]?日)?
    (?: [ \xa0\u3000T]{1,3} (?P<half>凌晨|上午|中午|下午|晚上)? [ ]?
        (?: (?P<hour>\d{1,2}) [:：] (?P<minute>\d\d) (?: [:：](?P<second>\d\d) (?:\.\d{1,6})? )?
          | (?P<packed>(?:[01]\d|2[0-3])[0-5]\d) (?![\d年]) )
        (?: [ ]? (?P<behind>[AaPp][Mm]\b | [上下]午(?![\u4e00-\u9fff])) )?
        (?: [ ]? (?P<zone>Z|UTC|(?:GMT)?[+-]\d\d:?\d\d)\b )?
    )?
"""
# D7 and X, zh-CN and zh-TW: 刚刚 just now, N 秒前 seconds ago, N 分钟前 minutes, 半小时前 half an hour, N 小时前 hours,
# 昨天 H:i yesterday, 前天 H:i the day before, N 天前 days ago (with a time in D7 only)
_RELATIVE = r"""
      (?P<now>刚刚|剛剛)
    | (?P<halfhour>半[ \xa0]?(?:小时|小時)前)
    | (?P<count>\d{1,3}) [ \xa0]? (?P<unit>秒|分钟|分鐘|小时|小時)前
    | (?P<days>昨天|前天|\d{1,3}[ \xa0]?天前) (?:[ \xa0]{0,2} (?P<dayhour>\d{1,2}):(?P<dayminute>\d\d))?
"""
_DATE = re.compile(f"(?:{_ABSOLUTE}|{_RELATIVE})", re.VERBOSE)
_USUAL = re.compile(r"((?:19|20)[0-9]{2})-([0-9]{1,2})-([0-9]{1,2})[ \xa0]([0-9]{1,2}):([0-9]{2})(?::([0-9]{2}))?")
"""Nearly all times of all boards, which need no more."""
ABSOLUTE = re.sub(r"\?P<\w+>", "?:", f"(?:{_ABSOLUTE})")
"""The absolute forms, without groups, for a larger verbose pattern."""
ANY = re.sub(r"\?P<\w+>", "?:", f"(?:{_ABSOLUTE}|{_RELATIVE})")
"""All forms, likewise."""

# the footer of D6-X pages: `GMT+8, 2025-11-27 14:37 , Processed in …`; D4 says 现在时间是 (the time now is) between the two
_FOOTER = re.compile(
    rf"""GMT \s? (?P<offset>[+-]\d{{1,2}}(?:[.:]\d{{1,2}})?)? \s{{0,3}} , \s{{0,3}}
         (?:现在时间是|現在時間是|the\ time\ now\ is)? \s{{0,3}} (?P<date>{ABSOLUTE})""",
    re.VERBOSE,
)
_AGO = {"秒": (1, "second"), "分钟": (60, "minute"), "分鐘": (60, "minute"), "小时": (3600, "day"), "小時": (3600, "day")}
"""Seconds in a unit, and the precision it leaves: hours ago can be the day before or not."""
_OFFSET = re.compile(r"(?:GMT|UTC)?\s*([+-])\s*(\d{1,2})(?::?(\d\d)|\.(\d{1,2}))?$")


class When(NamedTuple):
    """A time in UTC, and how exactly it is known."""

    at: str
    precision: str


@lru_cache(maxsize=64)
def zone(name: str) -> tzinfo:
    """A time zone by IANA name or offset (``Asia/Taipei``, ``+08:00``, ``GMT+8``, ``-3.5``). Raises UsageError for anything else.

    >>> zone("GMT+8") == zone("+08:00")
    True
    """
    if (found := _OFFSET.match(name.strip())) is not None:
        sign, hours, minutes, fraction = found.groups()
        delta = timedelta(hours=int(hours), minutes=int(minutes or 0) + 60 * float(f"0.{fraction or 0}"))
        if delta < timedelta(hours=15):
            return timezone(-delta if sign == "-" else delta)
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise UsageError(f"--timezone {name}: no such time zone; try Asia/Shanghai or +08:00") from error


def offset_name(moment: datetime) -> str:
    """The offset of an aware time as ``+08:00``."""
    offset = f"{moment:%z}"
    return f"{offset[:3]}:{offset[3:5]}"


def footer_time(text: str) -> datetime | None:
    """The time at which a Discuz page was made, as its own footer says (the last one in ``text``), aware; ``None`` without one."""
    at = text.rfind("GMT")  # the last one is the footer, earlier ones are quoted
    while at >= 0 and (found := _FOOTER.match(text, at)) is None:
        at = text.rfind("GMT", 0, at)
    if at < 0 or found is None:
        return None
    try:
        made = when(found["date"], zone("GMT" + (found["offset"] or "+0")))
    except UsageError:
        return None
    return None if made is None else datetime.fromisoformat(made.at).astimezone(zone("GMT" + (found["offset"] or "+0")))


def when(text: str, local: tzinfo, now: datetime | None = None) -> When | None:
    """The time that ``text`` (a date in one of Discuz's forms, and nothing before it) stands for; ``None`` if it is none.

    ``local``: the zone of times that state none. ``now``: the aware time of the page, to which relative forms refer.

    >>> when("2020-3-4 08:44:37", zone("+08:00"))
    When(at='2020-03-04T00:44:37Z', precision='second')
    >>> when("昨天 21:03", zone("+08:00"), datetime(2025, 11, 27, 6, 37, tzinfo=UTC))
    When(at='2025-11-26T13:03:00Z', precision='minute')
    """
    text = text.strip()
    if (usual := _USUAL.fullmatch(text)) is not None:
        return _usual(usual, local)
    found = _DATE.match(text)
    if found is None:
        return None
    try:
        if found["year"]:
            return _absolute(found, local)
        return None if now is None else _relative(found, now.astimezone(local))
    except (ValueError, OverflowError):  # 2015-13-45, or 0001 less a day
        return None


def _usual(found: re.Match[str], local: tzinfo) -> When | None:
    year, month, day, hour, minute, second = found.groups()
    try:
        moment = datetime(int(year), int(month), int(day), int(hour), int(minute), int(second or 0))  # noqa: DTZ001 - the zone is taken off below
        behind = local.utcoffset(moment)
        return None if behind is None else When((moment - behind).isoformat() + "Z", "second" if second else "minute")
    except (ValueError, OverflowError):
        return None


def _absolute(found: re.Match[str], local: tzinfo) -> When:
    day = datetime(int(found["year"]), int(found["month"]), int(found["day"]), tzinfo=local)
    hour, minute = found["hour"], found["minute"]
    if found["packed"]:
        hour, minute = found["packed"][:2], found["packed"][2:]
    if hour is None:
        return _when(day, "day")
    hours = int(hour)
    half = found["half"] or (found["behind"] or "").lower()
    if hours < 12 and half in {"下午", "晚上", "pm"}:  # noqa: PLR2004 - afternoon, evening
        hours += 12
    elif hours == 12 and half in {"凌晨", "am"}:  # noqa: PLR2004 - small hours
        hours = 0
    if found["zone"]:
        day = day.replace(tzinfo=UTC if found["zone"] in {"Z", "UTC"} else zone(found["zone"]))
    moment = day.replace(hour=hours, minute=int(minute), second=int(found["second"] or 0))
    return _when(moment, "second" if found["second"] else "minute")


def _relative(found: re.Match[str], now: datetime) -> When:
    if found["now"]:
        return _when(now, "minute")
    if found["halfhour"]:
        return _when(now - timedelta(minutes=30), "day")
    if found["count"]:
        seconds, precision = _AGO[found["unit"]]
        return _when(now - timedelta(seconds=seconds * int(found["count"])), precision)
    back = {"昨天": 1, "前天": 2}.get(found["days"]) or int(re.match(r"\d+", found["days"])[0])  # type: ignore[index]
    day = (now - timedelta(days=back)).replace(hour=0, minute=0, second=0, microsecond=0)
    if found["dayhour"] is None:
        return _when(day, "day")
    return _when(day.replace(hour=int(found["dayhour"]), minute=int(found["dayminute"])), "minute")


def _when(moment: datetime, precision: str) -> When:
    return When(utc(moment), precision)


def utc(moment: datetime) -> str:
    """An aware time as UTC text, to the second: ``2025-11-27T06:37:34Z``."""
    return moment.astimezone(UTC).isoformat()[:19] + "Z"
