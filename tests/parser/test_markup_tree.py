"""Markup that would take too long to build is refused before it is built (markup/tree.py); noise by class (markup/noise.py)."""

from __future__ import annotations

import pytest

from forumclean.parser.markup.noise import hidden_classes, jammer
from forumclean.parser.markup.tree import MarkupTooHeavyError, normal, parse

FINE = [
    pytest.param("<div>" * 4000, id="deep, but small"),
    pytest.param("<li>line<br>" * 20000, id="long list, items never closed"),
    pytest.param("<p>a<b>b</b></p>" * 30000, id="long page"),
    pytest.param('<img src="data:image/png;base64,' + "iVBO/" * 60000 + '">', id="a picture written into the page"),
    pytest.param("x" * 300000, id="long text"),
    pytest.param("a < b > c " * 20000, id="signs, no tags"),
]


@pytest.mark.parametrize("html", FINE)
def test_large_pages_are_built(html: str) -> None:
    """Size alone is no reason."""
    assert parse(html).body is not None


@pytest.mark.parametrize("html", [
    pytest.param("<div>" * 50000, id="nested"),
    pytest.param("<i><b>" * 40000, id="nested formatting"),
    pytest.param("<div></x>" * 50000, id="nested, with wrong ends between"),
    pytest.param("<div " + " ".join(f"a{i}=1" for i in range(60000)) + ">", id="attributes"),
    pytest.param("<div " + " ".join(f"a{i}='>'" for i in range(60000)) + ">", id="attributes that hold an end"),
    pytest.param("<div '>" + "<div>" * 50000 + "'>", id="hidden behind a stray quote"),
    pytest.param("<b>" * 600000, id="tags"),
    pytest.param("x" * 20_000_001, id="characters"),
])  # fmt: skip
def test_what_no_forum_prints_is_refused(html: str) -> None:
    """Nesting, attributes, tags and characters without measure: refused, with what is wrong."""
    with pytest.raises(MarkupTooHeavyError, match=r"\d"):
        parse(html)


def test_lone_surrogates_do_not_break_it() -> None:
    """Text that was decoded with replacement can hold what UTF-8 cannot."""
    assert normal("a\ud800b") == "a?b"


@pytest.mark.parametrize(("css", "classes"), [
    pytest.param(".pcb{margin-right:0}", set(), id="layout"),
    pytest.param("@media print{.x{display:none}}", set(), id="only on paper"),
    pytest.param(".a .b{display:none}", {"b"}, id="the element itself, not what is around it"),
    pytest.param(".a:hover{display:none}", set(), id="only sometimes"),
    pytest.param(".a{font-size:9px;color:#FFF}", {"a"}, id="small and white"),
    pytest.param(".a{color:#FFF}", set(), id="white alone"),
    pytest.param(".a{visibility:hidden} .b, i.c { opacity : 0 }", {"a", "b", "c"}, id="several"),
    pytest.param("{{{}}}.a{", set(), id="broken"),
])  # fmt: skip
def test_classes_that_the_page_hides(css: str, classes: set[str]) -> None:
    """From the style blocks of the page itself."""
    assert hidden_classes(f"<style type='text/css'>{css}</style>") == classes


def test_blocks_and_controls_are_no_jammers() -> None:
    """Only inline elements without an id or anything else are asked about."""
    assert jammer("div", ' class="jammer"') is None
    assert jammer("span", ' class="jammer" onclick="x()"') is None
    assert jammer("span", ' style="display:none" id="x"') is None
