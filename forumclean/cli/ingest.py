"""``forumclean ingest``: the main job."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import click

from forumclean.cli import options, render

if TYPE_CHECKING:
    from forumclean.pipeline.summary import Summary
    from forumclean.records import Issue, Ref
    from forumclean.settings import Settings


SHOWN = ("forums", "threads", "posts", "documents")
"""What the summary names of all that is new."""
WARNED = 3
"""Inputs named with one and the same warning; the archive has them all."""


@click.command(short_help="Read files and folders into an archive: the main job.")
@options.ARCHIVE
@options.PATHS
@options.reading(storing=True)
@click.option("--include", metavar="GLOB", multiple=True, help="Read only files whose path below PATH matches. May be repeated.")
@click.option("--exclude", metavar="GLOB", multiple=True, help="Leave out files whose path below PATH matches. May be repeated.")
@click.option("--full", is_flag=True, help="Read unchanged inputs again.")
@click.option("--jobs", metavar="N", type=click.IntRange(1, 256), default=None, help="So many processes read.  [default: the machine's cores]")
@click.option("--wait", metavar="SECONDS", type=click.FloatRange(0, 86_400), default=5.0, show_default=True, help="How long to wait for another writer.")
@click.option("--backup", is_flag=True, help="Where the archive is of an older version: keep a copy of it before it is upgraded.")
@click.option("--quiet", "-q", is_flag=True, help="Say nothing when all is well; one line for each input that newly failed.")
@options.JSON
def ingest(
    archive: str, paths: tuple[str, ...], settings: Settings, include: tuple[str, ...], exclude: tuple[str, ...], full: bool, jobs: int | None,
    wait: float, backup: bool, quiet: bool, as_json: bool,
) -> int:
    """Read PATHs (files, folders, - for standard input) into the SQLite file ARCHIVE.

    The archive is made if it does not exist. Inputs that are already in it are passed over, so the same command can run every night.
    """
    from forumclean import sources
    from forumclean.pipeline.local import ingest as run

    trouble = _Trouble(quiet)
    with render.progress("reading", lambda: sources.count(paths), quiet=quiet or as_json) as progress:
        summary = run(
            archive, paths, settings, include=include, exclude=exclude, full=full, jobs=jobs or options.cores(), wait=wait, backup=backup,
            report=trouble.report, progress=progress,
        )
    trouble.say_rest(archive)
    if as_json:
        render.print_json(summary.as_json())
    elif not quiet:
        print_summary(archive, summary)
    return summary.exit_code


@dataclass(slots=True)
class _Trouble:
    """What went wrong with inputs, on stderr: every error, and of the inputs with one and the same warning the first few."""

    quiet: bool
    last: Ref | None = None
    warned: Counter[str] = field(default_factory=Counter)

    def report(self, ref: Ref, issue: Issue) -> None:
        if issue.level == "info" or (self.quiet and (issue.level != "error" or self.last == ref)):  # quiet: one line for each input that failed
            return
        self.last = ref
        if issue.level == "warning":
            self.warned[issue.code] += 1
            if self.warned[issue.code] > WARNED:
                return
        render.note(render.issue_line(ref, issue))

    def say_rest(self, archive: str) -> None:
        for code, count in self.warned.items():
            if count > WARNED:
                render.note(f"… and {count - WARNED:,} more [{code}]: forumclean issues {archive} --code {code}")


def print_summary(archive: str, summary: Summary) -> None:
    """The summary for people: what was read, what is new, what was cut."""
    read = [("read", summary.new), ("changed", summary.changed), ("unchanged", summary.unchanged), ("unsupported", summary.unsupported),
            ("assets", summary.assets), ("failed", summary.failed), ("being written, left for the next run", summary.postponed)]
    render.say(f"{archive}: " + (", ".join(f"{count:,} {word}" for word, count in read if count) or "nothing to read"))
    if summary.outdated:
        some = ", ".join(summary.outdated_paths)
        render.say(f"  read by an older version only, gone or not given to this run: {summary.outdated:,} ({some}{', …' if summary.outdated > len(summary.outdated_paths) else ''})")
    if not summary.new + summary.changed:
        render.say("  nothing new")
        return
    new = [render.counted(summary.stored[name], name) for name in SHOWN if summary.stored[name]]
    render.say("  new in the archive: " + (", ".join(new) or "nothing"))
    if summary.stored["changed posts"]:
        render.say(f"  changed in the archive: {render.counted(summary.stored['changed posts'], 'posts')}")
    if summary.cuts:
        rules = ", ".join(f"{rule} {count:,}" for rule, count in summary.cuts.most_common())
        render.say(f"  noise cut: {summary.cuts.total():,} places ({rules})")
