"""``forumclean explain``: every cut, why and where; and what was doubtful."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from forumclean.cli import options, render
from forumclean.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from forumclean.archiver.reading import Explained
    from forumclean.records import Issue, Ref
    from forumclean.settings import Settings

AROUND = 16
"""Characters of text shown on each side of a cut."""


@click.command(short_help="Show every cut: rule, where, and what was doubtful.")
@options.PATHS
@options.reading()
@click.option("--post", "post_id", metavar="ID", type=click.IntRange(1, options.MOST), help="PATH is an archive: explain this post of it (posts.id).")
@options.JSON
def explain(paths: tuple[str, ...], settings: Settings, post_id: int | None, as_json: bool) -> int:
    """Show every cut: rule, confidence, where, and the text around it; then what was doubtful: borders that could lie elsewhere, and what was left alone."""
    trouble: list[tuple[Ref, Issue]] = []
    bodies: Iterator[Explained]
    if post_id is None:
        bodies = _from_paths(paths, settings, trouble)
    else:
        if len(paths) != 1:
            raise UsageError("explain --post wants exactly one archive")
        bodies = _from_archive(paths[0], post_id)
    if as_json:
        render.print_json([_as_json(body) for body in bodies])
    else:
        _print(bodies)
    for ref, issue in trouble:
        render.note(render.issue_line(ref, issue))
    return 3 if any(issue.level == "error" for _, issue in trouble) else 0


def _from_paths(paths: tuple[str, ...], settings: Settings, trouble: list[tuple[Ref, Issue]]) -> Iterator[Explained]:
    from forumclean.archiver.reading import Explained
    from forumclean.pipeline.cleaning import CleanText, clean

    for item in clean(paths, settings):
        if isinstance(item, CleanText):
            name = f"{item.ref} post {item.ordinal}" if item.ordinal else f"{item.ref} (one text)"
            yield Explained(name, item.parsed, item.scrubbed.cuts, item.scrubbed.doubts)
        elif item[1].code == "archive" and len(paths) == 1 and item[0].path == Path(paths[0]).name:
            raise UsageError(f"{paths[0]}: this is an archive: give --post ID (forumclean search shows the ids of its posts)")
        elif item[1].level != "info":
            trouble.append(item)


def _from_archive(path: str, post_id: int) -> Iterator[Explained]:
    from forumclean.archiver.archive import Archive
    from forumclean.archiver.reading import explain_post

    with Archive.open_readonly(path) as archive:
        yield from explain_post(archive.connection, post_id)


def _as_json(body: Explained) -> dict[str, Any]:
    confidence = _confidence()
    return {
        "name": body.name,
        "cuts": [{**cut._asdict(), "line": _line(body.parsed, cut.start), "confidence": confidence.get(cut.rule)} for cut in body.cuts],
        "doubts": [{**doubt._asdict(), "line": _line(body.parsed, doubt.start)} for doubt in body.doubts],
    }


def _confidence() -> dict[str, str]:
    from forumclean.pipeline.poorer import VIEW
    from forumclean.scrubber import RULES

    return {**{rule.name: rule.confidence for rule in RULES}, VIEW: "view"}


def _line(text: str, offset: int) -> int:
    return text.count("\n", 0, offset) + 1


def _print(bodies: Iterator[Explained]) -> None:
    from forumclean.pipeline import settle_signatures
    from forumclean.pipeline.poorer import VIEW, WHY
    from forumclean.scrubber import RULES

    why = {rule.name: rule.why for rule in RULES} | {settle_signatures.RULE: settle_signatures.WHY, VIEW: WHY}
    confidence, used = _confidence(), set()
    for body in bodies:
        render.say(f"{body.name}: {render.counted(len(body.cuts), 'cuts')}, {render.counted(len(body.doubts), 'doubts')}")
        for cut in body.cuts:
            used.add(cut.rule)
            where = _excerpt(body.parsed, cut.start, cut.start + len(cut.before))
            where += f" → {render.plain(cut.after)}" if cut.after else ""
            sure = confidence.get(cut.rule, "unknown")
            click.echo(f"  line {_line(body.parsed, cut.start):<5} {cut.rule:18} {sure:9} {where}")
        for doubt in body.doubts:
            where = _excerpt(body.parsed, doubt.start, doubt.start + len(doubt.text))
            click.echo(f"  line {_line(body.parsed, doubt.start):<5} doubtful: {render.plain(doubt.why)} ({doubt.rule})  {where}")
    for rule in sorted(used):
        render.say(f"{rule}: {why.get(rule, 'a rule of an older version')}")


def _excerpt(text: str, start: int, end: int) -> str:
    """The cut characters marked, with a little text around them, on one line."""
    left = text[max(0, start - AROUND):start].rpartition("\n")[2]
    right = text[end:end + AROUND].partition("\n")[0]
    cut = text[start:end].replace("\n", "⏎").replace("\xa0", "⍽")
    return render.highlighted(f"{left}{cut}{right}", [(len(left), len(left) + len(cut))], render.CUT)
