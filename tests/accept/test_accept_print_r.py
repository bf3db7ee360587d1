"""The corpus: every print_r dump gives the leaves of its JSON twin, as far as the text still holds them.

Where it cannot (this is the whole list):

* ``stripped``, ``oneline`` and pages without ``<pre>``: runs of blanks, tabs and line ends inside a value are one blank, blanks at its
  ends are gone. Compared with blanks folded.
* ``thread3.*``: ``views`` is a counter; the twins were taken one after the other.
* ``postlist3.*``: ten ``message`` values hold other random jammers and image ids (``aimg_…``) than the twin (the page was fetched once per
  dump). Compared without them.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

from forumclean.parser.php.forum_config import forum_config
from forumclean.parser.php.print_r import find_blocks
from forumclean.parser.php.values import escape_key, leaves

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

RANDOM = re.compile(r'<font class="jammer">.*?</font>|<span style="display:none">.*?</span>|(?<=<img id="aimg_)\w{5}')
COUNTERS = {"thread3": {"views"}}


def twin_leaves(value: object, path: str = "") -> Iterator[tuple[str, str | None]]:
    """Paths and texts of a JSON value, scalars as print_r prints them."""
    if not isinstance(value, (dict, list)):
        yield path, {True: "1", False: "", None: ""}[value] if value is None or isinstance(value, bool) else str(value)
        return
    entries = value.items() if isinstance(value, dict) else enumerate(value)
    if not value and path:
        yield path, None
    for key, item in entries:
        yield from twin_leaves(item, f"{path}.{escape_key(str(key))}" if path else escape_key(str(key)))


def comparable(rows: list[tuple[str, str | None]], name: str, *, exact: bool) -> list[tuple[str, str | None]]:
    """Leaves without what differs between two fetches, and with blanks folded where the text does not hold them."""
    out = []
    for path, text in rows:
        if path in COUNTERS.get(name, ()):
            continue
        if text and path.endswith(".message"):
            text = RANDOM.sub("", text)  # noqa: PLW2901 - the cleaned text takes its place
        out.append((path, text if exact or text is None else " ".join(text.split())))
    return out


def dumps(shared: Path) -> list[Path]:
    """The print_r dumps and the pages they were printed into, flattened."""
    folder = shared / "corpus" / "config_dumps"
    return sorted([*folder.glob("*.print_r*.txt"), *folder.glob("*.page_*.txt")])


def test_every_dump_gives_the_leaves_of_its_twin(shared):
    """All shapes, and all pages through three extractors: 100 %."""
    wrong = []
    for path in dumps(shared):
        name = path.name.partition(".")[0]
        twin = json.loads((path.parent / f"{name}.json.txt").read_text(encoding="utf-8"))
        exact = path.name.endswith(".print_r.txt")
        blocks = find_blocks(path.read_bytes().decode())
        got = [(leaf.path, leaf.value) for block in blocks for leaf in leaves(block.value)]
        want = list(twin_leaves(twin))
        if len(blocks) != 1 or not blocks[0].complete or comparable(got, name, exact=exact) != comparable(want, name, exact=exact):
            wrong.append(path.name)
    assert len(dumps(shared)) == 57
    assert wrong == []


def test_only_random_marks_differ_between_the_fetches(shared):
    """Of the post list, ten messages differ from the twin and nothing else."""
    folder = shared / "corpus" / "config_dumps"
    (block,) = find_blocks((folder / "postlist3.print_r.txt").read_bytes().decode())
    want = dict(twin_leaves(json.loads((folder / "postlist3.json.txt").read_text(encoding="utf-8"))))
    differ = [leaf.path for leaf in leaves(block.value) if want[leaf.path] != leaf.value]
    assert len(differ) == 10
    assert all(path.endswith(".message") for path in differ)


def test_forums_and_nothing_else(shared):
    """Forum rows become forums; threads, members, groups and post lists do not."""
    for path in dumps(shared):
        blocks = find_blocks(path.read_bytes().decode())
        config, issues = forum_config(blocks[0])
        assert issues == []
        assert (config is not None) == path.name.startswith("forum")
        if config is not None:
            twin = json.loads((path.parent / f"{path.name.partition('.')[0]}.json.txt").read_text(encoding="utf-8"))
            assert (str(config.fid), config.name, config.last_post_at is None) == (twin["fid"], twin["name"], False)
            assert config.last_post_author
            assert config.complete


def test_seed_001(shared):
    """The first real input: what the issue asks for."""
    (path,) = (shared / "seeds").glob("001_*")
    text = path.read_bytes().decode()
    (block,) = find_blocks(text)
    assert len(block.value.entries) == 98
    printed = leaves(block.value)
    assert sorted({leaf.type for leaf in printed}) == ["array", "text"]
    assert [sum(leaf.type == kind for leaf in printed) for kind in ("text", "array")] == [177, 2]
    config, issues = forum_config(block)
    assert issues == []
    assert config is not None
    assert (config.fid, config.parent_fid, config.jammer, config.threads_count, config.posts_count) == (6974, 6729, True, 28902, 471552)
    assert (config.name, config.moderators) == ("虚拟币讨论大厅", ("实习版主1",))
    assert (config.last_post_tid, config.last_post_author, config.last_post_at) == (2784894, "rainwang", "2025-11-27T06:37:34Z")
    value = {leaf.path: leaf.value for leaf in config.leaves}
    assert (value["creditspolicy.post.rewardnum"], value["creditspolicy.reply.extcredits3"]) == ("5", "10")
    assert sum(path.startswith("threadtypes.types.") for path in value) == 13
    assert value["threadtypes.types.1603"] == "虚拟币交流"
    assert {"formulaperm.users", "extra.iconwidth"} <= value.keys()
    assert sum(not leaf.decoded for leaf in config.leaves) == 179


@pytest.mark.parametrize("number", ["000", "002", "003", "004"])
def test_no_block_in_the_other_seeds(shared, number):
    (path,) = (shared / "seeds").glob(f"{number}_*")
    assert find_blocks(path.read_bytes().decode()) == []
