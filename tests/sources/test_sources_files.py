"""Files, folders and standard input as documents."""

from __future__ import annotations

import hashlib
import io
import os
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from forumclean.errors import UsageError
from forumclean.records import RawDocument
from forumclean.sources import Unreadable, Wanted, check, documents, files, fingerprint, unreadable
from forumclean.sources.spool import spool

if TYPE_CHECKING:
    from collections.abc import Sequence


def read(document: RawDocument) -> bytes:
    """All bytes of a document."""
    with document.open() as stream:
        return stream.read()


def _paths(*paths: Path, **options: object) -> list[str]:
    return [item.ref.path for item in documents([str(path) for path in paths], **options)]  # type: ignore[arg-type]


def _write(root: Path, *names: str) -> None:
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(name, "utf-8")


def test_a_folder_is_read_recursively_in_sorted_order(tmp_path: Path) -> None:
    _write(tmp_path, "b.txt", "a/z.txt", "a/b/c.txt", "中文.txt")
    assert _paths(tmp_path) == ["a/b/c.txt", "a/z.txt", "b.txt", "中文.txt"]


def test_hidden_names_are_skipped(tmp_path: Path) -> None:
    _write(tmp_path, ".git/x.txt", ".hidden", "seen.txt")
    assert _paths(tmp_path) == ["seen.txt"]


def test_a_file_named_as_path_is_read_whatever_the_globs_say(tmp_path: Path) -> None:
    _write(tmp_path, "a.txt")
    assert _paths(tmp_path / "a.txt", include=["*.html"]) == ["a.txt"]


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        pytest.param({"include": ["*.txt"]}, ["sub/c.txt"], id="include matches the bare name"),
        pytest.param({"include": ["sub/*"]}, ["sub/c.txt"], id="include matches the relative path"),
        pytest.param({"exclude": ["*.md"]}, ["sub/c.txt"], id="exclude"),
        pytest.param({"include": ["*"], "exclude": ["sub/*"]}, ["a.md"], id="exclude wins"),
    ],
)
def test_globs(tmp_path: Path, options: dict[str, list[str]], expected: list[str]) -> None:
    _write(tmp_path, "a.md", "sub/c.txt")
    assert _paths(tmp_path, **options) == expected


def test_the_archive_itself_is_never_read(tmp_path: Path) -> None:
    _write(tmp_path, "a.txt", "forum.db")
    (tmp_path / "link.db").symlink_to("forum.db")
    assert _paths(tmp_path, skip=[str(tmp_path / "forum.db")]) == ["a.txt"]


def test_the_place_tells_equal_names_apart_and_no_path_of_the_machine_is_stored(tmp_path: Path) -> None:
    _write(tmp_path, "one/a.txt", "two/a.txt")
    refs = [item.ref for item in documents([str(tmp_path / "one"), str(tmp_path / "two")])]
    assert refs[0].path == refs[1].path == "a.txt"
    assert refs[0].place != refs[1].place
    assert not any(str(tmp_path) in str(value) for ref in refs for value in (ref.path, ref.place))


def test_a_file_has_the_same_place_by_every_path_to_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _write(tmp_path, "sub/a.txt")
    monkeypatch.chdir(tmp_path)
    places = {item.ref.place for path in ("sub", "./sub/../sub", str(tmp_path), "sub/a.txt") for item in documents([path])}
    assert len(places) == 1


def test_fingerprint_and_bytes(tmp_path: Path) -> None:
    _write(tmp_path, "a.txt")
    (document,) = documents([str(tmp_path)])
    assert isinstance(document, RawDocument)
    assert fingerprint(document) == hashlib.sha256(b"a.txt").hexdigest()
    assert read(document) == read(document) == b"a.txt"


def test_links_out_of_the_folder_are_not_followed(tmp_path: Path) -> None:
    _write(tmp_path, "outside/secret.txt", "in/a.txt")
    (tmp_path / "in" / "out.txt").symlink_to(tmp_path / "outside" / "secret.txt")
    (tmp_path / "in" / "up").symlink_to(tmp_path)
    (tmp_path / "in" / "same.txt").symlink_to("a.txt")
    found = list(documents([str(tmp_path / "in")]))
    assert {item.ref.path: getattr(getattr(item, "issue", None), "code", None) for item in found} == {
        "a.txt": None, "out.txt": "link-outside", "same.txt": None, "up": "link-outside",
    }


def test_a_broken_link_is_an_issue(tmp_path: Path) -> None:
    (tmp_path / "gone.txt").symlink_to("nothing")
    (item,) = documents([str(tmp_path)])
    assert isinstance(item, Unreadable)
    assert item.issue.code == "unreadable"


def test_a_pipe_is_an_issue_and_no_hang(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path, tmp_path / "pipe"):
        (item,) = documents([str(path)])
        assert isinstance(item, Unreadable)
        assert item.issue.code == "not-a-file"


def test_an_unreadable_file_or_folder_is_an_issue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests may run as root, whom no permission stops: the refusal is played."""
    _write(tmp_path, "a.txt", "sub/b.txt")
    scan = os.scandir

    def refuse(path: str) -> object:
        if path.endswith("sub"):
            raise PermissionError(13, "Permission denied")
        return scan(path)

    monkeypatch.setattr(os, "access", lambda *_: False)
    monkeypatch.setattr(os, "scandir", refuse)
    found = list(documents([str(tmp_path)]))
    assert [(item.ref.path, item.issue.code) for item in found if isinstance(item, Unreadable)] == [("a.txt", "unreadable"), ("sub", "unreadable")]


def test_names_that_are_no_utf8_are_printable(tmp_path: Path) -> None:
    (Path(os.fsdecode(os.fsencode(str(tmp_path)) + b"/a\xff.txt"))).write_bytes(b"x")
    (item,) = documents([str(tmp_path)])
    assert item.ref.path == "a\\xff.txt"
    assert read(item) == b"x"  # type: ignore[arg-type]
    item.ref.path.encode("utf-8")


def test_a_missing_path_is_named_before_anything_is_read(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"nowhere: no such file"):
        check([str(tmp_path), str(tmp_path / "nowhere")])
    with pytest.raises(UsageError):
        next(iter(documents([str(tmp_path), str(tmp_path / "nowhere")])))


def test_a_very_deep_folder_does_not_exhaust_the_stack(tmp_path: Path) -> None:
    deep = tmp_path.joinpath(*["d"] * 400)
    deep.mkdir(parents=True)
    (deep / "a.txt").write_text("x")
    assert _paths(tmp_path) == ["d/" * 400 + "a.txt"]


def test_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(b"hello")))
    (document,) = documents(["-"])
    assert isinstance(document, RawDocument)
    assert (document.ref.path, document.ref.place, document.size, read(document), read(document)) == ("-", None, 5, b"hello", b"hello")


def test_a_large_stream_goes_to_a_file_that_is_removed() -> None:
    size, opener = spool(io.BytesIO(b"x" * 5000), limit=100)
    with opener() as first, opener() as second:
        assert size == 5000
        assert first.read() == second.read() == b"x" * 5000
        name = first.name
    assert Path(name).exists()
    del opener
    assert not Path(name).exists()


def test_an_error_while_reading_becomes_one_line() -> None:
    issue = unreadable(OSError(5, "Input/output error"))
    assert (issue.code, issue.level) == ("unreadable", "error")
    assert "input/output error" in issue.message


def test_files_that_are_as_they_were_are_left_out(tmp_path: Path) -> None:
    """Only files of folders that are asked for are asked about, by place, size and time; links, folders and PATHs themselves come as ever."""
    _write(tmp_path, "a.txt", "b.md", "sub/c.txt", ".hidden", "sub/d.txt")
    (tmp_path / "link.txt").symlink_to("a.txt")
    states = {item.ref.path: (item.ref.place, item.ref.size, item.ref.mtime_ns) for item in documents([str(tmp_path)])}
    asked: list[object] = []

    def unchanged(some: Sequence[object]) -> list[bool]:
        asked.extend(some)
        return [state != states["sub/d.txt"] for state in some]

    found = files([str(tmp_path), str(tmp_path / "a.txt")], Wanted.of(exclude=["*.md"]), unchanged)
    assert [item.ref.path for item in found] == ["link.txt", "sub/d.txt", "a.txt"]
    assert asked == [states["a.txt"], states["sub/c.txt"], states["sub/d.txt"]]
