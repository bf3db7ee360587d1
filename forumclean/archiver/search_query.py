"""What a user may type into a search box, and what it becomes for the index.

Words must all be found; ``OR`` (or ``|``) between two makes them alternatives; ``-word`` excludes; ``"several words"`` and a word of
several characters (电力, AI芯片, GPT-5) are phrases; ``AI*`` is the beginning of a word. Full-width forms and Chinese quotation marks do
as well, and Chinese commas and stops part words as a blank does. All other characters are text, most of them only part words. ``OR`` binds closer than the blank between words, as in search
engines, so that every query reads without brackets: each group of alternatives must be found, nothing excluded may. ``author:``, ``forum:``,
``before:`` and ``after:`` narrow it down (``search_filters``), with or without words.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from forumclean.archiver.search_filters import FIELDS, Filter, read_filter
from forumclean.archiver.search_words import LETTER, spell, words
from forumclean.errors import UsageError

MAX_PHRASES = 100
"""FTS5 stops at an expression depth of 256; nobody means to type so many."""
MAX_CHARACTERS = 5_000
"""Longer queries are a pasted page, not a question."""

_ITEM = re.compile(
    r"""
    (?P<minus> -(?=[^-\s]) )?               # excludes what follows; two of them are text (--full)
    (?: (?P<field> author | forum | before | after ):
        (?: "(?P<value1>[^"]*)" | “(?P<value2>[^”]*)” | 「(?P<value3>[^」]*)」 | (?P<value4>[^\s"“「]\S*)? )
      | "(?P<straight> [^"]* )" (?P<star> \* )?
      | “(?P<curly>    [^”]* )”
      | 「(?P<corner>  [^」]* )」
      | (?P<plain> \S+ )
    )
    """,
    re.VERBOSE | re.IGNORECASE,
)
_STOPS = re.compile(r'("[^"]*"|“[^”]*”|「[^」]*」)|[，、；。！？]')
"""Quotations, which stay as they are, and what Chinese writers put between words where others put a blank."""
_LIKE_A_FIELD = re.compile(r"(?:^|\s)-?(?P<name>[^\W\d_]{2,12}):(?![/\\\s]|$)")
"""``title:H100``; no URL, no drive, no time of the day."""
_PREFIX = re.compile(rf"{LETTER}\*\Z")
_OPERATORS = {"OR": "OR", "|": "OR", "||": "OR", "AND": "AND", "&&": "AND", "NOT": "NOT"}


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that must follow each other; ``prefix``: the last may be longer."""

    words: tuple[str, ...]
    prefix: bool = False

    def __str__(self) -> str:
        """Return the phrase in FTS5's language. Words hold no quotation marks."""
        return f'"{spell(list(self.words))}"' + (" *" if self.prefix else "")


@dataclass(frozen=True, slots=True)
class Query:
    """A parsed query: one phrase of each group must be found, none of ``excluded`` may. ``groups`` may be empty if there are ``filters``."""

    groups: tuple[tuple[Phrase, ...], ...]
    excluded: tuple[Phrase, ...] = ()
    filters: tuple[Filter, ...] = ()

    @property
    def wanted(self) -> tuple[Phrase, ...]:
        """All phrases that a snippet should show."""
        return tuple(phrase for group in self.groups for phrase in group)

    def match(self) -> str:
        """Return the right side of FTS5's MATCH; of no use without ``groups``.

        >>> parse('电力 OR 算力 -"H 100"').match()
        '("电 力" OR "算 力") NOT ("h 100")'
        """
        found = " AND ".join(_any(group) for group in self.groups)
        if not self.excluded or not found:
            return found
        return f"({found}) NOT {_any(self.excluded)}" if len(self.groups) > 1 else f"{found} NOT {_any(self.excluded)}"

    def unwanted(self) -> str:
        """Return what MATCH finds of ``excluded``; empty where nothing is excluded."""
        return _any(self.excluded) if self.excluded else ""


def _any(phrases: tuple[Phrase, ...]) -> str:
    return f"({' OR '.join(map(str, phrases))})"


@dataclass(slots=True)
class _Reader:
    """The state between two items of a query."""

    groups: list[list[Phrase]]
    excluded: list[Phrase]
    filters: list[Filter]
    operator: str | None = None
    """Met, and waiting for the phrase behind it."""
    last: str = ""
    """The item that an OR would join; empty at the beginning and behind an exclusion."""

    def take(self, shown: str, phrase: Phrase, *, minus: bool) -> None:
        """Put a phrase where it belongs."""
        if minus and self.operator == "OR":
            raise UsageError(f"OR cannot be followed by an exclusion ({shown}): leave out the OR")
        if minus or self.operator == "NOT":
            self.excluded.append(phrase)
            self.last = ""
        else:
            if self.operator == "OR":
                self.groups[-1].append(phrase)
            else:
                self.groups.append([phrase])
            self.last = shown
        self.operator = None

    def operate(self, operator: str, shown: str) -> None:
        """Remember an operator for the phrase that follows it."""
        missing = not self.last if operator == "OR" else operator == "AND" and not (self.groups or self.excluded)
        if self.operator or missing:
            raise UsageError(f'{shown} needs a word on both sides; to search for the word itself, quote it: "{shown}"')
        self.operator = operator


def parse(text: str) -> Query:
    """Read what a user typed.

    Raises ``UsageError`` with what to do: nothing to search for, only exclusions, a quotation that is not closed, an OR without a
    word on both sides, too long.
    """
    if len(text) > MAX_CHARACTERS:
        raise UsageError(f"the query is too long ({len(text):,} characters, at most {MAX_CHARACTERS:,})")
    reader = _Reader([], [], [])
    for item in _ITEM.finditer(unicodedata.normalize("NFKC", _STOPS.sub(lambda found: found[1] or " ", text))):
        _read(item, reader)
    if reader.operator:
        raise UsageError(f"{reader.operator} at the end of the query needs a word behind it")
    if not reader.groups and not reader.filters:
        if reader.excluded:
            raise UsageError("the query only excludes: add at least one word to find")
        raise UsageError(f"nothing to search for in {text!r}: at least one letter, digit or Chinese character is needed")
    if sum(map(len, reader.groups)) + len(reader.excluded) > MAX_PHRASES:
        raise UsageError(f"the query has too many words (at most {MAX_PHRASES})")
    return Query(tuple(map(tuple, reader.groups)), tuple(reader.excluded), tuple(reader.filters))


def unknown_field(text: str) -> str | None:
    """Return a note for people on what looks like a field in a query and is none; ``None`` if nothing does.

    >>> unknown_field("title:H100")
    'title: is no field, and was looked for as a word; fields are author:, forum:, before:, after:'
    >>> unknown_field("author:老王 http://example.org 8:30")
    """
    for found in _LIKE_A_FIELD.finditer(unicodedata.normalize("NFKC", text)):
        if found["name"].lower() not in FIELDS:
            return f"{found['name']}: is no field, and was looked for as a word; fields are {', '.join(f'{field}:' for field in FIELDS)}"
    return None


def _read(item: re.Match[str], reader: _Reader) -> None:
    shown, plain = item[0], item["plain"]
    if item["field"]:
        if reader.operator == "OR":
            raise UsageError(f"OR joins words only: {shown} holds for the whole query (several author: are alternatives already)")
        value = next((item[name] for name in ("value1", "value2", "value3", "value4") if item[name]), "").strip()
        reader.filters.append(read_filter(item["field"], value, excluded=bool(item["minus"]) or reader.operator == "NOT"))
        reader.operator, reader.last = None, ""
        return
    if plain is None:
        content = item["straight"] or item["curly"] or item["corner"] or ""
        prefix = bool(item["star"])
    else:
        if plain.startswith('"'):
            raise UsageError(f'the quotation {plain} is not closed: add a " at its end')
        if plain in _OPERATORS and not item["minus"]:
            reader.operate(_OPERATORS[plain], plain)
            return
        content, prefix = plain, _PREFIX.search(plain) is not None
    found = tuple(words(content))
    if found:
        reader.take(shown, Phrase(found, prefix), minus=bool(item["minus"]))
    elif reader.operator == "OR":
        raise UsageError(f"OR needs a word on both sides; {shown} has no letter or digit")
