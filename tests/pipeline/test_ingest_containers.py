"""Imports of containers: the same archive as from the files they hold, every capture a sighting, nothing stored that must not be."""

from __future__ import annotations

import gzip
import json
import runpy
import sqlite3
from pathlib import Path
from typing import Any

import pytest
import zstandard

from forumclean.pipeline.local import ingest
from forumclean.pipeline.summary import Summary
from forumclean.settings import Settings

TESTS = Path(__file__).resolve().parents[1]
FILES = runpy.run_path(str(TESTS / "container_files.py"))
http, packed, record, tarred, zipped = (FILES[name] for name in ("http", "packed", "record", "tarred", "zipped"))
content = runpy.run_path(str(TESTS / "archive_content.py"))["content"]
PAGES = {path.name: path.read_bytes() for path in sorted((TESTS.parent / "fixtures/html/x").glob("*.html"))}
URL = "http://b.example/forum.php?mod=viewthread&tid=77&extra=&page=2"
FLAT = (TESTS.parent / "fixtures/flat/thread-52-2-1.txt").read_text("utf-8")


def run(folder: Path, *paths: Path, jobs: int = 1) -> tuple[Path, Summary]:
    """Import files into a new archive, or the one that is there."""
    archive = folder / "a.db"
    return archive, ingest(str(archive), [str(path) for path in paths], Settings(), jobs=jobs)


def put(folder: Path, name: str, data: bytes) -> Path:
    """A file."""
    folder.mkdir(exist_ok=True)
    (folder / name).write_bytes(data)
    return folder / name


def rows(archive: Path, query: str) -> list[Any]:
    """The rows of a query."""
    connection = sqlite3.connect(archive)
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()


def same(archive: Path, *, times: bool = True) -> dict[str, list[Any]]:
    """The content without the places; without the times of capture where a container states them."""
    found: dict[str, list[Any]] = content(archive)
    del found["source_paths"]
    found["sources"] = [[*row[:2], *row[3:13], *row[16:]] for row in found["sources"]]
    if not times:
        for table, columns in (("user_names", 2), ("signatures", 4)):
            found[table] = [row[:columns] for row in found[table]]
        found = json.loads(json.dumps(found))
        for post in found["posts"]:
            post[22] = post[23] = None
            for table, columns in (("sightings", 6), ("user_stats", 6)):
                for row in post[-1].get(table, ()):
                    row[columns] = None
            for row in post[-1].get("revisions", ()):
                row[4] = row[5] = None
    return found


@pytest.fixture(scope="module")
def loose(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The archive of the loose pages."""
    folder = tmp_path_factory.mktemp("loose")
    for name, data in PAGES.items():
        put(folder / "in", name, data)
    return run(folder, folder / "in")[0]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        pytest.param("x.zip", zipped(PAGES), id="zip"),
        pytest.param("x.tar.zst", zstandard.ZstdCompressor().compress(tarred(PAGES)), id="tar.zst"),
        pytest.param("x.tar.gz", gzip.compress(zipped({"inner.zip": zipped(PAGES)})), id="zip in zip in gz"),
    ],
)
@pytest.mark.parametrize("jobs", [1, 2])
def test_a_container_gives_the_archive_of_its_files(tmp_path: Path, loose: Path, name: str, data: bytes, jobs: int) -> None:
    archive, summary = run(tmp_path, put(tmp_path, name, data), jobs=jobs)
    assert summary.exit_code == 0
    assert same(archive) == same(loose)
    again = run(tmp_path, tmp_path / name)[1]
    assert (again.new, again.changed) == (0, 0)


def test_a_warc_gives_the_archive_of_its_files_at_its_own_times(tmp_path: Path, loose: Path) -> None:
    made = packed(*(record("response", http(data, "200 OK", "Content-Type: text/html"), None) for data in PAGES.values()))
    archive, _ = run(tmp_path, put(tmp_path, "x.warc.gz", made))
    assert same(archive, times=False) == same(loose, times=False)
    assert set(rows(archive, "SELECT captured_at, captured_how FROM sources")) == {("2024-05-06T07:08:09Z", "container")}


def test_the_same_address_captured_twice_is_two_sightings(tmp_path: Path) -> None:
    page = max(PAGES.values(), key=lambda data: data.count(b"postmessage_"))
    first, second = http(page, "200 OK"), http(page + b"<!-- Processed in 0.02 seconds -->", "200 OK")
    made = packed(
        record("response", first, URL), record("response", second, URL, WARC_Date="2025-01-01T00:00:00Z"),
        record("response", first, URL, WARC_Date="2025-02-02T00:00:00Z"),
    )
    archive, _ = run(tmp_path, put(tmp_path, "x.warc.gz", made))
    ((sightings, posts),) = rows(archive, "SELECT count(*), count(DISTINCT post_id) FROM sightings")
    assert sightings == 2 * posts > 0
    assert rows(archive, "SELECT captured_at, recaptured_at FROM sources ORDER BY id") == [
        ("2024-05-06T07:08:09Z", "2025-02-02T00:00:00Z"), ("2025-01-01T00:00:00Z", None)]
    assert rows(archive, "SELECT count(*) FROM source_paths") == [(3,)]


@pytest.mark.parametrize("kind", ["wet", "jsonl"])
def test_flattened_text_has_the_identity_of_its_address(tmp_path: Path, kind: str) -> None:
    line = json.dumps({"text": FLAT, "url": URL, "date": "2024-05-06T07:08:09Z"}).encode() + b"\n"
    made = packed(record("conversion", FLAT.encode(), URL)) if kind == "wet" else line
    archive, _ = run(tmp_path, put(tmp_path, "x", made))
    assert rows(archive, "SELECT kind, host, captured_at, captured_how FROM sources") == [("thread", "b.example", "2024-05-06T07:08:09Z", "container")]
    assert rows(archive, "SELECT tid, page FROM thread_sightings") == [(77, 2)]
    assert [author for (author,) in rows(archive, "SELECT author_name FROM posts ORDER BY created_at")] [:2] == ["老花匠", "匿名"]


def test_html_lines_go_to_the_html_reader(tmp_path: Path, loose: Path) -> None:
    made = "".join(json.dumps({"html": data.decode("utf-8", "replace")}) + "\n" for data in PAGES.values())
    archive, _ = run(tmp_path, put(tmp_path, "x.jsonl", made.encode()))
    assert rows(archive, "SELECT count(*), count(DISTINCT pid) FROM posts") == rows(loose, "SELECT count(*), count(DISTINCT pid) FROM posts")


def test_answers_that_are_no_pages_are_recorded_with_their_status(tmp_path: Path) -> None:
    soft = "<html><head><title>Oops</title></head><body>Nobody home.</body></html>"
    made = packed(
        record("response", http(b"", "302 Found", "Location: /login"), "http://b.example/1"),
        record("response", http(b"moved", "301 Moved Permanently"), "http://b.example/2"),
        record("response", http(soft.encode(), "404 Not Found", "Content-Type: text/html"), "http://b.example/3"),
        record("response", http(b"Later", "503 Unavailable"), "http://b.example/4"),
        record("response", http(b"a { }", "200 OK", "Content-Type: text/css"), "http://b.example/5"),
        record("response", http(b"var a;", "200 OK"), "http://b.example/common.js?x7p"),
        record("response", http(soft.encode(), "200 OK", "Content-Type: image/png"), "http://b.example/6.gif?x"),
    )
    archive, summary = run(tmp_path, put(tmp_path, "x.warc.gz", made))
    assert rows(archive, "SELECT p.member, s.status FROM sources AS s JOIN source_paths AS p ON p.source_id = s.id ORDER BY p.id") == [
        ("http://b.example/1", "redirect"), ("http://b.example/2", "redirect"), ("http://b.example/3", "http 404"), ("http://b.example/4", "http 503"),
        ("http://b.example/5", "asset"), ("http://b.example/common.js?x7p", "asset"), ("http://b.example/6.gif?x", "http 404")]
    assert rows(archive, "SELECT count(*) FROM documents") == [(0,)]
    assert (summary.failed, summary.exit_code) == (0, 0)


def test_the_charset_of_the_answer_is_a_hint(tmp_path: Path) -> None:
    """A page that declares none is read as its server said."""
    text = "種植番茄的方法," * 30
    made = packed(record("response", http(text.encode("big5"), "200 OK", "Content-Type: text/plain; charset=big5"), "http://b.example/1"))
    archive, _ = run(tmp_path, put(tmp_path, "x.warc.gz", made))
    assert rows(archive, "SELECT encoding, encoding_how FROM sources") == [("big5", "declared")]
    assert rows(archive, "SELECT text FROM documents") == [(text,)]


def test_backups_and_configs_in_containers_are_reported_never_stored(tmp_path: Path) -> None:
    held = {
        "dump.sql": b"-- MySQL dump 10.13\nDROP TABLE IF EXISTS `pre_x`;\nCREATE TABLE `pre_x` (\n`a` int);\nINSERT INTO `pre_x` VALUES (1);\n" * 3,
        "config/config_global.php": b"<?php\n$_config['db'][1]['dbpw'] = 'secret';\n", "x.sql.gz": gzip.compress(b"-- MySQL dump 10.13\nCREATE TABLE `a` (b int);\nINSERT INTO `a` VALUES (1);\n"),
    }
    archive, summary = run(tmp_path, put(tmp_path, "x.zip", zipped(held)))
    assert {status for (status,) in rows(archive, "SELECT status FROM sources")} == {"unsupported"}
    assert (summary.unsupported, rows(archive, "SELECT count(*) FROM documents")) == (3, [(0,)])
    assert b"secret" not in archive.read_bytes()


def test_a_broken_container_is_reported_once_and_its_sound_members_are_kept(tmp_path: Path) -> None:
    path = put(tmp_path, "x.warc.gz", packed(record("conversion", FLAT.encode(), URL)) + b"\x1f\x8b\x08rubbish")
    archive, first = run(tmp_path, path)
    assert (first.new, first.failed, first.exit_code) == (1, 1, 3)
    second = run(tmp_path, path)[1]
    assert (second.new, second.failed, second.exit_code) == (0, 0, 0)
    assert rows(archive, "SELECT count(*) FROM posts") == [(5,)]
