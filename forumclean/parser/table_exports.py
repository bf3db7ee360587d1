r"""Rows of a board's tables in other forms than SQL, which are only recognised: they hold members' addresses and passwords without a notation to mask.

``mysqldump --xml`` and ``--tab``, ``mysql -B``, ``-t``, ``-X``, ``-H`` and ``\G``, ``INTO OUTFILE`` and phpMyAdmin write such rows, other clients JSON, an object a row.

Names of columns: ``common_member``, ``common_member_status``, ``ucenter_members``, ``forum_thread``, ``forum_post`` and the same of Discuz 2 to 7.
"""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from itertools import islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

_PRIVATE = frozenset({
    "useip", "password", "salt", "secques", "email", "regip", "lastip", "postip", "lastloginip", "loginip", "mobile", "idcard", "telephone", "authstr",
})  # fmt: skip
_NAMES = _PRIVATE | {
    "pid", "tid", "fid", "uid", "username", "author", "authorid", "dateline", "message", "subject", "groupid", "adminid", "credits", "regdate", "lastvisit",
    "lastactivity", "lastpost", "lastposter", "lastlogintime", "emailstatus", "avatarstatus", "invisible", "anonymous", "usesig", "htmlon", "bbcodeoff",
    "smileyoff", "parseurloff", "first", "position", "ratetimes", "posttableid", "displayorder", "digest", "extcredits1", "extcredits2", "posts", "threads",
    "oltime", "gender", "bday", "port", "realname", "plid", "pmid", "msgfrom", "msgfromid", "msgtoid",
}  # fmt: skip
_ENOUGH = 3  # known columns
_OWN = ({"dateline", "message"}, {"dateline", "lastpost"}, {"dateline", "subject"})
"""Of which columns two together are a Discuz table's own; with a number of a post, thread or member beside them no private column is needed."""
_NUMBERS = {"pid", "tid", "uid", "authorid"}

_XML = re.compile(
    r"\A\s{0,20}(?:<\?xml[^>]{0,200}>\s{0,20})?(?:<!--.{0,2000}?-->\s{0,20})?(?:<mysqldump\b|<(?:table_structure|table_data)\s+name=|<resultset\s+statement=|<pma_xml_export\b)",
    re.IGNORECASE | re.DOTALL,
)
_JSON = re.compile(r'\A[\s\[]{0,20}\{"type":\s?"header",.{0,200}?\bPHPMyAdmin\b', re.IGNORECASE | re.DOTALL)
_OBJECT = re.compile(r"\s{0,20}(?:\[\s{0,20})?\{")
_DECODER = json.JSONDecoder()
_HTML_HEAD = re.compile(r"\A\s{0,20}<table\b[^>]{0,200}>(?:\s{0,20}<(?:thead|tbody|tr)\b[^>]{0,200}>){1,3}(?P<cells>(?:\s{0,20}<t[hd]\b[^>]{0,200}>[^<\n]{1,40}</t[hd]>){3,200})", re.IGNORECASE)
_HTML_CELL = re.compile(r">([^<>\n]{1,40})</t", re.IGNORECASE)
_ROW_HEAD = re.compile(r"\A\s{0,20}\*{10,40} 1\. row \*{10,40}\n(?P<fields>(?:[^\n]{0,2000}\n){1,80})")
_FIELD = re.compile(r"^ {0,60}(\w{1,40}): ", re.MULTILINE)
_COLUMN = re.compile(r"(?:[a-z_]\w{0,60}\.)?([a-z_]\w{0,60})", re.IGNORECASE)
_RULE = re.compile(r"^\+[-+]{3,}\+[ \t]*\n", re.MULTILINE)
_ESCAPED = re.compile(r"\\[\t\n\\\"]")

_HEAD = 64_000
_ROWS = 200
_COLUMNS = 9  # of a table without a head row
_MOST = 0.9
_IP = re.compile(r"(?:\d{1,3}\.){3}\d{1,3}")
_HASH = re.compile(r"[0-9a-f]{32}|\$2[axy]\$\d\d\$[./0-9A-Za-z]{53}|\$(?:argon2\w{1,2}|[156])\$\S{20,200}")
_UNIX = re.compile(r"1\d{9}|9\d{8}")  # from 1998


def export_of(text: str) -> str | None:
    r"""Say why a text is the export of database tables; ``None`` if it is none. Looks at the beginning only, in linear time.

    >>> export_of('"pid","tid","author","useip"\n"1","1","x","192.0.2.7"\n')
    'a head row with columns of a Discuz table (author, pid, tid, useip)'
    """
    head = text[:_HEAD].lstrip("\ufeff")
    if _XML.match(head) or _JSON.match(head):
        return "tables as a database client exports them"
    names = _keys(head)
    if not names and (cells := _HTML_HEAD.match(head)) is not None:
        names = _columns(_HTML_CELL.findall(cells["cells"]))
    if not names and (fields := _ROW_HEAD.match(head)) is not None:
        names = _columns(sorted(set(_FIELD.findall(fields["fields"]))))
    if names:
        return _because(names)
    if head[:1] == "+":
        head = _RULE.sub("", head)
    start = len(head) - len(head.lstrip("\n")) if head[:1] == "\n" else 0
    end = head.find("\n", start)
    first = head[start : end if end >= 0 else len(head)]
    separator = max("\t,;|", key=first.count)
    if first.count(separator) < _ENOUGH - 1:
        return None
    rows = _rows(head, separator, whole=len(text) <= _HEAD)
    if rows and (names := _columns(rows[0])):
        width = len(rows[0])
        following = [len(row) for row in rows[1:] if len(row) > 1]
        return _because(names) if following.count(width) * 2 >= max(1, len(following)) else None
    return _headless(rows)


def _rows(head: str, separator: str, *, whole: bool) -> list[list[str]]:
    """The first rows, their cells without quotes; the last row of a text that was cut may be half a row and is left out."""
    if separator in "\t|":
        lines = [line for line in _ESCAPED.sub(" ", head).split("\n") if line.strip()]
        rows = [[cell.strip(' "`\r') for cell in line.strip("|" if separator == "|" else "").split(separator)] for line in lines[:_ROWS + 1]]
    else:
        try:
            reader = csv.reader(_ESCAPED.sub(" ", head).splitlines(keepends=True), delimiter=separator)
            rows = [[cell.strip(" `") for cell in row] for row in islice(reader, _ROWS + 1) if row]
        except csv.Error:
            return []
    return rows[:_ROWS] if whole or len(rows) > _ROWS else rows[:-1]


def _columns(cells: Sequence[str]) -> list[str]:
    """The known columns that a head row names; none unless all its cells are names and they are enough for a Discuz table."""
    found = [_COLUMN.fullmatch(cell.strip()) for cell in cells]
    if not all(found):
        return []
    names = {match[1].lower() for match in found if match} & _NAMES
    own = names & _NUMBERS and any(pair <= names for pair in _OWN)
    return sorted(names) if len(names) >= _ENOUGH and (names & _PRIVATE or own) else []


def _keys(head: str) -> list[str]:
    """The known columns among the keys of the first object of JSON lines, or of a JSON array, where one of them is private.

    Programs that fetch pages write numbers, authors and messages too: that is no backup.
    """
    start = _OBJECT.match(head)
    if start is None:
        return []
    try:
        first, _ = _DECODER.raw_decode(head, start.end() - 1)
    except (ValueError, RecursionError):  # cut off, no JSON, or nested too deep
        return []
    names = _columns(list(first))
    return names if _PRIVATE.intersection(names) else []


def _because(names: Collection[str]) -> str:
    return f"a head row with columns of a Discuz table ({', '.join(names)})"


def _headless(rows: list[list[str]]) -> str | None:
    """Rows of ``mysqldump --tab``: equally many columns, one of addresses or password hashes and one of Unix times."""
    width, times = Counter(map(len, rows)).most_common(1)[0] if rows else (0, 0)
    if width < _COLUMNS or times < _MOST * len(rows):
        return None
    columns = list(zip(*(row for row in rows if len(row) == width), strict=True))
    if any(_is_of(column, _IP) or _is_of(column, _HASH) for column in columns) and any(_is_of(column, _UNIX) for column in columns):
        return f"{times} rows of {width} columns with addresses or password hashes"
    return None


def _is_of(column: Sequence[str], form: re.Pattern[str]) -> bool:
    """Whether all that a column says is of a form; it may be empty in some rows."""
    said = [cell for cell in column if cell not in {"", "\\N", "0", "NULL", "hidden", "Manual Acting"}]
    return len(said) * 2 >= len(column) and sum(form.fullmatch(cell) is not None for cell in said) >= _MOST * len(said)
