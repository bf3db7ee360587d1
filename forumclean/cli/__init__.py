"""The commands, one file per verb. A verb reads its options, calls one function below this floor, and prints.

Only the verb that is called is imported, so that ``forumclean`` starts fast.
"""

from __future__ import annotations

import importlib
import os
import sys

import click

import forumclean
from forumclean.errors import ForumcleanError

VERBS = ("ingest", "inspect", "clean", "explain", "search", "export", "coverage", "settle", "runs", "issues", "verify", "rules", "demo")
"""Every verb: the module of the same name in this package defines a click command of the same name."""


class _Verbs(click.Group):
    """A group that imports a verb's module only when it is asked for."""

    def list_commands(self, _ctx: click.Context) -> list[str]:
        return list(VERBS)

    def get_command(self, _ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in VERBS:
            return None
        command: click.Command = getattr(importlib.import_module(f"forumclean.cli.{cmd_name}"), cmd_name)
        return command


@click.group(cls=_Verbs, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(forumclean.__version__, prog_name="forumclean")
def group() -> None:
    """Turn any pile of Discuz leftovers into one clean, searchable SQLite archive.

    \b
    forumclean ingest forum.db dumps/     import a folder, again every night if you like
    forumclean search forum.db 电力       find posts; Chinese words of any length work
    forumclean demo                       see it at work on bundled samples
    """  # noqa: D301 - \b is click's mark for "do not re-wrap", not an escape


def main() -> None:
    """Run the command line. Exit codes: 0 fine, 1 could not do it, 2 wrong usage, 3 done but an input newly failed."""
    for stream in (sys.stdout, sys.stderr):  # LANG=C must not break Chinese, nor odd file names
        stream.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]
    try:
        code = group.main(standalone_mode=False)
    except ForumcleanError as error:
        _stop(str(error), error.exit_code)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message())
        sys.exit(0)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (KeyboardInterrupt, click.Abort):
        _stop("interrupted; what was finished is in the archive, run the same command again to go on", 1)
    except BrokenPipeError:  # the reader of our output went away (`| head`): nothing to say to anyone
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    sys.exit(code or 0)


def _stop(message: str, code: int) -> None:
    """One line for people on stderr, then the exit code."""
    click.echo(f"forumclean: {message}", err=True)
    sys.exit(code)
