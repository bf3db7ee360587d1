"""Only recorded pictures, from the folder they were ingested from, are handed out."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from forumclean.archiver.pages.assets import Asset
from forumclean.explore.files import places, raster_type, read_picture, roots
from forumclean.settings import FILES_VARIABLE

GIF = b"GIF89a\x01\x00\x01\x00\x00\x00\x00;"


def _asset(path: str, data: bytes = GIF) -> Asset:
    return Asset(1, hashlib.sha256(data).hexdigest(), ((path, None),))


@pytest.mark.parametrize("head", [b"<svg xmlns='x'>", b"<html>", b"%PDF-1.4", b"", b"GIF8", b"RIFF\0\0\0\0WAVE"])
def test_what_is_no_raster_picture(head: bytes) -> None:
    assert raster_type(head) is None


def test_a_recorded_picture_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.gif").write_bytes(GIF)
    picture = read_picture(_asset("a.gif"), [tmp_path])
    assert picture is not None
    assert picture == (GIF, "image/gif")


def test_a_picture_that_changed_is_not(tmp_path: Path) -> None:
    (tmp_path / "a.gif").write_bytes(GIF + b"x")
    assert read_picture(_asset("a.gif"), [tmp_path]) is None


def test_a_drawing_is_not(tmp_path: Path) -> None:
    data = b"<svg onload='x()'/>"
    (tmp_path / "a.svg").write_bytes(data)
    assert read_picture(_asset("a.svg", data), [tmp_path]) is None


def test_a_path_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    inside = tmp_path / "inside"
    inside.mkdir()
    (tmp_path / "secret.gif").write_bytes(GIF)
    (inside / "link.gif").symlink_to(tmp_path / "secret.gif")
    for path in ("../secret.gif", "link.gif", str(tmp_path / "secret.gif")):
        assert read_picture(_asset(path), [inside]) is None


@pytest.mark.parametrize(("url", "page", "found"), [
    pytest.param("http://b.example/d/a.gif", "b.example/thread-1-1-1.html", "b.example/d/a.gif", id="wget"),
    pytest.param("http://b.example:8088/d/a.gif", "b.example+8088/t.html", "b.example+8088/d/a.gif", id="wget on Windows, a port"),
    pytest.param("http://img.example/a.gif", "b.example/bbs/t.html", "img.example/a.gif", id="another host beside it"),
    pytest.param("http://b.example/d/a.gif", "thread-1-1-1.html", "d/a.gif", id="the host's folder was cut off"),
    pytest.param("../img/a%20b.gif", "b.example/bbs/t.html", "b.example/img/a b.gif", id="relative, escaped"),
    pytest.param("http://b.example/i.php?id=3", "b.example/t.html", "b.example/i.php?id=3", id="a query in the name"),
])
def test_where_mirrors_keep_pictures(tmp_path: Path, url: str, page: str, found: str) -> None:
    assert str(tmp_path / found) in set(places(url, [page], [tmp_path]))


@pytest.mark.parametrize("url", ["http://[bad/a.gif", "../../../etc/passwd", "a\0b.gif", "data:image/png;base64,xx"])
def test_bad_urls_lead_nowhere_outside(tmp_path: Path, url: str) -> None:
    assert all(Path(path).is_relative_to(tmp_path) for path in places(url, ["b/t.html"], [tmp_path]))


def test_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Those typed, from the archive's folder on, and those of the environment; what is gone is left out."""
    (tmp_path / "dumps").mkdir()
    (tmp_path / "more").mkdir()
    monkeypatch.setenv(FILES_VARIABLE, str(tmp_path / "more"))
    assert roots(["dumps", "gone", "-"], str(tmp_path / "a.db")) == [tmp_path / "more", tmp_path / "dumps"]
