"""Three captures of the same threads, flattened with no tags left, are read together: what they share is the text."""

from __future__ import annotations

from typing import TYPE_CHECKING

import lxml.html

from forumclean.scrubber import agree

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CAPTURES = ("desktop", "desktop_repeat2", "desktop_repeat3")
NOISE = "//font[@class='jammer'] | //span[@style='display:none']"


def bodies(folder: Path) -> Iterator[tuple[int, str, str]]:
    """Pid, the text of its message with all the noise, and without."""
    for page in sorted(folder.glob("thread-*.html")):
        tree = lxml.html.document_fromstring(page.read_text("utf-8"))
        messages = tree.xpath("//td[starts-with(@id, 'postmessage_')]")
        jammed = [message.text_content() for message in messages]
        for noise in tree.xpath(NOISE):
            noise.text = None
        for message, text in zip(messages, jammed, strict=True):
            yield int(message.get("id").removeprefix("postmessage_")), text, message.text_content()


def test_three_captures_give_every_line(shared: Path) -> None:
    """Floor: 99.9 % of the lines of all posts that three captures show; with two of them too."""
    captures = [{pid: (jammed, clean) for pid, jammed, clean in bodies(shared / "corpus" / name)} for name in CAPTURES]
    pids = set.intersection(*map(set, captures))
    assert len(pids) == 156
    for count in (2, 3):
        lines = right = 0
        for pid in pids:
            clean = captures[0][pid][1].split("\n")
            agreed = agree([capture[pid][0] for capture in captures[:count]])[0]
            found = agreed.text.split("\n") if agreed is not None else []
            lines += len(clean)
            right += sum(one.rstrip() == other.rstrip() for one, other in zip(clean, found, strict=False))
        assert right / lines >= 0.999, f"{count} captures: {right} of {lines} lines"
