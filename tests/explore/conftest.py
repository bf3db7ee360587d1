"""A mirror of an invented board, its archive, and the archive as it is served: by a real process, read by a real browser."""

from __future__ import annotations

import base64
import contextlib
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.error import HTTPError
from urllib.parse import quote
from urllib.request import HTTPRedirectHandler, build_opener

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = ROOT / "fixtures" / "html" / "x"
PICTURE = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")
"""A PNG of one pixel."""


class Answer(NamedTuple):
    """What a server says."""

    status: int
    text: str
    headers: dict[str, str]
    data: bytes


class Served(NamedTuple):
    """A running server."""

    address: str
    archive: Path
    folder: Path

    def get(self, path: str) -> Answer:
        """Ask for a page; redirects are not followed."""
        try:
            with build_opener(_Stay).open(self.address + quote(path, safe="/?=&%#:+*\"'-_.~,"), timeout=60) as response:
                return _answer(response)
        except HTTPError as error:
            with error:
                return _answer(error)

    def another(self, archive: Path) -> contextlib.AbstractContextManager[Served]:
        """Serve another archive beside this one."""
        return serve(archive)

    @property
    def name(self) -> str:
        """Of the database in Datasette."""
        return self.archive.stem


class _Stay(HTTPRedirectHandler):
    def redirect_request(self, *_args: object) -> None:
        return None


def _answer(response: object) -> Answer:
    data = response.read()  # type: ignore[attr-defined]
    headers = {name.lower(): value for name, value in response.headers.items()}  # type: ignore[attr-defined]
    return Answer(response.status, data.decode("utf-8", "replace"), headers, data)  # type: ignore[attr-defined]


def make_mirror(folder: Path) -> None:
    """A mirror as wget leaves it, and a later capture of a page whose first post was edited and whose second is as before."""
    board = folder / "mirror" / "bbs.example.org"
    pictures = board / "data" / "attachment" / "forum" / "201406" / "01"
    pictures.mkdir(parents=True)
    shutil.copy(PAGES / "thread-52-1-1.html", board / "thread-52-1-1.html")
    shutil.copy(ROOT / "fixtures" / "html" / "lists" / "forum.html", board / "forum-6-1.html")
    (pictures / "a.jpg").write_bytes(PICTURE)
    (pictures / "drawing.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'><script>window.hurt = 1</script></svg>")
    later = folder / "later"
    later.mkdir()
    page = (PAGES / "thread-52-1-1.html").read_text("utf-8").replace("早上六点开竿", "早上五点半开竿")
    (later / "thread-52-1-1.html").write_text(page, "utf-8")


def make_archive(folder: Path) -> Path:
    """Ingest the mirror as a person would, from the folder that it lies in."""
    make_mirror(folder)
    for path in ("mirror", "later"):
        subprocess.run([sys.executable, "-m", "forumclean", "ingest", "board.db", path, "--quiet"], cwd=folder, check=True, timeout=120)
    return folder / "board.db"


@contextlib.contextmanager
def serve(archive: Path) -> Iterator[Served]:
    """Run ``forumclean serve`` until the block is left."""
    with (archive.parent / "serve.log").open("w+") as log:
        command = [sys.executable, "-m", "forumclean", "serve", archive.name, "--port", "0"]
        process = subprocess.Popen(command, cwd=archive.parent, stdout=log, stderr=subprocess.PIPE, text=True)
        try:
            assert process.stderr is not None
            line = process.stderr.readline()
            address = line.partition("http://")[2].partition("/-/")[0]
            assert address, line
            for said in process.stderr:  # uvicorn says when it listens
                if "running on" in said:
                    break
            drain = subprocess.Popen(["cat"], stdin=process.stderr, stdout=log)
            yield Served(f"http://{address}", archive, archive.parent)
        finally:
            process.terminate()
            process.wait(20)
            process.stderr.close()
            with contextlib.suppress(UnboundLocalError):
                drain.wait(20)


@pytest.fixture(scope="session")
def board(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The archive, served."""
    with serve(make_archive(tmp_path_factory.mktemp("board"))) as served:
        yield served


@pytest.fixture
def rows(board: Served) -> Callable[..., list[tuple[object, ...]]]:
    """Ask the archive itself."""

    def ask(sql: str, *values: object) -> list[tuple[object, ...]]:
        with contextlib.closing(sqlite3.connect(board.archive)) as connection:
            return connection.execute(sql, values).fetchall()

    return ask
