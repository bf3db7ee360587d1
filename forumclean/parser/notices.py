"""Notices that stand in for content, as Discuz words them (discuz-facts.md, notices; zh-CN, zh-TW), and boxes around it.

A notice is replaced by a visible ``[locked: …]`` with its own words, so that the text before and after it is not sewn together.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from forumclean.parser.dates import ABSOLUTE

_LEAD = r"(?:提示\s?[:：]\s?|\*{4}\s?)?"
_GAP = r"[ \xa0\u3000，,]{0,3}"


class Notice(NamedTuple):
    """A line that stands in for content."""

    state: str
    """What it makes of a post that holds nothing else: ``banned``, ``locked`` or ``hidden``."""
    pattern: re.Pattern[str]


def _notice(state: str, words: str) -> Notice:
    return Notice(state, re.compile(rf"^[ \t\xa0\u3000]*{_LEAD}(?P<words>{words})", re.VERBOSE))


NOTICES = (
    # the author is banned or deleted, the content is blocked; the post is blocked by a moderator
    _notice("banned", rf"作者被禁止或[删刪]除{_GAP}[内內]容自[动動]屏蔽"),
    _notice("banned", r"[该該]帖被(?:管理[员員]或版主)?屏蔽"),
    # only the thread's author may see this reply; a post with a password
    _notice("hidden", r"此帖[仅僅]作者可[见見]"),
    _notice("locked", rf"本帖[为為]密[码碼]帖{_GAP}[请請][输輸]入密[码碼]"),
    # hidden until one replies, or has enough credits; paid threads, with their price
    _notice("locked", rf"[^，,\n]{{1,40}}?[，,][ \xa0]?如果您要查看本帖[隐隱]藏[内內]容[请請]{_GAP}回[复復覆]"),
    _notice("locked", r"(?:[^，,\n]{1,40}?[，,][ \xa0]?)?本帖[隐隱]藏的[内內]容需要(?:回[复復覆]才可以[浏瀏][览覽]|[积積]分高[于於][ \xa0]?\d+[ \xa0]?才可[浏瀏][览覽])(?:[，,]您[当當]前[积積]分[为為][ \xa0]?-?\d+)?"),
    _notice("locked", r"(?:[购購][买買]主[题題]\s{1,3})?(?:已[购購][买買]人[数數]\s?[:：]\s?\d+\s{0,3}(?:[记記][录錄]\s{0,3})?)?本主[题題]需向作者支付[ \xa0]?(?:\d+|相[应應][积積]分)[^，,\n]{0,20}?才能[浏瀏][览覽]"),
    _notice("locked", r"本[内內]容跟帖回[复復覆]才可[浏瀏][览覽][ ]?\*{0,5}"),
    _notice("locked", r"Hidden[ ]Message[ ]\*{0,5}"),
)

BOXES = (
    # sign up to see more (the board's own words by default); attachments one may not see, and the box's closing mark
    re.compile(r"^(?:马上|馬上)(?:注册|註冊)[，,].{0,60}$"),
    re.compile(r"^本帖子中包含更多(?:资|資)源$"),
    re.compile(r"^(?:附件[:：]\s?)?您需要\s?(?:登录|登錄|登入)\s?才可以(?:下载或查看|下載或查看).{0,40}$"),
    re.compile(r"^(?:附件[:：]\s?)?您所在的(?:用户组|用戶組)(?:无法|無法)(?:下载|下載)或查看附件.{0,20}$"),
    re.compile(r"^(?:附件[:：]\s?)?本[帖贴]附件需要回[复復覆]才可(?:下载|下載)或查看.{0,20}$"),
    re.compile(r"^(?:登录|登錄)/(?:注册|註冊)后?後?可看大(?:图|圖)$"),
)
"""Lines of tips inside the message: furniture. All but the first and the last stand in place of attachments."""
ATTACHMENTS_HIDDEN = BOXES[1:5]
CLOSING_MARK = frozenset({"x", "×", "X"})
"""The closing mark of such a box, alone on a line."""

EDITED = re.compile(
    rf"""[ \t\xa0]*\[?[ ]? (?:本帖最[后後]由|本帖最後由|(?P<en>This\ post\ was\ last\ edited\ by)) [ \xa0]? (?P<by>[^\n]{{1,30}}?) [ \xa0]? (?:[于於]|\ at) [ \xa0]?
         (?P<at>{ABSOLUTE}) [ \xa0]? (?(en)|(?:编辑|編輯)) [ \xa0]?\]?[ \t\xa0]?""",
    re.VERBOSE,
)
"""The edit notice: this post was last edited by … at …; in front of the text since D7, behind it before."""


NOTICE_HINT = re.compile("屏蔽|作者可[见見]|密[码碼]帖|[隐隱]藏|需向作者支付|跟帖回[复復覆]|Hidden Message")
"""Every notice holds one of these: texts without them need no look at their lines."""
BOX_HINT = re.compile("[马馬]上[注註]|本帖子中|您需要|您所在|本[帖贴]附件|登[录錄]/[注註]")
"""Likewise for the boxes."""


def notice_in(line: str) -> tuple[Notice, re.Match[str]] | None:
    """Find the notice with which ``line`` begins, if it is one; jammers may follow it on the line."""
    if len(line) > 1000:  # noqa: PLR2004 - notices are short; a long line is prose
        return None
    for notice in NOTICES:
        if (found := notice.pattern.match(line)) is not None:
            return notice, found
    return None


def is_tip(words: str) -> bool:
    """Whether the words of a notice only say that attached files are not shown."""
    return any(box.match(words) for box in ATTACHMENTS_HIDDEN)


def is_box(bare: str) -> bool:
    """Whether a stripped line is a tip for guests."""
    return len(bare) < 100 and any(box.match(bare) for box in BOXES)  # noqa: PLR2004 - longer lines are prose
