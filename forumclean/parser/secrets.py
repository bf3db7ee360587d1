"""Secrets in printed, exported or saved PHP and HTML: which keys hold them, and masking them in a text (design: Secrets stay out).

Masked are the values of keys in a notation that machines write: print_r, var_dump, var_export, PHP configuration, JSON, serialized text,
assignments with quotes, request parameters, cookies, ``[password]`` tags. What people write in sentences is left alone: "password: see
below" is no notation, and an address in running text belongs to its author.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

MASK = "[masked]"

_KEYS = frozenset({
    # passwords and keys of the board: config.inc.php, config_global.php, config_ucenter.php
    "pw", "pwd", "dbpw", "authkey", "uckey", "uc_key", "auth_key", "secret", "secretkey", "secret_key", "private_key", "api_key",
    # sessions: cookies of Discuz are PREFIX_auth, PREFIX_saltkey, PREFIX_sid
    "salt", "saltkey", "auth", "authstr", "cookie", "cookies", "http_cookie", "set-cookie", "formhash", "sid", "sessionid", "phpsessid",
    # members: common_member, common_member_status, forum_post
    "email", "e-mail", "mail", "newemail", "ip", "useip", "regip", "lastip", "clientip", "onlineip", "remote_addr", "loginip", "lastloginip", "postip",
    "client_ip", "http_x_forwarded_for", "http_client_ip", "secques", "secmobile", "idcard",
})  # fmt: skip
_LONGEST_KEY = 80
_ENDINGS = ("password", "passwd", "_pwd", "_dbpw", "_authkey", "_saltkey", "_auth", "_sid", "_salt", "_formhash", "_secret", "_email")
"""``forum_password``, ``mail_passwd``, ``UC_DBPW``, ``cdb_auth`` …"""

_FORMS: dict[str, re.Pattern[str]] = {
    "email": re.compile(r"[^\s@]+@[^\s@]+"),
    "mail": re.compile(r"[^\s@]+@[^\s@]+"),
    "ip": re.compile(r"\d{1,3}(?:\.\d{1,3}){3}|[0-9A-Fa-f:]*:[0-9A-Fa-f:.]+"),
    "auth": re.compile(r"\S{16,}"),
    "sid": re.compile(r"(?=.*[A-Za-z])[0-9A-Za-z]{6,}"),
    "formhash": re.compile(r"[0-9a-f]{8}"),
    "salt": re.compile(r"\S{4,}"),
}
"""Keys that have an everyday meaning too: only a value of this form is a secret."""
_LABEL = re.compile(r"[^\x21-\x7e]+|Array|.* Object|NULL|null|true|false", re.DOTALL)
"""Values that are no secrets: labels of language packs (no ASCII at all), headers of nested arrays, constants."""


def is_secret_key(key: str) -> bool:
    """True if the value of a key, column, cookie or constant of this name is a secret of a board or private to a member.

    >>> is_secret_key("password"), is_secret_key("x:protected"), is_secret_key("UC_DBPW"), is_secret_key("allowip")
    (True, False, True, False)
    """
    return len(key) <= _LONGEST_KEY and _is_secret_name(key)


@lru_cache(maxsize=4096)
def _is_secret_name(key: str) -> bool:
    """``is_secret_key``, cached: the same few keys come again and again."""
    name = key.partition(":")[0].strip("\0*").lower()
    return name in _KEYS or name.endswith(_ENDINGS)


def _is_secret(key: str, value: str) -> bool:
    """True if this value of this key has to be masked."""
    value = value.strip()
    if not value or value == MASK or not is_secret_key(key) or _LABEL.fullmatch(value):
        return False
    name = key.partition(":")[0].lower()
    form = _FORMS.get(name) or next((form for last, form in _FORMS.items() if name.endswith("_" + last)), None)
    return form is None or form.fullmatch(value) is not None


_STRINGS = r"""(?: '(?P<single>(?:[^'\\\n]|\\.){1,4000}+)' | "(?P<double>(?:[^"\\\n]|\\.){1,4000}+)" )"""

_ENTRY = re.compile(r"(?<![^\s(×])\[(?P<key>[^\[\]\n]{1,80})\][ ]?(?:=>|=&gt;|=[ ]>|⇒|＝＞|=＞)(?P<blank>[ \t]?)")
"""print_r; the value reaches to the end of the line, or to the next entry or bracket where all is on one line."""
_ENTRY_VALUE = re.compile(r"(?:(?!(?<=\s)(?:\[[^\[\]\n]{1,80}\][ ]?[=⇒＝]|\)(?:\s|\Z)))[^\n])*")

_NOTATIONS: tuple[tuple[tuple[str, ...], re.Pattern[str]], ...] = (
    # 'key' => 'value'   "key": "value"   ["key"]=> string(5) "value"   $_config['db']['key'] = 'value'
    (
        ("':", '":', "'=", '"=', "' ", '" ', "']", '"]'),
        re.compile(
            rf"""(?P<q>['"])(?P<key>[\w.:*-]{{1,80}})(?P=q)(?:[ ]?\])?\s{{0,40}}(?:=>|=|:)\s{{0,40}}(?:string\(\d+\)\s)?{_STRINGS}""",
            re.VERBOSE,
        ),
    ),
    # a constant of config_ucenter.php: define of UC_KEY and its value
    (("define(",), re.compile(rf"""\bdefine\(\s{{0,9}}(?P<q>['"])(?P<key>\w{{1,80}})(?P=q)\s{{0,9}},\s{{0,9}}{_STRINGS}""", re.VERBOSE)),
    # assignments of PHP and SQL: a variable, a bare name or a name in back-ticks, and a value in quotes
    (("='", '="', "= "), re.compile(rf"(?<![\w'\"-])[$`]?(?P<key>[A-Za-z_]\w{{1,60}})`?[ ]{{0,9}}=[ ]{{0,9}}{_STRINGS}", re.VERBOSE)),
    # s:8:"password";s:5:"value";
    ((";s:",), re.compile(r's:\d{1,4}:"(?P<key>[\w*\0-]{1,80})";s:\d{1,9}:"(?P<value>[^"\n]{1,4000}+)"')),
    # name="formhash" value="0a1b2c3d"
    (("value=",), re.compile(rf"""\bname=["']?(?P<key>[\w-]{{1,60}})["']?\s{{1,9}}value={_STRINGS}""", re.VERBOSE)),
    # ?formhash=0a1b2c3d   &amp;sid=Ab12Cd   xY_2132_auth=… in a list of cookies
    (
        ("formhash=", "sid=", "auth=", "saltkey=", "authkey="),
        re.compile(r"(?<![A-Za-z0-9$])(?P<key>formhash|sid|auth|saltkey|authkey)=(?P<value>[\w%.+/~-]{6,4000}+)"),
    ),
    # Set-Cookie: …
    (("cookie:",), re.compile(r"^(?P<key>(?:Set-)?Cookie):[ ]?(?P<value>[^\r\n]{3,})", re.MULTILINE | re.IGNORECASE)),
    # [password]…[/password], a tag of Discuz posts
    (("[password]",), re.compile(r"\[(?P<key>password)\](?P<value>[^\[\]\n]{1,200})\[/password\]", re.IGNORECASE)),
)
"""Of what a text must hold one piece, in lower case, for the notation to be in it; the notation."""
_HINTS = (
    "passw", "pwd", "dbpw", "authkey", "auth_key", "auth", "salt", "cookie", "formhash", "sid", "session", "mail", "ip", "addr",
    "sec", "key", "idcard", "pw", "client", "forwarded",
)  # fmt: skip
_SIGNS = ("=", '":', "':", "⇒", "＝", ";s:", "[password", "cookie:", "define(")
"""What every notation has in it, in lower case."""


def mask_text(text: str) -> str:
    """The text with secrets replaced by ``[masked]``; the very same object where there are none.

    For texts shown or stored outside of posts: documents, excerpts, ``inspect``. Linear time.

    >>> print(mask_text("$_config['db']['1']['dbpw'] = 'geheim';"))
    $_config['db']['1']['dbpw'] = '[masked]';
    >>> mask_text("The password = something you choose.")
    'The password = something you choose.'
    """
    lower = text.lower()
    if not any(sign in lower for sign in _SIGNS) or not any(hint in lower for hint in _HINTS):
        return text
    spans = sorted(set(_spans(text, lower)))
    out: list[str] = []
    pos = 0
    for start, end in spans:
        if end > pos:
            out += (text[pos : max(start, pos)], MASK if start >= pos else "")
            pos = end
    return "".join([*out, text[pos:]]) if spans else text


def _spans(text: str, lower: str) -> Iterator[tuple[int, int]]:
    """Offsets of the secrets of all notations."""
    for match in _ENTRY.finditer(text):
        if is_secret_key(match["key"]) and (value := _ENTRY_VALUE.match(text, match.end())) and _is_secret(match["key"], value[0]):
            start = value.start() + len(value[0]) - len(value[0].lstrip())
            yield start, start + len(value[0].strip())
    for signs, notation in _NOTATIONS:
        for match in notation.finditer(text) if any(sign in lower for sign in signs) else ():
            if is_secret_key(match["key"]):
                group = next(name for name in ("value", "single", "double") if match.groupdict().get(name))
                if _is_secret(match["key"], match[group]):
                    yield match.span(group)
