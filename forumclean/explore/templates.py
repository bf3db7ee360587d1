"""The only door to Jinja: our pages. Everything that is not marked as HTML is escaped."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, tzinfo
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context, select_autoescape
from jinja2.runtime import Context  # noqa: TC002 - jinja reads the annotation of nobody, but mypy needs the name
from markupsafe import Markup, escape

from forumclean.explore import words

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Markup", "escape", "highlighted", "render", "static", "static_version", "zone_of"]

_SCRIPT, _TEXT = "text/javascript; charset=utf-8", "text/plain; charset=utf-8"
STATIC = {
    "explore.css": "text/css; charset=utf-8", "explore.js": _SCRIPT, "charts.js": _SCRIPT, "chart.js": _SCRIPT, "chart.LICENSE.txt": _TEXT,
    "icon.svg": "image/svg+xml", "rows.css": "text/css; charset=utf-8",
}
"""Files that are handed out, with their types."""


def _folder(name: str) -> str:
    return str(resources.files("forumclean.explore") / name)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_folder("pages")), autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined, lstrip_blocks=True,
    )
    environment.filters.update(moment=_moment, number=number, highlighted=highlighted)
    environment.globals.update(words=words)
    return environment


def render(page: str, **context: Any) -> str:
    """Return a page of ``pages/`` as HTML."""
    return _environment().get_template(f"{page}.html").render(**context)


@cache
def static(name: str) -> bytes | None:
    """Return a file of ``static/``; ``None`` for any name that is not in ``STATIC``."""
    return (resources.files("forumclean.explore") / "static" / name).read_bytes() if name in STATIC else None


@cache
def static_version(name: str) -> str:
    """Return what changes in the address of a file when the file does."""
    return hashlib.sha256(static(name) or b"").hexdigest()[:8]


def number(value: float | None) -> str:
    """A number for people.

    >>> number(12345), number(None)
    ('12,345', '–')
    """
    return "–" if value is None else f"{value:,}"


def moment(value: str | None, precision: str | None = "minute", zone: tzinfo = UTC) -> Markup:
    """A UTC time in the board's own zone, to the day where no more is known; the exact time is in the element.

    >>> moment("2015-02-05T23:49:06Z"), moment("2015-02-05T00:00:00Z", "day"), moment(None)
    (Markup('<time datetime="2015-02-05T23:49:06Z">2015-02-05 23:49</time>'), Markup('<time datetime="2015-02-05">2015-02-05</time>'), Markup(''))
    """
    if not value:
        return Markup("")
    try:
        at = datetime.fromisoformat(value).astimezone(zone)
    except (ValueError, OverflowError):  # not ours: shown as it stands
        return escape(value)
    if precision == "day":
        return Markup('<time datetime="{0}">{0}</time>').format(f"{at:%Y-%m-%d}")
    return Markup('<time datetime="{}">{}</time>').format(value, f"{at:%Y-%m-%d %H:%M}")


@pass_context
def _moment(context: Context, value: str | None, precision: str | None = "minute", site_id: int | None = None) -> Markup:
    """The time in the zone of the page, or of the board that it is said to be of."""
    zones: dict[int | None, tzinfo] = context.get("zones") or {}
    return moment(value, precision, zones.get(site_id) or context.get("zone") or UTC)


def zone_of(name: str | None) -> tzinfo:
    """The time zone of a board as the archive names it (``+08:00``, ``Asia/Shanghai``); UTC where nothing is known.

    >>> zone_of("+08:00").utcoffset(None), zone_of("nowhere")
    (datetime.timedelta(seconds=28800), datetime.timezone.utc)
    """
    try:
        if name and name[0] in "+-":
            return datetime.fromisoformat(f"2000-01-01T00:00:00{name}").tzinfo or UTC
        return ZoneInfo(name or "UTC")
    except (ValueError, OSError, KeyError):  # unknown; the name of a folder
        return UTC


def highlighted(text: str | None, ranges: Iterable[tuple[int, int]]) -> Markup:
    """The text with the ranges marked.

    >>> highlighted("a<b>c", [(1, 4)])
    Markup('a<mark>&lt;b&gt;</mark>c')
    """
    text = text or ""
    parts, at = [], 0
    for start, end in ranges:
        parts += [escape(text[at:start]), Markup("<mark>{}</mark>").format(text[start:end])]
        at = end
    return Markup("").join([*parts, escape(text[at:])])
