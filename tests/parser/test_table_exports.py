"""Exports of a board's tables are recognised whatever their form, and never stored; tables that people make are."""

from __future__ import annotations

import gzip
import io
import zipfile
from typing import TYPE_CHECKING

import pytest

from forumclean.parser import parse
from forumclean.parser.sniff import sniff_code
from forumclean.parser.table_exports import export_of
from forumclean.records import RawDocument
from forumclean.settings import Settings
from forumclean.sources import Unreadable, documents

if TYPE_CHECKING:
    from pathlib import Path

IP = "192.0.2.77"
HASH = "0123456789abcdef0123456789abcdef"
XML = f"""<?xml version="1.0"?>
<mysqldump xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<database name="ultrax">
<table_data name="pre_common_member">
<row><field name="uid">1</field><field name="password">{HASH}</field><field name="regip">{IP}</field></row>
</table_data></database></mysqldump>
"""
POSTS = f"pid\ttid\tauthor\tdateline\tuseip\tmessage\n1\t1\t小麦\t1421758487\t{IP}\t先看土\\n再看天\n2\t1\t老花匠\t1422012572\t{IP}\t好\n"
MEMBERS = "".join(f"{uid}\tm{uid}@example.org\t花匠{uid}\t{HASH}\t0\t0\t0\t10\t{1421758487 + uid}\t{IP}\t\\N\t1\n" for uid in range(1, 6))


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("花\t价\t数\n月季\t12\t3\n茉莉\t8\t5\n", id="tabs"),
        pytest.param("品名,价格,数量,备注\n月季,12,3,好\n茉莉,8,5,\n", id="a csv of prices"),
        pytest.param("name,price,stock,note\nrose,12,3,good\njasmine,8,5,\n", id="a csv of prices in English"),
        pytest.param("username,email,password\n注册要填这三样，先想好名字，再找一个能用的邮箱。\n然后点提交, 等邮件。\n", id="a lesson on registering"),
        pytest.param("uid, username, password 这几个字段不要动\n改完保存。\n", id="a sentence about columns"),
        pytest.param("| pid | tid | 说明 |\n|---|---|---|\n| 1 | 2 | 帖子 |\n", id="a table of an article"),
        pytest.param("subject\tmessage\tfirst\n你好\t在吗\t1\n", id="columns of a mail program"),
        pytest.param("".join(f"{n}\t{IP}\t80\topen\thttp\tnginx\tup\t3\t0.02\n" for n in range(9)), id="a scan without times"),
        pytest.param("".join(f"{1421758487 + n}\t1\t2\t3\t4\t5\t6\t7\t8\n" for n in range(9)), id="times and figures"),
        pytest.param("".join(f"{n}\t{HASH}\t{1421758487 + n}\n" for n in range(9)), id="a list of checksums"),
        pytest.param('<?xml version="1.0"?>\n<root><![CDATA[<div>x</div>]]></root>', id="an ajax answer"),
        pytest.param('怎么用 mysqldump --xml？它会写出 <mysqldump> 和 <table_data name="pre_common_member">。', id="a question about it"),
        pytest.param("<table><tr><td>pid</td><td>tid</td><td>说明</td></tr></table>", id="a table in html"),
        pytest.param("username,password,email,regip\n", id="a head without rows"),
        pytest.param('{"pid": 1, "tid": 2, "author": "甲", "dateline": 1400000000, "message": "好"}\n', id="posts that a program fetched"),
        pytest.param('{"host": "db", "user": "x", "password": "y"}\n', id="settings of a program"),
        pytest.param('{"username": "甲", "email": "a@example.org", "password": "x"', id="an object that is cut off"),
        pytest.param('{"data": {"uid": 1, "username": "甲", "password": "x"}}', id="an answer of a program"),
        pytest.param("", id="nothing"),
    ],
)
def test_what_people_write_is_no_export(text: str) -> None:
    assert export_of(text) is None


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(XML, id="mysqldump --xml"),
        pytest.param(XML.partition('<database name="ultrax">\n')[2], id="its tables alone"),
        pytest.param(f'<?xml version="1.0"?>\n<resultset statement="select * from m"><row><field name="regip">{IP}</field></row>', id="mysql -X"),
        pytest.param(f'<?xml version="1.0" encoding="utf-8"?>\n<!--\n- phpMyAdmin XML Dump\n-->\n<pma_xml_export version="1.0">{IP}', id="phpMyAdmin, XML"),
        pytest.param(f'[\n{{"type":"header","version":"5.1","comment":"Export to JSON plugin for PHPMyAdmin"}},\n{{"a":"{IP}"}}]', id="phpMyAdmin, JSON"),
        pytest.param(POSTS, id="mysql -B"),
        pytest.param(POSTS.replace(f"{IP}\t", "").replace("useip\t", ""), id="posts without addresses"),
        pytest.param(POSTS.replace("先看土\\n", "先看土\n"), id="mysql -B --raw"),
        pytest.param("\ufeff" + POSTS.replace("\t", ","), id="csv with a byte order mark"),
        pytest.param("\n".join(f'"{line}"'.replace("\t", '";"') for line in POSTS.splitlines()), id="csv with quotes and semicolons"),
        pytest.param(f'uid,username,password,salt\n1,"a\nb, c",{HASH},x\n', id="a quoted cell of two lines"),
        pytest.param(f"`m`.`uid`,m.username,m.password\n1,a,{HASH}\n".replace("`", ""), id="columns with their table"),
        pytest.param(f"+-----+------+-----+\n| uid | username | regip |\n+-----+------+-----+\n| 1 | a | {IP} |\n+-----+------+-----+\n", id="mysql -t"),
        pytest.param(f"*************************** 1. row ***************************\n     uid: 1\nusername: a\n   regip: {IP}\n", id="rows upright"),
        pytest.param(f"<TABLE BORDER=1><TR><TH>uid</TH><TH>username</TH><TH>regip</TH></TR><TR><TD>1</TD><TD>a</TD><TD>{IP}</TD></TR>", id="mysql -H"),
        pytest.param(MEMBERS, id="mysqldump --tab"),
        pytest.param(MEMBERS.replace("花匠3", "花\\\n匠\\\t3"), id="escaped breaks and tabs"),
        pytest.param(MEMBERS.replace(HASH, "$2y$10$" + "a" * 53).replace(IP, ""), id="bcrypt"),
        pytest.param(MEMBERS * 500, id="longer than what is looked at"),
        pytest.param(MEMBERS.replace("\t", ","), id="csv without a head"),
        pytest.param(MEMBERS.replace("\n", "\r\n"), id="lines of Windows"),
        pytest.param(f'{{"uid": 1, "username": "甲", "password": "{HASH}", "regip": "{IP}"}}\n' * 3, id="JSON lines"),
        pytest.param(f'[\n  {{"pid": 1, "tid": 2, "author": "甲", "useip": "{IP}", "message": "好"}},\n  {{}}]', id="an array of objects"),
    ],
)
def test_an_export_is_a_backup_and_no_document(text: str) -> None:
    code = sniff_code(text)
    assert code is not None
    assert (code.kind, code.status) == ("sql", "unsupported")
    page, = parse(RawDocument.from_bytes(text.encode(), path="a.txt"), Settings())
    assert (page.kind, page.status, page.document, [issue.code for issue in page.issues]) == ("sql", "unsupported", None, ["sql-backup"])
    assert IP not in repr(page)
    assert HASH not in repr(page)


def test_exports_in_containers_are_recognised(tmp_path: Path) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("pre_common_member.txt", MEMBERS)
        archive.writestr("posts.tsv", POSTS.encode("gbk"))
    (tmp_path / "tables.zip").write_bytes(packed.getvalue())
    (tmp_path / "members.xml.gz").write_bytes(gzip.compress(XML.encode()))
    found = [page for raw in documents([str(tmp_path)]) if not isinstance(raw, Unreadable) for page in parse(raw, Settings())]
    assert [(page.kind, page.document) for page in found] == [("sql", None)] * 3


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("*" * 100_000, id="stars"), pytest.param("<!--" * 50_000, id="comments"), pytest.param('"' * 99_999, id="quotes"),
        pytest.param("\t" * 100_000, id="tabs"), pytest.param("<table><tr>" + "<td>a</td>" * 20_000, id="cells"),
        pytest.param("a,b,c\n" + '"x' + "," * 200_000, id="an open quote"), pytest.param("+-" * 50_000, id="rules"),
        pytest.param("a,b,c\0\n\0,\0,\0", id="zeros"), pytest.param('{"a":' * 50_000, id="objects"),
    ],
)
def test_hostile_texts_are_no_exports(text: str) -> None:
    assert export_of(text) is None
