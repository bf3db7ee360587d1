"""Which elements of a message are jammers: anti-copy noise that Discuz or a plugin puts at line breaks and hides from readers.

An element is proof where text is not, so this is the only place that says so in HTML. Never by what is in it alone, and never any
hidden element: ``display:none`` also hides filtered posts, full-size pictures and menus. Only inline elements that hold nothing but
text are asked about, and those with an ``id`` never (a script shows them).
"""

from __future__ import annotations

import re
from functools import lru_cache

from forumclean.parser.markup.tokens import attributes_of, text_of

EXACT = {
    # function_discuzcode.php (X2-X3.5): one of the two, by chance, at each line break
    ("font", ' class="jammer"'): "font.jammer",
    ("span", ' style="display:none"'): "hidden span",
}
"""The two shapes of Discuz X, as lexbor writes them."""
INLINE = frozenset({
    "font", "span", "i", "em", "b", "strong", "s", "u", "strike", "del", "ins", "small", "big", "sub", "sup", "cite", "var", "code",
    "tt", "label", "abbr", "acronym", "bdo", "q", "kbd", "samp", "a", "p", "dfn", "mark", "x",
})
"""What noise has been seen in, or could be without breaking a line (and ``p``, which plugins use)."""

# D4-D7 (0) and X1 (10): a colour of the page's own background; the size is the hiding. No BBCode gives a font both, but HTML can: ten
# pixels are seen unless they are white
_OLD_STYLE = re.compile(r"font-size:(?P<size>0|10)px;color:[^;]*;?$")
_GONE = re.compile(
    r"""(?:^|;)(?: display:none | visibility:(?:hidden|collapse) | opacity:0(?:\.0+)?
          | font-size:0+(?:\.0+)?(?:px|pt|em|rem|%)? | (?:left|top|text-indent|margin-left):-\d{3,}(?:px|em|pt)
          | font-size:(?:1|0?\.\d+)px | clip:rect\((?:0|1px)[^)]*\) )(?:!important)?(?=;|$)""",
    re.VERBOSE,
)
"""Declarations, white space cut and lower case, after which a reader sees nothing."""
_FAINT = re.compile(r"(?:^|;)font-size:(?:\d|10)px(?=;|$)")
_PALE = re.compile(r"(?:^|;)color:(?:#f{3}(?:f{3})?|white|transparent|rgba?\(255,255,255(?:,[\d.]+)?\)|rgba\([\d,]+,0\))(?=;|$)")
_WHITE = re.compile(r"\s+")

_STYLE_BLOCK = re.compile(r"<style\b[^>]{0,300}>([^<]{8,20000})</style")
_LAST_CLASS = re.compile(r"\.([\w-]+)\s*$")

# pairs of A (a character of code 32-59), a space, B (63-126): X's random string, or its unspaced ancestor
_PAIRS = re.compile(r"(?:[ -;\xa0][ \xa0][?-~]){5,15}")
_VARIED = 3
"""Different A, and different B, in a true string of five pairs: fewer are one in 1,400."""


def hidden_classes(text: str) -> frozenset[str]:
    """The classes that the page's own style blocks make invisible: names that a site chose for its jammers.

    ``text``: the page. Style sheets in files of their own are not seen.

    >>> sorted(hidden_classes("<style>.pcb .ksam, i.mask { font-size: 0 }</style><style>.wide{width:0}</style>"))
    ['ksam', 'mask']
    """
    found: set[str] = set()
    at = text.find("<style")
    while at >= 0:
        block = _STYLE_BLOCK.match(text, at)
        at = text.find("<style", at + 6)
        if block is None or not any(word in block[1] for word in ("display", "font-size", "visibility", "opacity", "-9", "clip")):
            continue
        for rule in block[1].split("}"):
            selectors, _, declarations = rule.partition("{")
            if _invisible(declarations):
                names = (_LAST_CLASS.search(selector.strip()) for selector in selectors.split(","))
                found.update(name[1] for name in names if name is not None)
    return frozenset(found)


def jammer(name: str, written: str, hidden: frozenset[str] = frozenset()) -> str | None:
    """Whether an element is a jammer by its tag alone: what says so, or ``None``.

    ``name``, ``written``: the tag's name and attributes as lexbor writes them; ``hidden``: see ``hidden_classes``.

    >>> jammer("font", ' class="jammer"'), jammer("span", ' style=" Display : None; "'), jammer("font", ' color="white"')
    ('font.jammer', 'hidden by style', None)
    """
    known = EXACT.get((name, written))
    if known is not None:
        return known
    if name not in INLINE or len(written) > 300 or ("class=" not in written and "style=" not in written):  # noqa: PLR2004 - short tags
        return None
    return _asked(name, written, hidden)


@lru_cache(maxsize=1024)
def _asked(name: str, written: str, hidden: frozenset[str]) -> str | None:
    attributes = attributes_of(written)
    if attributes.keys() - {"class", "style"}:
        return None
    classes = attributes.get("class", "").split()
    if "jammer" in classes:
        return "class jammer"
    style = _WHITE.sub("", attributes.get("style", "")).lower()
    if style and name == "font":
        old = _OLD_STYLE.match(style)
        if old is not None and not classes:
            return "font of no size" if old["size"] == "0" else "hidden by style" if _PALE.search(style) else "small font"
    elif style and _invisible(style):
        return "hidden by style"
    if not hidden.isdisjoint(classes):
        return "hidden by class"
    return None


SURE = frozenset({"font.jammer", "class jammer", "font of no size"})
"""Proof wherever they stand; hidden elements of other kinds are noise only beside a line break, or if they hold random strings."""
PAIRS_ONLY = frozenset({"small font"})
"""Noise only if they hold random strings."""


def is_pairs(content: str) -> bool:
    """Whether serialised text is one random string and nothing else."""
    if not 14 < len(content) < 200:  # noqa: PLR2004 - 5 to 15 pairs, all of them entities
        return False
    text = text_of(content)
    return _PAIRS.fullmatch(text) is not None and len(set(text[0::3])) >= _VARIED and len(set(text[2::3])) >= _VARIED


def _invisible(declarations: str) -> bool:
    style = _WHITE.sub("", declarations).lower()
    return _GONE.search(style) is not None or (_FAINT.search(style) is not None and _PALE.search(style) is not None)
