"""How fast thread pages are read: `python tests/bench/bench_html.py [FOLDER …]` prints ms a page for lexbor's parse alone, parse and read, sanitising.

Without arguments: ../shared/corpus/desktop, else the fixtures. Each page is timed in turn, several times, and the best of each counts: other
programs on the machine then disturb all figures alike.

Where ../shared is, a whole import of its pages (bytes to rows) is set beside the script that a user would write (BeautifulSoup, an INSERT a
post) and beside lexbor's parse alone: processor time, in turn, the best of each, every time in a child process that has the modules
loaded and has seen none of the pages.
"""

from __future__ import annotations

import importlib.util
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from itertools import pairwise
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from forumclean.parser.dates import zone
from forumclean.parser.engines.discuz_x import DISCUZ_X
from forumclean.parser.engines.html import HtmlPage, open_page
from forumclean.parser.markup.links import canonical_targets
from forumclean.parser.markup.sanitise import sanitise
from forumclean.parser.markup.tree import Tree, parse
from forumclean.pipeline import local
from forumclean.records import Ref
from forumclean.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parents[2]
CORPUS = ROOT.parent / "shared" / "corpus" / "desktop"
SCRIPT = ROOT.parent / "shared" / "score" / "baseline_bs4.py"
FIXTURES = ROOT / "fixtures" / "html" / "x"
ROUNDS = 8
IMPORTS = 5
"""Rounds of whole imports; the script takes seconds for each."""
STEPS = ("parse alone", "parse and read", "score", "sanitise and targets")


def _one(name: str, text: str) -> list[float]:
    """Seconds for each step on one page."""
    marks = [time.perf_counter()]
    parse(text)
    marks.append(time.perf_counter())
    page = open_page(Ref(path=name), text, zone("Asia/Shanghai"))
    if not isinstance(page, HtmlPage):
        return [marks[1] - marks[0], 0.0, 0.0, 0.0]
    posts = DISCUZ_X.read(page).posts
    marks.append(time.perf_counter())
    DISCUZ_X.score(page)
    marks.append(time.perf_counter())
    for post in posts:
        sanitise(post.html or "")
        canonical_targets(post.html or "")
    marks.append(time.perf_counter())
    return [after - before for before, after in pairwise(marks)]


def _script(folder: Path, archive: str) -> None:
    """The user's own script, which takes its arguments from the command line."""
    spec = importlib.util.spec_from_file_location("baseline_bs4", SCRIPT)
    if spec is None or spec.loader is None:
        raise FileNotFoundError(SCRIPT)
    script: Any = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    with patch.object(sys, "argv", [str(SCRIPT), archive, str(folder)]):
        script.main()


def _lexbor(folder: Path, _archive: str) -> None:
    for path in sorted(folder.glob("*.html")):
        Tree(path.read_bytes())


def _whole(folder: Path, archive: str) -> None:
    local.ingest(archive, [str(folder)], Settings())


def _without_index(folder: Path, archive: str) -> None:
    with patch.object(local, "index_pending"):
        _whole(folder, archive)


def _timed(work: Callable[[Path, str], None], folder: Path) -> float:
    """Seconds of processor time."""
    with tempfile.TemporaryDirectory() as place:
        start = time.process_time()
        work(folder, f"{place}/archive.db")
        return time.process_time() - start


def _in_child(work: Callable[[Path, str], None]) -> float:
    with ProcessPoolExecutor(1, mp_context=get_context("fork")) as pool:
        return pool.submit(_timed, work, CORPUS).result()


def _imports() -> None:
    """Print the two ratios that issue 3 asks for."""
    jobs: tuple[Callable[[Path, str], None], ...] = (_script, _lexbor, _whole, _without_index)
    for work in jobs:
        _timed(work, FIXTURES)  # loads the modules
    best = dict.fromkeys(jobs, 1e9)
    for _ in range(IMPORTS):
        best = {work: min(seconds, _in_child(work)) for work, seconds in best.items()}
    pages = len(list(CORPUS.glob("*.html")))
    rates = {work: (len(list(CORPUS.glob("thread-*.html"))) if work is _script else pages) / seconds for work, seconds in best.items()}
    print(f"\nbytes to rows, {pages} pages in one process, pages a second of processor time")
    for work, name in zip(jobs, ("BeautifulSoup script", "lexbor's parse alone", "import", "import without index"), strict=True):
        print(f"{name:22} {rates[work]:8.0f}")
    print(f"import / script: {rates[_whole] / rates[_script]:.1f} x (asked: 10)")
    print(f"time of the import without index / of lexbor: {rates[_lexbor] / rates[_without_index]:.1f} x (asked: at most 5)")


def main() -> None:
    """Time every page, and print the mean of the best times."""
    folders = [Path(argument) for argument in sys.argv[1:]] or [CORPUS if CORPUS.is_dir() else FIXTURES]
    pages = [(path.name, path.read_text("utf-8", "replace")) for folder in folders for path in sorted(folder.glob("thread-*.html"))]
    best = [[9.0] * len(STEPS) for _ in pages]
    for _ in range(ROUNDS):
        for number, (name, text) in enumerate(pages):
            best[number] = [min(pair) for pair in zip(best[number], _one(name, text), strict=True)]
    sums = [sum(page[step] for page in best) for step in range(len(STEPS))]
    print(f"{len(pages)} pages, {sum(len(text) for _, text in pages) / len(pages) / 1000:.0f} thousand characters a page")
    for step, seconds in zip(STEPS, sums, strict=True):
        print(f"{step:22} {seconds / len(pages) * 1000:7.3f} ms a page  {seconds / sums[0]:5.2f} x parse")
    if not sys.argv[1:] and CORPUS.is_dir() and SCRIPT.is_file():
        _imports()


if __name__ == "__main__":
    main()
