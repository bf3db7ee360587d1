"""What an input is: by what it holds, with reasons."""

from __future__ import annotations

import pytest

from forumclean.parser.engines.flat_heads import lay_out
from forumclean.parser.sniff import THREAD_FROM, is_binary, score_thread, sniff_bytes, sniff_code


def _score(text: str) -> float:
    layout = lay_out(text)
    return score_thread(layout.marks, layout.bare)[0]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("一篇文章\n\n正文，没有别的。", id="an article"),
        pytest.param("文章\nPowered by Discuz! X3.4\nGMT+8, 2020-3-9 09:30 , Processed in 0.08 second(s)", id="a footer alone"),
        pytest.param("新闻\n发表于 2020-3-4\n正文\n分享\n评论", id="a blog's 发表于"),
        pytest.param("老王 发表于 2020-3-4 08:44\n他说的话", id="one quotation"),
        pytest.param("教程：当前离线\n是论坛里的一句话，意思是不在。", id="the words of a card without figures"),
        pytest.param("楼主\n沙发\n板凳\n地板", id="floors alone"),
        pytest.param("回复\n举报", id="one row of buttons"),
        pytest.param("|\n" * 500, id="table bars"),
        pytest.param("", id="nothing"),
    ],
)
def test_no_thread(text: str) -> None:
    assert _score(text) < THREAD_FROM


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("当前离线\n总在线: 5 小时\n|\n正文\n当前离线\n总在线: 6 小时\n", id="cards with figures"),
        pytest.param("当前离线\n经验:\n正文", id="one card with an empty figure"),
        pytest.param("发表于 2020-3-4 08:44:37 | 只看该作者\n正文", id="one time with 只看该作者"),
        pytest.param("發表於 2012-5-6 10:11\n|\n只看該作者\n去海邊吧。", id="traditional, on two lines"),
        pytest.param("沙发\n发表于 2009-3-4 08:44\n好\n回复\n举报\n板凳\n发表于 2009-3-4 08:45\n也好\n回复\n举报", id="times, floors and buttons"),
    ],
)
def test_a_thread(text: str) -> None:
    assert _score(text) >= THREAD_FROM


@pytest.mark.parametrize(
    ("data", "path", "kind", "status"),
    [
        pytest.param(b"", "a.txt", "empty", "failed", id="empty"),
        pytest.param(b"\x89PNG\r\n\x1a\n123", "a.txt", "binary", "asset", id="an image by its signature"),
        pytest.param(b"RIFF\0\0\0\0WEBPVP8 ", "a", "binary", "asset", id="webp"),
        pytest.param(b".a { color: red }", "style.css", "text", "asset", id="a style sheet by its name"),
        pytest.param(b"var a;", "common.js?v1", "text", "asset", id="a script with its query, where a file may be called that"),
        pytest.param(b"HTTrack3.49 launched", "mirror/hts-log.txt", "text", "asset", id="the log of HTTrack"),
        pytest.param(b"var a;", "common.js@v1", "text", "asset", id="a script with wget's query"),
        pytest.param(b"PK\x03\x04....", "a.zip", "binary", "unsupported", id="zip"),
        pytest.param(b"\x1f\x8b\x08...", "a.gz", "binary", "unsupported", id="gzip"),
        pytest.param(b"SQLite format 3\0" + b"." * 52 + b"FORC", "forum.db", "archive", "unsupported", id="an archive of ours"),
        pytest.param(b"SQLite format 3\0...", "forum.db", "binary", "unsupported", id="a database"),
    ],
)
def test_bytes(data: bytes, path: str, kind: str, status: str) -> None:
    verdict = sniff_bytes(data, path)
    assert verdict is not None
    assert (verdict.kind, verdict.status) == (kind, status)
    assert verdict.reasons


@pytest.mark.parametrize("data", [b"BM is a way to begin a text", b"text", b"\xff\xfea\0", b"{}"])
def test_bytes_that_may_be_text(data: bytes) -> None:
    assert sniff_bytes(data, "a.txt") is None


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        pytest.param("<!DOCTYPE html><html><body>x</body></html>", "html", id="html"),
        pytest.param('<?xml version="1.0"?>\n<root><![CDATA[<div>x</div>]]></root>', "html", id="an ajax answer"),
        pytest.param("<div id=a><p>x</p><br>" * 30, "html", id="a piece of html"),
        pytest.param("<?php\n$a = 1;", "php", id="php"),
        pytest.param("# Identify: MTIzNDU2Nzg5LFgzLjQ=\n# <?php exit();?>\n", "sql", id="Discuz's backup"),
        pytest.param("-- MySQL dump 10.13\nCREATE TABLE `a` (\n", "sql", id="mysqldump"),
        pytest.param("INSERT INTO `cdb_posts` VALUES (1);\nINSERT INTO `cdb_posts` VALUES (2);\n", "sql", id="rows only"),
    ],
)
def test_code(text: str, kind: str) -> None:
    verdict = sniff_code(text)
    assert verdict is not None
    assert (verdict.kind, verdict.status) == (kind, "ok" if kind == "html" else "unsupported")


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("怎么用 <div> 和 <p>？\n先写 <br> 再说。", id="an article about html"),
        pytest.param("学 SQL：INSERT INTO t VALUES (1) 是插入。", id="an article about SQL"),
        pytest.param("代码 <?php echo 1; ?> 在中间", id="an article about PHP"),
        pytest.param("a < b and b > c", id="comparisons"),
    ],
)
def test_no_code(text: str) -> None:
    assert sniff_code(text) is None


def test_binary_is_told_from_noise() -> None:
    noise = "正文\x01\x02 a# b\x05 还有字" * 20
    assert not is_binary(noise.encode(), noise)
    data = bytes(range(256)) * 10
    assert is_binary(data * 2, data.decode("utf-8", "replace"))
