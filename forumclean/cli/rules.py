"""``forumclean rules``: the catalogue of noise rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from forumclean.cli import options, render
from forumclean.errors import UsageError

if TYPE_CHECKING:
    from forumclean.scrubber.rule import Rule


@click.command(short_help="List the noise rules with reasons and examples.")
@click.argument("name", required=False)
@options.JSON
def rules(name: str | None, as_json: bool) -> None:
    """List the noise rules, or show one: what it cuts, why, on what evidence, with examples."""
    from dataclasses import asdict

    from forumclean.scrubber import RULES

    chosen = [rule for rule in RULES if name in (None, rule.name)]
    if not chosen:
        raise UsageError(f"no rule is called {name!r}; `forumclean rules` lists them")
    if as_json:
        render.print_json([asdict(rule) for rule in chosen])
    elif name is None:
        render.table(("rule", "confidence", "why"), [(rule.name, rule.confidence, rule.why) for rule in chosen])
    else:
        _print(chosen[0])


def _print(rule: Rule) -> None:
    render.say(f"{rule.name} ({rule.confidence}; cuts under: {', '.join(sorted(rule.profiles))})")
    render.say(f"\n{rule.why}\n\nEvidence: {rule.evidence}")
    for title, pairs in (("Cuts", rule.examples), ("Leaves alone", tuple((text, text) for text in rule.untouched))):
        for before, after in pairs:
            render.say(f"\n{title}:\n    {_shown(before)}" + (f"\n  → {_shown(after)}" if before != after else ""))


def _shown(text: str) -> str:
    return text.replace("\n", "\n    ").replace("\xa0", "⍽")
