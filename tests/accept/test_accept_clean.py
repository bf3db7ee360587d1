"""The floors of noise removal on the development sets, measured by the scripts beside the corpus."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

FLOORS = {
    "prose-collapse": 0.996, "prose-keep": 0.999, "prose-nbsp": 0.999, "english-collapse": 0.994, "english-keep": 0.998, "english-nbsp": 0.998,
    "code-collapse": 0.985, "code-keep": 0.995, "code-nbsp": 0.995, "hard-collapse": 0.905, "hard-keep": 0.914,
}
"""Share of lines given back exactly and in order."""


@pytest.fixture(scope="module")
def scores(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, float]]:
    """Set → figures, for jammed and for clean texts, through the real command."""
    folder = tmp_path_factory.mktemp("sets")
    subprocess.run([sys.executable, shared / "score/make_sets.py", folder], check=True)
    command = f"{sys.executable} -m forumclean clean --jsonl"
    figures: dict[str, dict[str, float]] = {}
    for name in ("jammed.jsonl", "clean.jsonl"):
        scorer = [sys.executable, str(shared / "score/score_clean.py"), str(folder / name), "--json", "--cmd", command]
        done = subprocess.run(scorer, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        figures |= json.loads(done.stdout)
    return figures


@pytest.mark.parametrize("name", FLOORS)
def test_jammed_lines_are_given_back(scores: dict[str, dict[str, float]], name: str) -> None:
    """At least the floor's share of lines, junk counting against it."""
    assert scores[name]["line_exact"] >= FLOORS[name]


def test_clean_texts_are_untouched(scores: dict[str, dict[str, float]]) -> None:
    """Not one line of a text that was never jammed is harmed."""
    clean = {name: figures for name, figures in scores.items() if name.startswith("clean-")}
    assert clean
    assert {name: (figures["line_exact"], figures["text_exact"]) for name, figures in clean.items()} == dict.fromkeys(clean, (1.0, 1.0))
