"""What a Discuz page prints around posts, as words of its templates (zh-CN and zh-TW): tools, buttons, floors, footers, navigation."""

from __future__ import annotations

import re

from forumclean.parser.dates import ANY

BARS = " \t\xa0\u3000|\\-–—•·*_"
"""Stripped from a line before it is looked up: blanks, table bars and rules, bullets of lists."""

TOOLS = frozenset({
    # beside the time: only this author, all floors, newest first, oldest first, reading mode, reward, large pictures, jump box
    "只看该作者", "只看該作者", "显示全部楼层", "顯示全部樓層", "倒序浏览", "倒序瀏覽", "正序浏览", "正序瀏覽", "阅读模式", "閱讀模式", "回帖奖励",
    "回帖獎勵", "只看大图", "只看大圖", "电梯直达", "電梯直達", "跳转到指定楼层", "跳轉到指定樓層", "__", "大", "中", "小", "字体大小:", "打印", "个人中心",
})
ONLY_AUTHOR = ("只看该作者", "只看該作者", "显示全部楼层", "顯示全部樓層")
"""Printed beside every post's time, and nowhere else."""

BUTTONS = frozenset({
    # below a post: reply, quote, comment, edit, append, report, props, rate, top, up, down, favourite, share, collect, reward, manage
    "回复", "回復", "回覆", "引用", "点评", "點評", "编辑", "編輯", "补充", "補充", "举报", "舉報", "报告", "報告", "使用道具", "评分", "評分",
    "撤销评分", "撤銷評分", "返回顶部", "返回頂部", "TOP", "支持", "反对", "反對", "收藏", "分享", "淘帖", "转播", "轉播", "送鲜花", "顶", "頂", "踩",
    "管理", "删除", "刪除", "道具", "分享淘帖", "分享到",
})
_LONGEST = 80
_INITIALS = frozenset(word[0] for word in BUTTONS)
CLOSERS = frozenset({"使用道具", "举报", "舉報", "报告", "報告", "TOP", "返回顶部", "返回頂部", "引用"})
"""A run of buttons ends a post only if it holds one of these: members write single words such as 支持 or 顶 themselves."""
_TOOL_WORDS = "|".join(sorted(map(re.escape, TOOLS), key=len, reverse=True))
_ONLY_TOOLS = re.compile(rf"^(?:(?:{_TOOL_WORDS})(?:[\s|]+|$|(?<=[^\W_]{{2}})))+$")
_WORDS = "|".join(sorted(map(re.escape, BUTTONS), key=len, reverse=True))
_BUTTON = re.compile(_WORDS)
_ONLY_BUTTONS = re.compile(rf"^(?:(?:{_WORDS})[\s|]*)+$")
COUNTED = re.compile(r"^(?:(?:收藏|分享|支持|反对|反對|淘帖|转播|轉播|评分|評分)\s?){1,4}\d{0,6}$")
"""Buttons of the first post with their counters: 收藏 12."""

FLOOR = re.compile(r"^(?:楼主|樓主|沙发|沙發|板凳|地板|推荐|推薦|来自\s?\d{1,6}#|\#?\s?\d{1,6}\s?\^?[\#＃楼樓]|\#\d{1,6})$")
"""The label of a floor: thread starter, sofa, bench, floor board, then 5# or 5楼; labels can be set by the board."""
FLOORS = {"楼主": 1, "樓主": 1, "沙发": 2, "沙發": 2, "板凳": 3, "地板": 4}
"""What the named floors stand for where the board kept the default labels."""

FOOTER = re.compile(
    r"""^(?: 您需要登[录錄入]后?後?才可以回[帖覆] | 本版[积積]分[规規][则則] | Archiver[|\s] | Powered\ by\ (?:Discuz|Comsenz)
           | GMT\ ?[+-]?\d | (?:高级|高級)模式$ | 快速回[复復覆](?:\s|$) | [点點][击擊]这里快速回复 | 返回列表 | 下一页\ »| 下一頁\ »
           | (?:上|下)一(?:主题|篇|主題)\b | 回[复復]\s?本帖 | ©\ ?20\d\d | 发表新帖 | 發表新帖 | 小黑屋 | 手机版 )""",
    re.VERBOSE,
)
"""Lines that begin what a page prints below its last post."""

COPY_CODE = ("复制代码", "複製代碼")
"""The button below a block of code (D7, X)."""
COPY_LINK = ("[复制链接]", "[複製鏈接]", "[複製連結]")
"""Printed right after a thread's title (X)."""
COUNTERS = re.compile(
    r"""(?:查看|閱讀|阅读|浏览|瀏覽)\s?[:：]\s{0,3}(?P<views>\d{1,9})
        (?: [\s|\\]{0,6} (?:回复|回復|回覆)\s?[:：]\s{0,3}(?P<replies>\d{1,9}) )?""",
    re.VERBOSE,
)
"""Views and replies beside the title, page 1 only (X)."""
PAGES = re.compile(r"^\D{0,8}[\d\s._\[\]]{1,40}/\s?(\d{1,5})\s?(?:页|頁)|共\s?(\d{1,5})\s?(?:页|頁)")
"""The pager: 12 / 2 页."""
POWERED = re.compile(r"\s*-\s{1,3}[Pp]owered by Discuz!?.{0,20}$")
"""The tail of every page's title."""
CRUMBS = re.compile(r"^(?P<home>[^»›>]{1,60}?)\s?»\s?(?P<path>[^\n]{1,300})$")
"""The breadcrumb: SITE»论坛 › group › forum › title (cut at 52 characters)."""
MODERATED = re.compile(rf"^本主[题題]由\s?(?P<by>.{{1,30}}?)\s?[于於]\s?(?P<at>{ANY})\s?(?P<action>.{{1,60}})$", re.VERBOSE)
"""The moderation line: this thread was … by … at …"""


def pieces(bare: str) -> list[str]:
    """The words of a line of furniture, split at blanks and bars.

    >>> pieces("只看该作者 回帖奖励 |倒序浏览")
    ['只看该作者', '回帖奖励', '倒序浏览']
    """
    return [piece for piece in re.split(r"[\s|]+", bare) if piece]


def is_tools(bare: str) -> bool:
    """Whether a line holds nothing but tools of the post header, perhaps glued together."""
    return bool(bare) and len(bare) < _LONGEST and _ONLY_TOOLS.match(bare) is not None


def button_words(bare: str) -> tuple[str, ...]:
    """The buttons below a post on a line that holds nothing else, also where they came glued together; none for any other line.

    >>> button_words("使用道具举报"), button_words("回复 | 引用"), button_words("回复他")
    (('使用道具', '举报'), ('回复', '引用'), ())
    """
    if not bare or bare[0] not in _INITIALS or len(bare) >= _LONGEST:
        return ()
    if COUNTED.match(bare) is not None:
        return (bare,)
    words = _BUTTON.findall(bare) if _ONLY_BUTTONS.match(bare) is not None else []
    return tuple(words) if len(set(words)) == len(words) else ()  # 顶顶顶 is a member's
