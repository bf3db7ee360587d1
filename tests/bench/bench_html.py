"""How fast thread pages are read: `python tests/bench/bench_html.py [FOLDER …]` prints ms a page for lexbor's parse alone, parse and read, sanitising.

Without arguments: ../shared/corpus/desktop, else the fixtures. Each page is timed in turn, several times, and the best of each counts: other
programs on the machine then disturb all figures alike.
"""

from __future__ import annotations

import sys
import time
from itertools import pairwise
from pathlib import Path

from forumclean.parser.dates import zone
from forumclean.parser.engines.discuz_x import DISCUZ_X
from forumclean.parser.engines.html import HtmlPage, open_page
from forumclean.parser.markup.links import canonical_targets
from forumclean.parser.markup.sanitise import sanitise
from forumclean.parser.markup.tree import parse
from forumclean.records import Ref

ROOT = Path(__file__).resolve().parents[2]
ROUNDS = 8
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


def main() -> None:
    """Time every page, and print the mean of the best times."""
    corpus = ROOT.parent / "shared" / "corpus" / "desktop"
    folders = [Path(argument) for argument in sys.argv[1:]] or ([corpus] if corpus.is_dir() else [ROOT / "fixtures" / "html" / "x"])
    pages = [(path.name, path.read_text("utf-8", "replace")) for folder in folders for path in sorted(folder.glob("thread-*.html"))]
    best = [[9.0] * len(STEPS) for _ in pages]
    for _ in range(ROUNDS):
        for number, (name, text) in enumerate(pages):
            best[number] = [min(pair) for pair in zip(best[number], _one(name, text), strict=True)]
    sums = [sum(page[step] for page in best) for step in range(len(STEPS))]
    print(f"{len(pages)} pages, {sum(len(text) for _, text in pages) / len(pages) / 1000:.0f} thousand characters a page")
    for step, seconds in zip(STEPS, sums, strict=True):
        print(f"{step:22} {seconds / len(pages) * 1000:7.3f} ms a page  {seconds / sums[0]:5.2f} x parse")


if __name__ == "__main__":
    main()
