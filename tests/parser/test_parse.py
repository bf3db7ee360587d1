"""From bytes to pages: one path for every input, every fault with its own code, nothing silently lost."""

from __future__ import annotations

import io
from pathlib import Path
from typing import BinaryIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forumclean import parser
from forumclean.errors import UsageError
from forumclean.parser import parse
from forumclean.records import Page, RawDocument, Ref
from forumclean.settings import MAX_DOCUMENT, Settings

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
ROW = "Array\n(\n[fid] => 12\n[password] => geheim\n[fup] => 1\n[type] => forum\n[name] => 阳台\n[threads] => 3\n[posts] => 9\n[jammer] => 1\n[lastpost] =>\n)\n"
THREAD = (FIXTURES / "flat" / "panels_only.txt").read_text("utf-8")
ARTICLE = (FIXTURES / "articles" / "byline.txt").read_text("utf-8")


def _page(text: str | bytes, path: str = "a.txt", **options: object) -> Page:
    data = text.encode() if isinstance(text, str) else text
    (page,) = parse(RawDocument.from_bytes(data, path), Settings(**options))  # type: ignore[arg-type]
    return page


def _codes(page: Page) -> list[str]:
    return [issue.code for issue in page.issues]


def test_an_article() -> None:
    page = _page(ARTICLE)
    assert (page.kind, page.engine, page.status, _codes(page)) == ("article", "article", "ok", [])
    assert page.document is not None
    assert page.document.text == ARTICLE
    assert (page.document.title, page.document.published_at) == ("一盆薄荷能活多久?", "2025-02-01T15:12:00Z")
    assert (page.timezone, page.timezone_source) == ("Asia/Shanghai", "assumed")


def test_config_and_thread_in_one_file() -> None:
    page = _page(ROW + THREAD)
    assert (page.kind, page.engine, len(page.posts), page.document) == ("thread+config", "flat_thread", 3, None)
    assert (page.configs[0].fid, page.threads[0].fid, page.evidence.jammer) == (12, 12, True)
    assert "geheim" not in repr(page)
    assert "geheim" in repr(_page(ROW, keep_private=True))


def test_text_beside_a_config_that_is_no_thread_is_a_document() -> None:
    page = _page("前言\n" + ROW + "后记\n")
    assert (page.kind, len(page.configs), page.posts) == ("config", 1, ())
    assert page.document is not None
    assert page.document.text == "前言\n\n后记\n"


def test_a_config_alone_leaves_no_document() -> None:
    assert _page("×\n" + ROW).document is None


def test_identical_configs_are_kept_once() -> None:
    page = _page(ROW + ROW + ROW.replace("=> 12", "=> 13"))
    assert [config.fid for config in page.configs] == [12, 13]
    assert "repeated-block" in _codes(page)


def test_forums_that_disagree_about_the_jammer_are_no_evidence() -> None:
    assert _page(ROW + ROW.replace("[jammer] => 1", "[jammer] => 0")).evidence.jammer is None


def test_other_arrays_stay_in_a_document() -> None:
    page = _page("Array\n(\n[a] => 1\n)\n")
    assert page.kind == "print_r"
    assert page.document is not None
    assert "[a] => 1" in page.document.text


def test_a_truncated_block_is_kept_and_reported() -> None:
    page = _page(ROW.removesuffix(")\n"))
    assert page.configs[0].complete is False
    assert "truncated-block" in _codes(page)


@pytest.mark.parametrize(
    ("data", "kind", "status", "code"),
    [
        pytest.param(b"", "empty", "failed", "empty", id="no bytes"),
        pytest.param(b" \r\n\xe3\x80\x80\n", "empty", "failed", "empty", id="blanks only"),
        pytest.param(b"\0\1\2\3" * 50, "binary", "failed", "binary", id="binary"),
        pytest.param(b"PK\x03\x04" + b"\0" * 50, "binary", "unsupported", "binary", id="zip"),
        pytest.param(b"<html><body>x</body></html>", "html", None, None, id="html"),
        pytest.param(b"<?php $dbpw = 'geheim';", "php", "unsupported", "php-file", id="php"),
        pytest.param(b"-- MySQL dump\nINSERT INTO `a` VALUES ('geheim');\n", "sql", "unsupported", "sql-backup", id="sql"),
    ],
)
def test_bad_and_unsupported_input_has_its_own_code(data: bytes, kind: str, status: str | None, code: str | None) -> None:
    page = _page(data)
    assert page.kind == kind
    assert "geheim" not in repr(page)
    if status is not None:
        assert (page.status, page.document) == (status, None)
        assert _codes(page)[-1:] == [code]


def test_an_asset_is_no_failure() -> None:
    page = _page(b"\x89PNG\r\n\x1a\n", "logo.png")
    assert (page.status, page.issues) == ("asset", ())


def test_decoding_issues_reach_the_page() -> None:
    page = _page(ARTICLE.encode("gbk")[:-20] + b"\xff\xff")
    assert (page.encoding, _codes(page)) == ("gb18030", ["cut-bytes"])


def test_a_document_over_the_limit_is_found_before_it_is_read() -> None:
    class Endless(io.RawIOBase):
        taken = 0

        def read(self, size: int = -1, /) -> bytes:
            assert 0 <= size <= MAX_DOCUMENT
            Endless.taken += size
            return b"x" * size

    def opened() -> BinaryIO:
        return Endless()  # type: ignore[return-value]

    (page,) = parse(RawDocument(ref=Ref(path="big"), open=opened, size=MAX_DOCUMENT + 1), Settings())
    assert (page.status, _codes(page)) == ("failed", ["too-large"])
    assert Endless.taken < MAX_DOCUMENT // 10


def test_a_huge_backup_is_a_backup_and_no_failure() -> None:
    """What it is shows at its beginning; it would not be read anyway."""
    data = b"-- MySQL dump 10.13\nCREATE TABLE `a` (b int);\nINSERT INTO `a` VALUES (1);\n" * 100
    (page,) = parse(RawDocument(ref=Ref(path="big.sql"), open=lambda: io.BytesIO(data), size=MAX_DOCUMENT + 1), Settings())
    assert (page.kind, page.status) == ("sql", "unsupported")


def test_a_large_dump_is_read_in_parts() -> None:
    blocks = 40_000
    text = "vor\n" + "".join(ROW.replace("=> 12", f"=> {number}").replace("\n)", f"\n[name2] => {'x' * 20}\n)") for number in range(1, blocks))
    pages = list(parse(RawDocument.from_bytes((text + "nach\n").encode(), "dump.txt"), Settings()))
    assert len(pages) > 10
    assert {page.kind for page in pages} == {"config"}
    assert [config.fid for page in pages for config in page.configs] == list(range(1, blocks))
    assert [page.document is None for page in pages] == [True] * (len(pages) - 1) + [False]
    document = pages[-1].document
    assert document is not None
    assert (document.text.startswith("vor\n"), document.text.endswith("nach\n"), "geheim" in repr(pages[-1])) == (True, True, False)


def test_the_page_time_comes_from_the_container_the_footer_or_the_file() -> None:
    footer = "\nGMT-5, 2020-3-9 09:30 , Processed in 0.08 second(s)\n"
    thread = _page(THREAD + footer)
    assert (thread.captured_at, thread.captured_how, thread.timezone, thread.timezone_source) == ("2020-03-09T14:30:00Z", "page", "-05:00", "page")
    (dated,) = parse(RawDocument.from_bytes((THREAD + footer).encode(), "a", captured_at="2021-01-01T00:00:00Z"), Settings())
    assert (dated.captured_at, dated.captured_how) == ("2021-01-01T00:00:00Z", "container")
    (file,) = parse(RawDocument(ref=Ref(path="a", mtime_ns=10**18), open=lambda: io.BytesIO(THREAD.encode()), size=9), Settings())
    assert (file.captured_at, file.captured_how) == ("2001-09-09T01:46:40Z", "mtime")


def test_options_are_obeyed() -> None:
    assert _page(ARTICLE, engine="flat_thread").kind == "thread"
    assert _page(THREAD, engine="article").kind == "article"
    assert _page(ARTICLE, timezone="+00:00").document.published_at == "2025-02-01T23:12:00Z"  # type: ignore[union-attr]
    assert _page(ARTICLE, encoding="utf-8").encoding_how == "forced"


@pytest.mark.parametrize("options", [{"engine": "warp"}, {"encoding": "klingon"}, {"timezone": "Mars/Olympus"}])
def test_impossible_options_are_usage_errors(options: dict[str, str]) -> None:
    with pytest.raises(UsageError):
        _page(ARTICLE, **options)


def test_an_input_that_cannot_be_read_is_an_issue() -> None:
    def refuse() -> BinaryIO:
        raise PermissionError(13, "Permission denied")

    (page,) = parse(RawDocument(ref=Ref(path="a"), open=refuse, size=5), Settings())
    assert (page.status, _codes(page)) == ("failed", ["unreadable"])


def test_an_unforeseen_fault_is_an_issue_with_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError("a fault of ours")

    monkeypatch.setattr(parser, "read_document", fail)
    page = _page("x")
    assert (page.status, _codes(page)) == ("failed", ["parser-error"])
    assert "ZeroDivisionError" in page.issues[0].message


@given(st.binary(max_size=300))
@settings(deadline=None, max_examples=100)
def test_no_bytes_raise(data: bytes) -> None:
    assert "parser-error" not in _codes(_page(data))


@given(st.lists(st.sampled_from(["Array\n", "(\n", ")\n", "[fid] => 1\n", "当前离线\n", "发表于 2020-3-4 08:44:37|只看该作者\n", "正文\n", "|\n", "回复\n举报\n"]), max_size=40))
@settings(deadline=None, max_examples=100)
def test_no_mixture_of_marks_raises(pieces: list[str]) -> None:
    assert "parser-error" not in _codes(_page("".join(pieces)))
