"""What an input is, with a score and the reasons: by what it holds, never by its footer alone (boards change or remove it).

First its bytes (empty, binary, an asset of a mirror), then its text. A verdict names the kind of the page (``Page.kind``), the engine
that reads it and the status (``sources.status``).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from forumclean.parser.furniture import FLOOR
from forumclean.parser.panel import is_panel_line
from forumclean.parser.table_exports import export_of

if TYPE_CHECKING:
    from forumclean.parser.engines.flat_heads import Marks

ENGINES = {"flat_thread": "thread", "article": "article", "text": "text", "print_r": "print_r"}
"""Names for ``--engine``, and the kind that each makes of an input."""
THREAD_FROM = 0.5
"""Score from which a text is read as a flattened thread."""


class Verdict(NamedTuple):
    """What an input is, how sure that is (0 to 1), and why."""

    kind: str
    engine: str | None
    score: float
    reasons: tuple[str, ...]
    status: str = "ok"


_SIGNATURES = (
    # images, fonts, sound, video and flash of a mirror: an asset
    (b"\x89PNG\r\n\x1a\n", "png", True), (b"\xff\xd8\xff", "jpeg", True), (b"GIF87a", "gif", True), (b"GIF89a", "gif", True),
    (b"BM", "bmp", True), (b"\x00\x00\x01\x00", "ico", True), (b"wOFF", "woff", True), (b"wOF2", "woff2", True),
    (b"\x00\x01\x00\x00\x00", "ttf", True), (b"OTTO", "otf", True), (b"ID3", "mp3", True), (b"OggS", "ogg", True), (b"FWS", "flash", True),
    (b"CWS", "flash", True), (b"\x00\x00\x00\x18ftyp", "mp4", True), (b"\x00\x00\x00\x20ftyp", "mp4", True), (b"FLV\x01", "flv", True),
    # containers, databases, programs, office files: binary
    (b"PK\x03\x04", "zip", False), (b"PK\x05\x06", "zip", False), (b"\x1f\x8b", "gzip", False), (b"BZh", "bzip2", False),
    (b"\xfd7zXZ\x00", "xz", False), (b"7z\xbc\xaf\x27\x1c", "7z", False), (b"Rar!\x1a\x07", "rar", False), (b"\x28\xb5\x2f\xfd", "zstd", False),
    (b"SQLite format 3\x00", "SQLite database", False), (b"%PDF-", "pdf", False), (b"\x7fELF", "program", False), (b"MZ\x90", "program", False),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "office file", False),
)
_ARCHIVE = re.compile(rb"SQLite format 3\x00.{52}FORC", re.DOTALL)
"""An archive of ours: SQLite keeps the id of an application there."""
_FIRST_BYTES = frozenset(signature[0] for signature, _, _ in _SIGNATURES)
_RIFF = {b"WEBP": "webp", b"WAVE": "wav", b"AVI ": "avi"}
_ASSETS = re.compile(r"(?:^|/)hts-(?:log|err)\.txt$|\.(?:css|js|mjs|map|svg|png|jpe?g|gif|webp|bmp|ico|cur|woff2?|ttf|eot|otf|mp[34]|swf|flv|avi|wav|ogg)(?:[@?][^/]*)?$", re.IGNORECASE)
"""Names of files that a mirror holds beside its pages; wget keeps the query behind a ? or an @."""
_ASSET_TYPE = re.compile(r"(?:image|video|audio|font)/|(?:text|application)/(?:css|(?:x-)?(?:java|ecma)script|font-\w+|x-shockwave-flash)\Z")
_PAGE = re.compile(rb"<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)
_CONTROL = bytes(set(range(0x20)) - set(b"\t\n\v\f\r\x1b"))
_BINARY_FROM = 0.3  # share of control characters; the noise of Discuz 4 and 5 has up to a tenth
_BROKEN_FROM = 0.2  # share of broken characters
_BOTH_FROM = 0.15  # of the two together, broken characters counting tenfold: random bytes reach 1, old noise with a cut at its end 0.1

_SQL = re.compile(
    r"""\A\s{0,20}\#\ Identify:\ [A-Za-z0-9+/=]{8}     # Discuz's own backup, all generations
      | ^--\ (?:MySQL|MariaDB|phpMyAdmin|PostgreSQL)\b.{0,40}dump | ^/\*!\d{5}\ SET
      | ^(?:INSERT\ INTO|REPLACE\ INTO|CREATE\ TABLE|DROP\ TABLE)\s[^\n]{0,80}?[`"(]""",
    re.VERBOSE | re.MULTILINE | re.IGNORECASE,
)
_STATEMENTS = ("INSERT INTO", "CREATE TABLE", "DROP TABLE", "REPLACE INTO", "insert into", "create table")
_PHP = re.compile(r"\A\s{0,40}<\?(?:php\b|=|\s)", re.IGNORECASE)
_HTML = re.compile(r"\A\s{0,200}(?:<!--.{0,400}?-->\s{0,20})?(?:<\?xml[^>]{0,200}>\s{0,20})?<(?:!doctype|html|head|body|root|rss|feed|div|table|meta|script)\b", re.IGNORECASE | re.DOTALL)
_TAG = re.compile(r"</?(?:div|td|tr|table|span|font|a|p|br|img|li|ul|script|html|body)\b[^>]{0,500}>", re.IGNORECASE)


def sniff_bytes(head: bytes, path: str, media_type: str | None = None) -> Verdict | None:
    r"""Say what the first bytes of an input, its name, or the type its server gave it tell beyond doubt; ``None``: it is text, ask further.

    >>> sniff_bytes(b"\x89PNG\r\n\x1a\n....", "logo.png").status
    'asset'
    """
    if not head:
        return Verdict("empty", None, 1.0, ("no bytes",), "failed")
    for signature, name, asset in _SIGNATURES if head[0] in _FIRST_BYTES else ():
        if head.startswith(signature) and (signature != b"BM" or b"\x00" in head[:64]):  # two letters may begin a text
            kind, why = ("binary", f"signature of {name}") if _ARCHIVE.match(head) is None else ("archive", "an archive of forumclean")
            return Verdict(kind, None, 1.0, (why,), "asset" if asset else "unsupported")
    if head.startswith(b"RIFF") and head[8:12] in _RIFF:
        return Verdict("binary", None, 1.0, (f"signature of {_RIFF[head[8:12]]}",), "asset")
    if (found := _ASSETS.search(path)) is not None:
        return Verdict("binary" if b"\x00" in head else "text", None, 0.9, (f"named as an asset of a mirror ({found[0].lower()})",), "asset")
    if media_type is not None and _ASSET_TYPE.match(media_type) and _PAGE.search(head, 0, 1024) is None:  # an error page may stand for a picture
        return Verdict("binary" if b"\x00" in head else "text", None, 0.9, (f"served as {media_type}",), "asset")
    return None


def is_binary(head: bytes, text: str) -> bool:
    """Whether bytes that were read as ``text`` are no text: full of control characters, or of these and of bytes that are no characters."""
    if not any(map(head.__contains__, _CONTROL)):  # most inputs; sooner said than counted
        return False
    control = len(head) - len(head.translate(None, _CONTROL))
    in_text = sum(text.count(char) for char in map(chr, _CONTROL))
    controls = min(control / max(1, len(head)), in_text / max(1, len(text)))
    broken = text.count("\ufffd") / max(1, len(text))
    return controls > _BINARY_FROM or broken > _BROKEN_FROM or (controls > 0 < broken and controls + 10 * broken > _BOTH_FROM)


def sniff_code(text: str) -> Verdict | None:
    """SQL, exports of tables, PHP and HTML, from the beginning of a text; ``None`` for anything else."""
    if (export := export_of(text)) is not None:
        return Verdict("sql", None, 0.9, (export,), "unsupported")
    if _HTML.match(text):
        return Verdict("html", None, 0.95, ("begins as HTML does",))
    head = text[:64_000]
    statements = sum(head.count(words) for words in _STATEMENTS)
    if (statements or "dump" in head or head.lstrip()[:1] == "#") and _SQL.search(head) and (statements > 1 or _SQL.match(head.lstrip())):
        return Verdict("sql", None, 0.95, ("statements of a database backup",), "unsupported")
    if _PHP.match(head):
        return Verdict("php", None, 0.95, ("begins with <?php",), "unsupported")
    tags = len(_TAG.findall(head))
    if tags > 20 and tags * 60 > len(head):  # noqa: PLR2004 - a few tags are quoted in any text about the web
        return Verdict("html", None, 0.9, (f"{tags} HTML tags",))
    return None


def score_thread(marks: Marks, bare: list[str]) -> tuple[float, tuple[str, ...]]:
    """How much a text looks like a flattened thread page, and why; ``marks`` and ``bare`` as ``flat_heads`` finds them.

    Headers with 只看该作者 beside them, author cards with figures, and runs of buttons count; a footer adds to them and is
    nothing by itself.
    """
    cards = sum(_has_figures(bare, line) for line in marks.cards)
    plain = len(marks.headers) - len(marks.strong)
    floors = sum(bool(text) and FLOOR.match(text) is not None for line in marks.headers for text in bare[max(0, line - 4):line])
    score, reasons = 0.0, []
    if marks.strong:
        score += 0.8
        reasons.append(f"{len(marks.strong)} post times with 只看该作者 beside them")
    if cards:
        score += 0.6 if cards == 1 else 0.7
        reasons.append(f"{cards} author cards with figures")
    if marks.tails:
        score += 0.3 if len(marks.tails) == 1 else 0.4
        reasons.append(f"{len(marks.tails)} rows of post buttons")
    if plain and (floors or not marks.strong):
        score += min(0.3, 0.15 * plain)
        reasons.append(f"{plain} lines with 发表于 and a time")
    if floors:
        score += 0.2
        reasons.append(f"{floors} floor labels")
    if score and any("Powered by Discuz" in text or text.startswith("GMT+") for text in bare[-200:]):
        score += 0.1
        reasons.append("the footer of a Discuz page")
    return min(1.0, score), tuple(reasons)


def _has_figures(bare: list[str], line: int) -> bool:
    following = [text for text in bare[line + 1:line + 40] if text][:4]
    return any(is_panel_line(text) for text in following)
