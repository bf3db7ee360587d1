"""Every night, by cron: no terminal, hardly any environment, nothing to say when all is well."""

from __future__ import annotations

import json
import os
import runpy
import subprocess
import sys
import textwrap
import time
from pathlib import Path
from typing import Any

import pytest

TESTS = Path(__file__).resolve().parents[1]
board = runpy.run_path(str(TESTS / "bench" / "synthetic_board.py"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "抓取 2024"  # "crawl": names are not ASCII, whatever the locale says
    board["write"](made, 60)
    return made


def night(folder: Path, *options: str) -> tuple[int, str, str]:
    """One import as cron would start it: exit code, what it printed, what it complained about."""
    done = subprocess.run(
        ["env", "-i", "LANG=C", sys.executable, "-m", "forumclean", "ingest", *options, str(folder.parent / "a.db"), str(folder)],
        stdin=subprocess.DEVNULL, capture_output=True, cwd="/", start_new_session=True, check=False, timeout=120)
    return done.returncode, done.stdout.decode("utf-8"), done.stderr.decode("utf-8")


def test_nights_are_silent_but_for_new_trouble(folder: Path) -> None:
    """One line and exit code 3 for an input that newly failed; the next night it is no news."""
    assert night(folder, "--quiet") == (0, "", "")
    assert night(folder, "--quiet") == (0, "", "")
    (folder / "空页.html").touch()
    code, out, said = night(folder, "--quiet")
    assert (code, out) == (3, "")
    assert said == "空页.html: error: is empty: there is nothing to store [empty]\n"
    assert night(folder, "--quiet") == (0, "", "")
    os.utime(folder / "空页.html", (1, 1))
    assert night(folder, "--quiet") == (0, "", "")
    board["write"](folder / "more", 20, 2)
    assert night(folder, "--quiet") == (0, "", "")


def test_a_summary_for_programs(folder: Path) -> None:
    """One JSON object, whatever happens to the inputs; issues go to stderr."""
    count = len(list(folder.rglob("*.html")))
    (folder / "a.html").touch()
    code, out, said = night(folder, "--json")
    first = json.loads(out)
    assert code == first["exit_code"] == 3
    assert said.count("\n") == 1
    assert {name: first[name] for name in ("new", "changed", "unchanged", "failed")} == {"new": count, "changed": 0, "unchanged": 0, "failed": 1}
    code, out, said = night(folder, "--json", "--quiet")
    again = json.loads(out)
    assert (code, said) == (0, "")
    assert {name: again[name] for name in ("new", "changed", "unchanged", "failed")} == {"new": 0, "changed": 0, "unchanged": count + 1, "failed": 0}
    assert again["seconds"] > 0


def test_the_history_tells_all_nights(folder: Path, forumclean: Any) -> None:
    """When, how long, how much, how it ended, by which version; newest first."""
    night(folder, "--quiet")
    (folder / "a.html").touch()
    night(folder, "--quiet")
    heading, last, first = forumclean("runs", folder.parent / "a.db").stdout.splitlines()
    names = heading.split("\t")
    shown = [dict(zip(names, line.split("\t"), strict=True)) for line in (first, last)]
    count = str(len(list(folder.rglob("thread*.html"))))
    assert [(run["new"], run["unchanged"], run["failed"], run["status"], run["exit"]) for run in shown] == [
        (count, "0", "0", "finished", "0"), ("0", count, "1", "finished", "3")]


CRON = """
    set -e
    mount -t tmpfs tmpfs /etc/cron.d
    mount -t tmpfs tmpfs /var/spool/cron
    mkdir /var/spool/cron/crontabs
    mount -t tmpfs tmpfs /run
    touch /run/empty && mount --bind /run/empty /etc/crontab
    cp "$1" /etc/cron.d/forumclean
    chmod 644 /etc/cron.d/forumclean
    exec cron -f
"""
"""The daemon in a world of its own: it sees one table, and what it starts ends with it."""


@pytest.mark.needs("cron", "unshare")
def test_the_real_cron_runs_it(tmp_path: Path, folder: Path) -> None:
    """The daemon itself, with the line of the README; started now (@reboot) instead of at half past three."""
    if subprocess.run(["unshare", "--mount", "--pid", "--fork", "true"], capture_output=True, check=False).returncode:
        pytest.skip("a process may not have a world of its own here")
    (tmp_path / "script").write_text(textwrap.dedent(CRON))
    command = f"{sys.executable} -m forumclean ingest --quiet {tmp_path}/a.db '{folder}'"
    (tmp_path / "table").write_text(
        f"@reboot root (env > {tmp_path}/env; cd {tmp_path}; {command} > out 2> err; echo $? > code.part; mv code.part code)\n")
    daemon = subprocess.Popen(
        ["unshare", "--mount", "--pid", "--fork", "--kill-child", "sh", str(tmp_path / "script"), str(tmp_path / "table")],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    try:
        for _ in range(600):
            if (tmp_path / "code").exists() or daemon.poll() is not None:
                break
            time.sleep(0.1)
    finally:
        daemon.kill()
        trouble = daemon.communicate()[1]
    assert (tmp_path / "code").exists(), trouble
    assert [(tmp_path / name).read_text() for name in ("code", "out", "err")] == ["0\n", "", ""]
    assert "TERM=" not in (tmp_path / "env").read_text()
    assert night(folder, "--json")[0] == 0
