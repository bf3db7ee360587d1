"""The author panel of a Discuz post as text: its labels in all spellings, and the figures behind them.

Labels are those of the templates' language packs, zh-CN and zh-TW (D6/D7 ``dl.profile``, X ``div.tns`` and ``dl.pil``), and of the
online-time plugins (总在线 in all, 本月在线 this month). Credits a board named itself keep their printed name.
"""

from __future__ import annotations

import re

LABELS = {
    # hours online: in all, this month
    "总在线": "total_online_hours", "總在線": "total_online_hours", "总计在线": "total_online_hours", "總計在線": "total_online_hours",
    "在线时间": "total_online_hours", "在線時間": "total_online_hours", "在线时长": "total_online_hours", "上線時間": "total_online_hours",
    "本月在线": "month_online_hours", "本月在線": "month_online_hours",
    # threads, posts, replies, credits, digests
    "主题": "threads", "主題": "threads", "主题数": "threads", "帖子": "posts", "帖子数": "posts", "发帖数": "posts", "發帖數": "posts",
    "帖数": "posts", "回帖": "replies", "回帖数": "replies", "积分": "credits", "積分": "credits", "总积分": "credits",
    "精华": "digests", "精華": "digests", "精华帖数": "digests",
    # prestige; money, gold and copper; contribution and experience
    "威望": "prestige", "金钱": "money", "金錢": "money", "金币": "gold", "金幣": "gold", "铜币": "copper", "銅幣": "copper",
    "贡献": "contribution", "貢獻": "contribution", "贡献值": "contribution", "经验": "experience", "經驗": "experience",
    # registered, last seen, reading permission, uid, sex, from
    "注册时间": "registered_at", "註冊時間": "registered_at", "最后登录": "last_login_at", "最後登錄": "last_login_at", "最後登入": "last_login_at",
    "阅读权限": "read_access", "閱讀權限": "read_access", "UID": "uid", "性别": "gender", "性別": "gender", "来自": "location", "來自": "location",
    # friends, followers, following, blogs, albums, shares, days checked in
    "好友": "friends", "听众": "followers", "聽眾": "followers", "收听": "following", "收聽": "following", "日志": "blogs", "日誌": "blogs",
    "相册": "albums", "相冊": "albums", "分享": "shares", "签到天数": "checkin_days", "簽到天數": "checkin_days",
}
"""Printed label → name of the figure."""

GROUPS = frozenset({
    # Discuz's own group titles, low to high, then staff and special ones
    "新手上路", "注册会员", "註冊會員", "中级会员", "中級會員", "高级会员", "高級會員", "金牌会员", "金牌會員", "论坛元老", "論壇元老",
    "实习版主", "實習版主", "版主", "超级版主", "超級版主", "管理员", "管理員", "网站编辑", "信息监察员", "审核员",
    "禁止发言", "禁止發言", "禁止访问", "禁止 IP", "游客", "遊客", "等待验证会员", "等待驗證會員", "限制会员", "乞丐", "QQ游客",
})
LINKS = frozenset({
    # send message, add friend, follow, poke, details, site, blog, space, profile pictures' labels
    "发消息", "發消息", "发短消息", "發短消息", "加为好友", "加為好友", "加好友", "加关注", "加關注", "收听TA", "收聽TA", "打招呼", "打個招呼",
    "查看详细资料", "查看詳細資料", "查看个人网站", "查看個人網站", "查看公共资料", "个人空间", "個人空間", "QQ", "MSN", "TA的每日心情", "串个门",
})

CARD = re.compile(r"^(?P<name>.{0,40}?)[ \t\xa0]*当前(?:离线|在线)$|^(?P<name_tw>.{0,40}?)[ \t\xa0]*當前(?:離線|在線)$")
"""The hovering card: perhaps the name, then 当前离线 (now offline) or 当前在线 (online)."""

_UNIT = r"(?:小时|小時|点|點|枚|个|個|元|级|級|天|帖|篇|位|分|°|℃|[A-Za-z]{1,4})?"
_FIGURE = re.compile(
    rf"""^ (?P<label>[^\W\d_][^\s:：,，。|]{{0,9}}?) \s? (?P<colon>[:：])? \s{{0,3}}
         (?P<value> [-+]?\d[\d,]{{0,14}}(?:\.\d{{1,4}})?万? | (?:19|20)\d\d-\d{{1,2}}-\d{{1,2}}(?:[ ]\d{{1,2}}:\d\d)? )
         \s{{0,3}} {_UNIT} $""",
    re.VERBOSE,
)
_EMPTY = re.compile(r"^[^\W\d_][^\s:：,，。|]{0,9}\s?[:：]$")
_NUMBER = re.compile(r"^[-+]?\d[\d,]{0,14}(?:\.\d{1,4})?万?$")
_CARD_NUMBERS = re.compile(r"(\d[\d,]{0,14}万?)\s{0,3}(主题|主題|帖子|回帖|积分|積分|精华|精華|听众|聽眾|好友|收听|日志|相册|分享)")
_LEVEL = re.compile(r"^(?:Rank: ?\d+\s?)+$|^.{1,12}[,，] ?(?:积分|積分) ?-?\d+[,，] ?(?:距离|距離).{1,30}$|^\[?LV\.?\d+\]?.{0,12}$", re.IGNORECASE)
_LONGEST = 60
"""Characters: panel lines are short."""


def is_panel_line(bare: str) -> bool:
    """Whether a line (stripped) can only be part of an author panel: a labelled figure, an empty label, a group, a link.

    >>> is_panel_line("本月在线: 33 小时"), is_panel_line("经验:"), is_panel_line("说得好，33 楼的朋友")
    (True, True, False)
    """
    if len(bare) > _LONGEST:
        return False
    if bare in GROUPS or bare in LINKS or bare in LABELS or _EMPTY.match(bare) or _LEVEL.match(bare):
        return True
    found = _FIGURE.match(bare)
    if found is not None:
        return found["colon"] is not None or found["label"].strip() in LABELS
    return _CARD_NUMBERS.sub("", bare).strip() == "" and bool(bare)


def figures(lines: list[str]) -> dict[str, str | int | float]:
    """The figures of an author panel, from its lines (stripped, blank ones and table bars left out), as they are printed.

    Numbers become int or float; hours and other units go; ``1.2万`` and dates stay text; an empty label is no figure. Labels of
    Discuz get the names of ``LABELS``, others keep their own.

    >>> figures(["经验:", "总在线: 4222 小时", "20主题1364帖子172积分", "天策币: 7"])
    {'total_online_hours': 4222, 'threads': 20, 'posts': 1364, 'credits': 172, '天策币': 7}
    """
    found: dict[str, str | int | float] = {}
    for line in lines:
        if len(line) > _LONGEST:
            continue
        if (card := _CARD_NUMBERS.findall(line)) and _CARD_NUMBERS.sub("", line).strip() == "":
            for value, label in card:
                found.setdefault(LABELS[label], _value(value))
        elif (figure := _FIGURE.match(line)) is not None:
            label = figure["label"].strip()
            if label in LABELS or figure["colon"]:
                found.setdefault(LABELS.get(label, label), _value(figure["value"]))
    for label, value in _pairs(lines):
        found.setdefault(LABELS[label], _value(value))
    return found


def _pairs(lines: list[str]) -> list[tuple[str, str]]:
    """Labels and numbers on lines of their own: number cards print the number first, definition lists the label.

    A stretch in which the two alternate is read in the order in which it begins: ``20 主题 1364 帖子`` or ``积分 172``.
    """
    found: list[tuple[str, str]] = []
    kinds = ["label" if line in LABELS else "number" if _NUMBER.match(line) else "" for line in lines]
    index = 0
    while index + 1 < len(lines):
        if kinds[index] and kinds[index + 1] and kinds[index] != kinds[index + 1]:
            pair = lines[index], lines[index + 1]
            found.append(pair if kinds[index] == "label" else pair[::-1])
            index += 1
        index += 1
    return found


def _value(text: str) -> str | int | float:
    plain = text.replace(",", "")
    if re.fullmatch(r"[-+]?\d{1,15}", plain):
        return int(plain)
    return float(plain) if re.fullmatch(r"[-+]?\d{1,12}\.\d{1,4}", plain) else text
