"""What all tests share."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

# The same examples on every machine and in every run, so that what passed passes; HYPOTHESIS_EXPLORE=1 looks for new ones.
settings.register_profile("steady", derandomize=True, deadline=None)
settings.register_profile("explore", deadline=None)
settings.load_profile("explore" if os.environ.get("HYPOTHESIS_EXPLORE") else "steady")

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"


def _unavailable(why: str) -> None:
    """Skip, but fail where the caller demands that nothing is skipped (.ci/run)."""
    if os.environ.get("FORUMCLEAN_REQUIRE_TOOLS"):
        pytest.fail(f"{why}, and FORUMCLEAN_REQUIRE_TOOLS is set")
    pytest.skip(why)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """A test marked ``needs("php")`` runs where that program is installed."""
    for marker in item.iter_markers("needs"):
        for tool in marker.args:
            if shutil.which(tool) is None:
                _unavailable(f"{tool} is not installed")


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder with the corpus and the seeds beside the repository; the test is skipped where it is absent."""
    if not SHARED.is_dir():
        pytest.skip("../shared is not here: acceptance tests need the corpus")
    return SHARED


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 4 MB of its own; the test is skipped where none can be mounted (it takes Linux and root)."""
    place = tmp_path / "disk"
    place.mkdir()
    try:
        done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", place], capture_output=True, check=False)
    except OSError:
        _unavailable("mount is not there")
    if done.returncode:
        _unavailable("no file system can be mounted")
    yield place
    subprocess.run(["umount", place], check=True)


@pytest.fixture
def forumclean(tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run the real command in a folder of its own; ``stdin`` may be bytes; ``env`` replaces the environment."""

    def run(*words: object, stdin: bytes = b"", env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [sys.executable, "-m", "forumclean", *map(str, words)],
            input=stdin, capture_output=True, cwd=tmp_path, env=env, check=False, timeout=120,
        )
        return subprocess.CompletedProcess(
            done.args, done.returncode, done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace"),
        )

    return run
