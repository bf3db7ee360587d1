"""The forms in which Discuz prints times."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forumclean.errors import UsageError
from forumclean.parser.dates import footer_time, offset_name, utc, when, zone

CHINA = zone("Asia/Shanghai")
NOW = datetime(2020, 3, 9, 1, 30, tzinfo=UTC)  # 9:30 in China


@pytest.mark.parametrize("text", ["", "12:30", "2020-13-4", "2020-2-30 10:00", "2020-3-4 25:61", "很久以前", "v2.0", "3 天", "10.1.2.3"])
def test_what_is_no_time_gives_none(text: str) -> None:
    assert when(text, CHINA, NOW) is None


@pytest.mark.parametrize("text", ["刚刚", "3 小时前", "昨天 21:03", "5 天前"])
def test_a_relative_time_without_the_time_of_the_page_is_none(text: str) -> None:
    assert when(text, CHINA) is None


@pytest.mark.parametrize(
    ("text", "at", "precision"),
    [
        pytest.param("2020-3-4 08:44:37", "2020-03-04T00:44:37Z", "second", id="X thread pages"),
        pytest.param("2009-10-1 01:43", "2009-09-30T17:43:00Z", "minute", id="D4 to D7"),
        pytest.param("2020-3-4", "2020-03-03T16:00:00Z", "day", id="rows of lists"),
        pytest.param("2020/3/4 8:05", "2020-03-04T00:05:00Z", "minute", id="slashes"),
        pytest.param("2020年3月4日 08:05", "2020-03-04T00:05:00Z", "minute", id="written out"),
        pytest.param("2009-10-1 01:43 PM", "2009-10-01T05:43:00Z", "minute", id="twelve hours"),
        pytest.param("2009-10-1 下午 1:43", "2009-10-01T05:43:00Z", "minute", id="twelve hours, Chinese"),
        pytest.param("2009-10-1 1:43 下午", "2009-10-01T05:43:00Z", "minute", id="twelve hours, Chinese behind"),
        pytest.param("2009-10-1 1:43 下午好", "2009-09-30T17:43:00Z", "minute", id="good afternoon, says the post"),
        pytest.param("2009-10-1 12:05 AM", "2009-09-30T16:05:00Z", "minute", id="midnight on the twelve-hour clock"),
        pytest.param("2025-02-01 2312", "2025-02-01T15:12:00Z", "minute", id="a byline that lost its colon"),
        pytest.param("2025-02-01 2312人", "2025-02-01T15:12:00Z", "minute", id="… with something behind it"),
        pytest.param("2025-12-22 22:20:48 +0800", "2025-12-22T14:20:48Z", "second", id="with its offset"),
        pytest.param("2025-12-22T22:20:48Z", "2025-12-22T22:20:48Z", "second", id="ISO"),
    ],
)
def test_absolute(text: str, at: str, precision: str) -> None:
    assert when(text, CHINA) == (at, precision)


@pytest.mark.parametrize(
    ("text", "at", "precision"),
    [
        pytest.param("刚刚", "2020-03-09T01:30:00Z", "minute", id="just now"),
        pytest.param("30\xa0秒前", "2020-03-09T01:29:30Z", "second", id="seconds, with Discuz's nbsp"),
        pytest.param("5 分钟前", "2020-03-09T01:25:00Z", "minute", id="minutes"),
        pytest.param("半小时前", "2020-03-09T01:00:00Z", "day", id="half an hour: 30 to 60 minutes"),
        pytest.param("11 小时前", "2020-03-08T14:30:00Z", "day", id="hours"),
        pytest.param("昨天 21:03", "2020-03-08T13:03:00Z", "minute", id="yesterday"),
        pytest.param("前天\xa000:05", "2020-03-06T16:05:00Z", "minute", id="the day before"),
        pytest.param("3 天前", "2020-03-05T16:00:00Z", "day", id="days (X): no time of day"),
        pytest.param("3 天前 10:00", "2020-03-06T02:00:00Z", "minute", id="days (D7): with its time"),
        pytest.param("半小時前", "2020-03-09T01:00:00Z", "day", id="traditional"),
        pytest.param("剛剛", "2020-03-09T01:30:00Z", "minute", id="traditional just now"),
    ],
)
def test_relative(text: str, at: str, precision: str) -> None:
    assert when(text, CHINA, NOW) == (at, precision)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("GMT+8, 2025-11-27 14:37 , Processed in 0.08 second(s)", "2025-11-27T06:37:00Z", id="X"),
        pytest.param("当前时区 GMT+8, 现在时间是 2009-3-8 12:34", "2009-03-08T04:34:00Z", id="D4 to D7"),
        pytest.param("GMT-5, 2009-3-8 12:34", "2009-03-08T17:34:00Z", id="west"),
        pytest.param("GMT+5.5, 2009-3-8 12:30", "2009-03-08T07:00:00Z", id="half hours"),
        pytest.param("GMT+8, 2009-1-1 00:00 as quoted\n…\nGMT+8, 2020-3-9 09:30", "2020-03-09T01:30:00Z", id="the last one is the footer"),
    ],
)
def test_the_footer_says_when_a_page_was_made(text: str, expected: str) -> None:
    made = footer_time(text)
    assert made is not None
    assert utc(made) == expected


@pytest.mark.parametrize("text", ["", "GMT+8", "GMT+8, soon", "GMT+99, 2020-3-9 09:30", "GMT+8, 2020-13-9 09:30"])
def test_no_footer(text: str) -> None:
    assert footer_time(text) is None


def test_zones() -> None:
    assert offset_name(datetime(2020, 1, 1, tzinfo=zone("GMT+8"))) == "+08:00"
    assert offset_name(datetime(2020, 1, 1, tzinfo=zone("-03:30"))) == "-03:30"
    assert offset_name(datetime(2020, 1, 1, tzinfo=zone("Asia/Taipei"))) == "+08:00"


@pytest.mark.parametrize("name", ["Mars/Olympus", "+99:00", "", "../etc/passwd", "8"])
def test_an_unknown_zone_is_a_usage_error(name: str) -> None:
    with pytest.raises(UsageError):
        zone(name)


@given(st.datetimes(datetime(1995, 1, 1), datetime(2090, 1, 1)), st.integers(-11, 14))  # noqa: DTZ001 - naive as printed
@settings(deadline=None)
def test_every_time_comes_back(moment: datetime, offset: int) -> None:
    local = zone(f"{offset:+03d}:00")
    moment = moment.replace(microsecond=0)
    found = when(f"{moment.year}-{moment.month}-{moment.day} {moment:%H:%M:%S}", local)
    assert found == (utc(moment.replace(tzinfo=UTC) - timedelta(hours=offset)), "second")
