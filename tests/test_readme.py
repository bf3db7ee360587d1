"""The README's transcripts are run: what it shows is what the command prints."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text("utf-8")
BLOCKS = re.findall(r"```console\n(.*?)```", README, re.DOTALL)
COMMAND = re.compile(r"^\$ (forumclean .*)$", re.MULTILINE)
ELLIPSIS = "…\n"
"""A line holding only this stands for any lines left out."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which ``dumps/`` holds the bundled samples, and a ``forumclean`` that is this one."""
    place = tmp_path_factory.mktemp("readme")
    shutil.copytree(ROOT / "forumclean" / "demo" / "samples", place / "dumps")
    return place


def _steps(block: str) -> list[tuple[str, str]]:
    """(command, what it prints) of one transcript."""
    parts = COMMAND.split(block)
    assert not parts[0].strip(), f"a transcript begins with a command: {parts[0]!r}"
    return [(parts[n], parts[n + 1].removeprefix("\n")) for n in range(1, len(parts), 2)]


def _matches(shown: str, printed: str) -> bool:
    pattern = ".*".join(re.escape(part) for part in ("\n" + shown.strip("\n") + "\n").split(f"\n{ELLIPSIS}"))
    return re.fullmatch(pattern, "\n" + printed.strip("\n") + "\n", re.DOTALL) is not None


def test_there_are_transcripts() -> None:
    """A test of nothing would prove nothing."""
    assert sum(len(_steps(block)) for block in BLOCKS) >= 5


def test_the_transcripts_are_true(folder: Path) -> None:
    """Each command of the README, in order, in one folder; times and counts included, seconds and dates left out with ``…``."""
    environment = {name: value for name, value in os.environ.items() if name != "FORCE_COLOR"}
    for command, shown in [step for block in BLOCKS for step in _steps(block)]:
        words = [sys.executable, "-m", "forumclean", *shlex.split(command)[1:]]
        done = subprocess.run(words, cwd=folder, capture_output=True, encoding="utf-8", env=environment, check=False)
        assert _matches(shown, done.stdout + done.stderr), f"$ {command}\n{done.stdout}{done.stderr}"


def test_samples_are_what_their_script_makes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The bundled samples come from fixtures/make_samples.py and nothing else."""
    import importlib.util

    spec = importlib.util.spec_from_file_location("make_samples", ROOT / "fixtures" / "make_samples.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "SAMPLES", tmp_path)
    module.main()
    bundled = ROOT / "forumclean" / "demo" / "samples"
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {path.name: path.read_bytes() for path in bundled.iterdir()}
