"""``forumclean serve``: read an archive in a browser."""

from __future__ import annotations

import importlib.util
import os
import socket
import sys
import webbrowser
from contextlib import suppress
from pathlib import Path

import click

from forumclean.cli import options, render
from forumclean.errors import ArchiveError, LockedError, UsageError
from forumclean.settings import FILES_VARIABLE

HOST = "127.0.0.1"
"""Nobody else's business: an archive holds what strangers wrote, often with names."""
SETTINGS = {"sql_time_limit_ms": 5000, "facet_time_limit_ms": 400, "truncate_cells_html": 400}
"""Of Datasette: on millions of posts a question takes longer than Datasette expects, and the owner of an archive may wait."""
_OUR_PAGES = "/-/board"


@click.command(short_help="Read it in a browser: threads, boards, authors, search.")
@options.ARCHIVE
@click.option("--port", type=click.IntRange(0, 65535), default=8001, show_default=True, help="Port on 127.0.0.1; 0 takes a free one.")
@click.option("--files", "folders", multiple=True, type=click.Path(), help="Folder of a mirror that was ingested: its pictures are shown. May be repeated; found by itself where it has not moved.")
@click.option("--open", "opens", is_flag=True, help="Open the page in the browser.")
def serve(archive: str, port: int, folders: tuple[str, ...], opens: bool) -> None:
    """Serve ARCHIVE with Datasette and the pages of forumclean on 127.0.0.1, until Ctrl-C. Nothing can be changed through it."""
    from forumclean.archiver.archive import Archive

    if importlib.util.find_spec("datasette") is None:
        raise UsageError("serve needs Datasette: pip install 'forumclean[explore]'")
    for folder in folders:
        if not Path(folder).is_dir():
            raise UsageError(f"{folder}: no such folder")
    with Archive.open_readonly(archive):
        pass  # says in plain words what is wrong with it
    may_change = _may_change(archive)
    if may_change:
        _index(archive)
    port = _free(port)
    address = f"http://{HOST}:{port}{_OUR_PAGES}"
    render.note(f"{archive}: read it at {address} (Ctrl-C ends)")
    if opens:
        webbrowser.open(address)
    os.execve(sys.executable, _command(archive, port, is_immutable=not may_change), _environment(folders))  # noqa: S606 - our own interpreter


def _command(archive: str, port: int, *, is_immutable: bool) -> list[str]:
    settings = [word for name, value in SETTINGS.items() for word in ("--setting", name, str(value))]
    served = ["--immutable", archive] if is_immutable else [archive]
    return [sys.executable, "-m", "datasette", "serve", *served, "--host", HOST, "--port", str(port), *settings]


def _environment(folders: tuple[str, ...]) -> dict[str, str]:
    """The folders of mirrors go to the plugin by the environment."""
    known = os.environ.get(FILES_VARIABLE)
    named = [*(str(Path(folder).absolute()) for folder in folders), *([known] if known else [])]
    return {**os.environ, FILES_VARIABLE: os.pathsep.join(named)} if named else dict(os.environ)


def _index(archive: str) -> None:
    """Index what a killed run left; somebody else who writes to the archive will do it himself."""
    from forumclean.archiver.archive import Archive
    from forumclean.archiver.search import index_pending, pending

    with Archive.open_readonly(archive) as opened:
        if not pending(opened.connection):
            return
    with suppress(LockedError), Archive.open(archive, create=False, wait=0) as writable:
        index_pending(writable.connection)


def _free(port: int) -> int:
    """The port, if nobody listens there; a free one for 0."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise ArchiveError(f"port {port} cannot be used ({(error.strerror or '').lower()}): give another with --port, or --port 0") from error
        return int(probe.getsockname()[1])


def _may_change(archive: str) -> bool:
    """Whether somebody could write to the archive while it is served; one in a read-only place cannot even be locked."""
    return os.access(archive, os.W_OK) and os.access(Path(archive).absolute().parent, os.W_OK)
