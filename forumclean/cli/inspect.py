"""``forumclean inspect``: what each input is, and what would be stored."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from forumclean.cli import options, render

if TYPE_CHECKING:
    from forumclean.pipeline.inspection import Inspection
    from forumclean.settings import Settings


SHOWN = 5
"""Names printed for one input."""


@click.command(short_help="Say what each input is and what would be stored.")
@options.PATHS
@options.reading()
@options.JSON
def inspect(paths: tuple[str, ...], settings: Settings, as_json: bool) -> int:
    """Say what each input is and why, how it was decoded, what would be stored, and what is wrong. Writes nothing. Exit code 3: an input could not be read."""
    from forumclean.pipeline.inspection import inspect as look

    code, listed = 0, []
    for one in look(paths, settings):
        code = 3 if any(issue.level == "error" for issue in one.issues) else code
        if as_json:
            listed.append(one.as_json())
        else:
            _print(one)
    if as_json:
        render.print_json(listed)
    return code


def _print(one: Inspection) -> None:
    render.say(render.one_line(one.ref))
    page = one.page
    if page is not None:
        render.say(f"  is        {page.kind}, score {page.score:.2f}: {'; '.join(page.reasons) or 'no other kind fits'}")
        if page.encoding:
            render.say(f"  decoded   {page.encoding} ({page.encoding_how})")
        if page.status != "ok":
            render.say(f"  status    {page.status}")
        holds = ", ".join(render.counted(count, name) for name, count in one.holds.items() if count)
        render.say(f"  holds     {holds or 'nothing that would be stored'}")
    if one.names:
        more = f" … and {len(one.names) - SHOWN:,} more" if len(one.names) > SHOWN else ""
        render.say(f"  names     {' · '.join(one.names[:SHOWN])}{more}")
    for issue in one.issues:
        render.say(f"  {issue.level:9} {issue.message} [{issue.code}]")
