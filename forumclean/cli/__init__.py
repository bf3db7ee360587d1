"""The commands, one file per verb. A verb reads its options, calls one function below this floor, and prints.

Only the verb that is called is imported, so that ``forumclean`` starts fast.
"""

from __future__ import annotations

import importlib
import io
import os
import signal
import sys
from typing import NoReturn

import click

import forumclean
from forumclean.errors import ForumcleanError

VERBS = ("ingest", "inspect", "clean", "explain", "search", "export", "coverage", "settle", "runs", "issues", "verify", "serve", "rules", "demo")
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
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    for name in ("SIGTERM", "SIGHUP"):  # SIGHUP: the terminal is gone; not on Windows
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) == signal.SIG_DFL:  # nohup stays in force
            signal.signal(number, _terminated)
    try:
        code = _invoke()
    except ForumcleanError as error:
        _stop(str(error), error.exit_code)
    except (KeyboardInterrupt, click.Abort):
        _stop("interrupted; what was finished is in the archive, run the same command again to go on", 1)
    except BrokenPipeError:  # the reader of our output went away (`| head`): nothing to say to anyone
        _drop_output()
        code = 0
    except OSError as error:
        _drop_output()
        _stop(f"could not go on: {(error.strerror or str(error)).lower()}", 1)
    sys.exit(code)


def _invoke() -> int:
    """Run the verb; its exit code. What click itself refuses is said as click says it."""
    try:
        with group.make_context("forumclean", sys.argv[1:]) as context:
            code = group.invoke(context)
        if sys.stdout is not None:
            sys.stdout.flush()
    except click.exceptions.Exit as error:
        return error.exit_code
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message())
        return 0
    except click.ClickException as error:
        error.show()
        return error.exit_code
    return code or 0


def _terminated(_number: int, _frame: object) -> None:
    """SIGTERM and SIGHUP end a run as Ctrl-C does: with a line, and a log entry that says so."""
    raise KeyboardInterrupt


def _drop_output() -> None:
    """Python flushes stdout once more at its end; what could not be written must not raise there again."""
    if sys.stdout is not None:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _stop(message: str, code: int) -> NoReturn:
    """One line for people on stderr, then the exit code."""
    click.echo(f"forumclean: {message}", err=True)
    sys.exit(code)
