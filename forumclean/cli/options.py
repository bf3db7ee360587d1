"""Arguments and options that several verbs share, and how they become ``Settings``."""

from __future__ import annotations

import functools
import os
from typing import TYPE_CHECKING, Any

import click

from forumclean.errors import UsageError
from forumclean.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable

ARCHIVE = click.argument("archive", type=click.Path(readable=False))
PATHS = click.argument("paths", metavar="PATH...", nargs=-1, required=True, type=click.Path(readable=False))
MOST = 2**63 - 1
"""The largest number that SQLite knows."""
JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")

_READING = (
    click.option("--encoding", metavar="NAME", help="Read every input in this charset (gbk, big5, utf-8, …)."),
    click.option("--engine", metavar="NAME", help="Read every input with this engine instead of the one that fits best."),
    click.option("--timezone", metavar="ZONE", help="Time zone of times that do not state theirs: Asia/Shanghai, +08:00.  [default: Asia/Shanghai]"),
    click.option(
        "--profile", type=click.Choice(["strict", "default", "eager"]), default="default", show_default=True,
        help="How sure a noise rule has to be before it cuts.",
    ),
    click.option("--keep-private", is_flag=True, help="Store and show passwords, keys, IP and e-mail addresses instead of masking them."),
)
_STORING = (
    click.option("--site", metavar="SLUG", help="Name of the board all inputs belong to; else found by the page's host."),
    click.option("--alias", "aliases", metavar="HOST=SLUG", multiple=True, help="Pages of HOST belong to board SLUG. May be repeated."),
)


def reading(*, storing: bool = False) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Add the options that change how inputs are read; the command gets them as one ``settings``."""

    def decorate(command: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(command)
        def wrapped(
            encoding: str | None, engine: str | None, timezone: str | None, profile: Any, keep_private: bool,
            site: str | None = None, aliases: tuple[str, ...] = (), **rest: Any,
        ) -> Any:
            settings = Settings(
                site=site, aliases=dict(map(_alias, aliases)), encoding=encoding, engine=engine, timezone=timezone,
                profile=profile, keep_private=keep_private,
            )
            return command(settings=settings, **rest)

        for option in reversed((*(_STORING if storing else ()), *_READING)):
            wrapped = option(wrapped)
        return wrapped

    return decorate


def cores() -> int:
    """How many processes can run at the same time: the cores that this one may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _alias(text: str) -> tuple[str, str]:
    host, equals, slug = text.partition("=")
    if not (host and equals and slug):
        raise UsageError(f"--alias wants HOST=SLUG, got {text!r}")
    return host.lower(), slug
