"""How likely is it that real text looks like this? The prior that decides where noise ends and text begins.

One interface, `Prior.score`: the log-probability of some characters of real text after others, a line break standing for the border of a
line. The borders ask nothing else, so a better model of text can take this one's place without touching them.

This one is small and closed: which *kind* of character follows which, from a table, mixed with what the document itself does elsewhere, and
whether the words that come out are words of this document.
"""

from __future__ import annotations

from collections import Counter
from itertools import islice
from math import log

KINDS = "nsludcekoxthmgpz"
"""Line break, blank, lower, upper, digit, ideograph, . ! ?, , ; :, opening bracket, closing bracket, quote, #, - * +, other ASCII symbol,
Chinese punctuation that closes, everything else."""

# Of a thousand characters after one of this kind (row), how many are of that kind (column). Rounded from counts over Python programs, English
# package documentation and Chinese product reviews, a third each; blanks at line starts (every other line of a program) set to one in ten,
# because the document itself says soon enough whether it indents.
_FOLLOWS = """
    n   s   l   u   d   c   e   k   o   x   t   h   m   g   p   z
n   1 100 182 178  30 420   2   2   5   3  10  25  15  10   8   9
s   1  60 628 213  29   8   6   1  16   1  24  11  12  50   1   1
l  14 118 787   3   2   1  16  19   9   7   4   1   3  18   1   1
u  11 106 198 633   2   2   7  18   1   4   4   1   7   7   1   1
d  31  94  16   7 507  82  57  72   3  34  11   1  53  24   8   1
c   4   4   1   1   4 884   4   7   1   1   1   1   1   1  93   3
e 236 104 354  17  58  66  55   4   1   3  15   1   3  83   1   1
k 235 588   8   2   9 127   1   2   1   6   5   1   2  14   1   1
o  15   2 584  57  54   7   9  10  12 116 103   1  13  17   1   1
x 385 203   3   1   1   3  45 235  12  83  20   1   4   5   1   1
t  99  90 158 116  10   3  28 106   8  78 225   2  15  63   1   1
h  32 511   8   1  21   1   2   1   1   1   2 420   2   2   1   1
m  58 116 186  32 161   4   6   6   3   5   8   1 391  23   1   1
g  42 169 460  56  14   9   7   6  15   4  19   2  10 186   1   1
p 148   7   1   1   5 797   1   1   1   1   1   1   1   1  33   7
z  18  56  48  10  15 748   1   1   1   5   1   1   1   6   7  85
"""
# Of a thousand characters of one kind, how many are this one: English letters and the punctuation of programs and prose.
_SHARE = (
    "a67 b18 c40 d36 e122 f26 g19 h35 i83 j2 k6 l43 m27 n70 o77 p27 q1 r71 s70 t88 u29 v9 w12 x5 y16 z1 "
    ".900 !50 ?50 ,600 :320 ;80 (800 [130 {70 )800 ]130 }70 \"500 '400 `100 -750 *150 +100 #999 "
    "_280 /270 =200 >70 <60 @40 %20 \\20 |10 &10 $10 ^5 ~5"
)
_MEMBERS = {"n": 1, "s": 1, "u": 26, "d": 10, "c": 1, "p": 1, "z": 1}
"""Over how many characters a kind spreads evenly; ideographs are all one, because only ASCII is ever in question."""
_BORDER = """
    sln 2  sun .6  sdn 60  sgn 15  stn 23  sen 700  son 27  sxn 640  kdn 4  edn 200  ddn 10  ldn 59  gdn 17  mdn 52  xdn 30  eln 100  uln 1  gln .4
    tln 20  tun .3  kgn 3  tgn 6  cgn 110  ldn 58  lkn 250  xkn 800  ekn 136  den 55  ttn 280  xtn 190  ltn 56  ppn 300  kcn .2  ckn 10  cdn .6
    nls 4  nus 7  nds 22  nms 510  nhs 810  ngs 55  nts 20  nks 30  nul 890  nuu 96  nll 980  nde 330  ndp 240  ndd 180  ndc 170  ncc 993
    nsh 63  nss 60
"""
"""The same after two characters, at line borders, where the table above misleads: a line seldom ends in a lone letter (sln, sun)."""
_FIRM, _FIRMER = 20, 6
"""How many characters of the document outweigh the table; and how many of them after two characters outweigh those after one."""
_KNOWN = 3.0
"""What it costs (nats) a reading that its word at the border is none of the document's words."""
_LETTERS = bytes(code if chr(code).islower() else code + 32 if chr(code).isupper() else 32 for code in range(128)) + b" " * 128
"""Capital letters to small ones and everything else to blanks, for `bytes.translate`."""
SAMPLE = 20_000
"""Characters of a document that are enough to know its ways."""
_LINES = 48
"""Lines that are enough to know how lines start and end."""
_EDGE = 8
"""Characters of a line, from its start and from its end, that show how lines start and end."""


_KANA, _KANA_END = 0x3040, 0x3100
_IDEOGRAPHS, _IDEOGRAPHS_END = 0x3400, 0xA000


class _Kinds(dict[int, str]):
    """Character code to kind, for `str.translate`; what is not ASCII is found out on the way."""

    def __missing__(self, code: int) -> str:
        if _KANA <= code < _KANA_END or _IDEOGRAPHS <= code < _IDEOGRAPHS_END:
            kind = "c"
        else:
            kind = "p" if chr(code) in "。！？；：，、…）」』】》”’～" else "s" if chr(code) in "\xa0\u3000" else "z"
        self[code] = kind
        return kind


def _kind_of_ascii(char: str) -> str:
    if char.isalnum():
        return "d" if char.isdigit() else "l" if char.islower() else "u"
    for kind, members in zip("nsekoxthm", ("\n\r", " \t", ".!?", ",;:", "([{", ")]}", "\"'`", "#", "-*+"), strict=True):
        if char in members:
            return kind
    return "g"


_HIDDEN = "_"
"""Stands where the sample leaves something out."""
KIND = _Kinds({0: _HIDDEN} | {code: _kind_of_ascii(chr(code)) for code in range(1, 128)})
_ROWS = [line.split() for line in _FOLLOWS.strip().splitlines()[1:]]
_TABLE = {row[0] + column: int(value) / sum(map(int, row[1:])) for row in _ROWS for column, value in zip(KINDS, row[1:], strict=True)}
_SHARES = {entry[0]: int(entry[1:]) / 1000 for entry in _SHARE.split()}
_THREES = {entry: float(value) / 1000 for entry, value in zip(_BORDER.split()[::2], _BORDER.split()[1::2], strict=True)}

_LONE = frozenset("abcdefghijklmnopqrstuvwxyz")
"""Letters alone, which are no words."""


class Prior:
    r"""What real text looks like, learnt from a table and from ``sample``: text of the document that is surely no noise.

    >>> prior = Prior()
    >>> prior.score("", "- item") > prior.score("", "; item")
    True
    >>> Prior("$ make\n$ make test").score("", "$ m") > prior.score("", "$ m")
    True
    >>> Prior("a chapter").word("hapter")
    -3.0
    """

    def __init__(self, sample: str = "", indented: float | None = None) -> None:
        """``sample`` may be long; only as much of it is read as is useful. ``indented``: share of lines that start with a blank, if known."""
        sample = sample[:SAMPLE]
        lines = islice(filter(None, sample.split("\n")), _LINES)
        self._text = "".join([f"\0\n{line[:_EDGE]}\0{line[-_EDGE:]}\n" for line in lines])
        kinds = self._text.translate(KIND)
        self._threes = Counter(zip(kinds, kinds[1:] + " ", kinds[2:] + "  ", strict=False))  # a blank is no kind: nothing follows
        self._twos: Counter[tuple[str, str]] = Counter()
        self._ones: Counter[str] = Counter()
        for (before, one, _), times in self._threes.items():
            self._twos[before, one] += times
            self._ones[before] += times
        self._indented = indented
        self._shares: dict[str, float] = {}
        self._logs: dict[tuple[str, str, str], float] = {}
        self._sample = sample
        self._words: frozenset[str] | None = None

    def score(self, context: str, piece: str) -> float:
        """Log-probability (nats) that ``piece`` follows ``context`` in real text, at a line's start if ``context`` is empty.

        A line break in ``piece`` is the end of the line. Only differences mean something, between readings of one line.
        """
        kinds = ("\0\n" + context + piece)[-len(piece) - 2 :].translate(KIND)
        logs, total = self._logs, 0.0
        for three in zip(kinds, kinds[1:], kinds[2:], strict=False):
            value = logs.get(three)
            total += self._log(three) if value is None else value
        shares = self._shares
        for char in piece:
            share = shares.get(char)
            total += self._share(char) if share is None else share
        return total

    def word(self, word: str) -> float:
        """What is to be added to a reading (nats) whose word at the border is ``word``, a run of letters: less if the document has no such word."""
        if len(word) < len("ab"):
            return 0.0
        if self._words is None:
            letters = self._sample.encode("latin-1", "replace").translate(_LETTERS)
            self._words = frozenset(letters.decode().split()) - _LONE
        return 0.0 if not self._words or word.lower() in self._words else -_KNOWN

    def _share(self, char: str) -> float:
        """Log-probability of a character among those of its kind: of the table, outweighed by the document."""
        p = _SHARES.get(char) or 1 / _MEMBERS.get(KIND[ord(char)], 10)
        self._shares[char] = value = log((self._text.count(char) + _FIRM * p) / (self._ones[KIND[ord(char)]] + _FIRM))
        return value

    def _log(self, three: tuple[str, str, str]) -> float:
        """Log-probability of a kind after two others: of the table, outweighed by the document."""
        before, one, kind = three
        blind = self._twos[one, _HIDDEN]  # what follows here is not in the sample
        p = (self._twos[one, kind] + _FIRM * _TABLE[one + kind]) / (self._ones[one] - blind + _FIRM)
        p = _THREES.get("".join(three), p)
        p = (self._threes[three] + _FIRMER * p) / (self._twos[before, one] - self._threes[before, one, _HIDDEN] + _FIRMER)
        if self._indented is not None and before + one == _HIDDEN + "n":
            p = self._indented if kind == "s" else p * (1 - self._indented)
        self._logs[three] = value = log(p)
        return value
