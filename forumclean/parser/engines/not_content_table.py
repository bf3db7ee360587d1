"""What pages that hold no content say: Discuz's own notices, its guards, and the walls that stand before boards. Data only.

A message is looked for in a notice box (never in a post), a wall in a page that is short and holds neither posts nor lists.
"""

from __future__ import annotations

import re
from typing import NamedTuple


class Sign(NamedTuple):
    """Words or markup, the ``sources.status`` they mean, and what the thing is called for people."""

    status: str
    name: str
    pattern: re.Pattern[str]
    hints: tuple[str, ...] = ()
    """Lower case: whatever fits the pattern holds one of these. Patterns that begin with a tag are quick without."""

    def is_in(self, text: str, folded: str) -> bool:
        """Whether the pattern fits ``text``; ``folded``: the same, case-folded."""
        return (not self.hints or any(hint in folded for hint in self.hints)) and self.pattern.search(text) is not None


def _sign(status: str, name: str, pattern: str, *hints: str) -> Sign:
    """A row of a table; the pattern is verbose, in any case."""
    return Sign(status, name, re.compile(pattern, re.IGNORECASE | re.VERBOSE), hints)


_FEW = r"[^。\n]"
"""Within one sentence."""

MESSAGES = (
    # as in lang_message.php of X and messages.lang.php of D4-D7, simplified and traditional
    # the thread (forum, post, user, page …) does not exist, was deleted or moved to the recycle bin, or awaits approval
    _sign("deleted page", "thread or forum gone", rf"""
        (?:主[题題]|帖子|版[块塊]|群[组組]|文章|[页頁]面|[内內]容|用[户戶]|日[志誌]|相册) {_FEW}{{0,12}} 不存在
        | 已被?[删刪]除 | 已被?移[动動]到回收站 | 正在被?[审審]核 | 没有找到帖子"""),
    # this forum needs a password, is protected by one
    _sign("password", "forum password", rf"""
        (?:版[块塊]|[论論][坛壇]) {_FEW}{{0,8}} (?:需要|[设設]有|受) {_FEW}{{0,4}} 密[码碼]
        | [请請][输輸]入 {_FEW}{{0,6}} (?:版[块塊]|[论論][坛壇]) {_FEW}{{0,4}} 密[码碼]
        | 密[码碼]保[护護]"""),
    # this thread asks for a read permission above 50
    _sign("denied", "read permission", rf"[阅閱][读讀][权權]限 {_FEW}{{0,6}} 高[于於]\s{{0,2}}\d+"),
    # you are not logged in (and so have no right to); you must log in to go on; one can after logging in
    _sign("login", "login required", rf"""
        (?:尚未|[还還]?没有|[还還]?沒有|未)登[录錄入]
        | (?:需要|必[须須]|[请請]) {_FEW}{{0,4}} 登[录錄入]
        | 登[录錄入] {_FEW}{{0,4}} (?:后|後|才)
        | not[ ]logged[ ]in | must[ ](?:be[ ]logged|log)[ ]in"""),
    # the site (board, system) is closed for now, under maintenance, being upgraded
    _sign("closed", "site closed", rf"""
        (?:站[点點]|[论論][坛壇]|[网網]站|本站|系[统統]) {_FEW}{{0,10}} (?:[关關][闭閉]|[维維][护護]|升[级級])
        | (?:[关關][闭閉]|[维維][护護])(?:中|期[间間])"""),
    # your IP address is not allowed
    _sign("blocked", "address blocked", rf"\bIP\b {_FEW}{{0,12}} (?:禁止|限制|不在|封) | 禁止 {_FEW}{{0,6}} \bIP\b"),
    # you (your group, your credits) may not do this, only certain members may
    _sign("denied", "no permission", rf"""
        (?:[没沒]有|[无無]) {_FEW}{{0,8}} [权權]限 | [无無][权權] | [无無]法[进進]行此 | 所在的用[户戶][组組]
        | 只有特定用[户戶] | 特定用[户戶]可以 | [积積]分(?:不足|低[于於]) | 被禁止[访訪][问問] | not?[ ](?:have[ ])?permission"""),
)  # fmt: skip
"""The first that fits wins: a notice for guests about a deleted thread also asks them to log in."""

GUARDS = (
    # security messages of attackevasive (X: template/default/common/security.htm; D6, D7: security.inc.php): reload, too fast, proxies
    _sign("challenge", "attackevasive", r"<title>[^<]{0,20}(?:[页頁]面重[载載][开開][启啟]|[频頻]繁刷新限制|代理服[务務]器[访訪][问問]限制)"),
    _sign("challenge", "attackevasive", r"[页頁]面正在重新[载載]入[，,]?\s?[请請]稍[候后後]", "面正在重新"),
    # Discuz's own error page (discuz_error): system and database errors
    _sign("error", "Discuz! error", r"<title>[^<]{0,200}(?:System|Database)[ ]Error</title>|Discuz![ ](?:info|System[ ]Error|Database[ ]Error)\b",
        "system error", "database error", "discuz! info"),
    # a mirror's note that the page is elsewhere; servers' redirects
    _sign("redirect", "HTTrack redirect", r"<title>\s*Page[ ]has[ ]moved\s*</title>"),
    _sign("redirect", "moved", r"<title>\s*(?:30[1278]\s[^<]{1,30}|Object[ ]moved)\s*</title>"),
    # error pages of nginx, Apache, IIS
    _sign("deleted page", "HTTP 404", r"<title>\s*4(?:04|10)\b[^<]{0,80}</title>|<h1>\s*(?:404\s)?Not[ ]Found\s*</h1>"),
    _sign("blocked", "HTTP 403", r"<title>\s*(?:40[13]|429|444)\b[^<]{0,80}</title>|<h1>\s*(?:403\s)?Forbidden\s*</h1>"),
    _sign("error", "HTTP 5xx", r"""
        <title>\s*5\d\d\b[^<]{0,80}</title> | <title>\s*(?:Bad[ ]Gateway|Service[ ](?:Temporarily[ ])?Unavailable|Gateway[ ]Time-?out)"""),
)  # fmt: skip

WALLS = (
    # each by what its page must load or set to work, not by its wording
    # ordinary pages behind Cloudflare load /cdn-cgi/challenge-platform/scripts/ too
    _sign("challenge", "Cloudflare", r"\b_cf_chl_(?:opt|ctx)|/challenge-platform/h/\w/orchestrate|\bcf-browser-verification\b|jschl[_-]answer",
        "_cf_chl_", "/challenge-platform/h/", "cf-browser-verification", "jschl"),
    _sign("blocked", "Cloudflare", r"\bcf-error-details\b|<title>Attention[ ]Required![ ]\|[ ]Cloudflare",
        "cf-error-details", "attention required!"),
    _sign("challenge", "Jiasule", r"__jsl_clearance|\bjsl_clearance", "jsl_clearance"),
    _sign("blocked", "Chuangyu", r"365cyd\.(?:com|net)|\bcyd-(?:block|waf)|knownsec\.com", "365cyd.", "cyd-", "knownsec.com"),
    _sign("challenge", "Yunsuo", r"\byunsuo_session|security_verify_data|security_session_(?:mid_)?verify",
        "yunsuo_session", "security_verify_data", "security_session_"),
    _sign("blocked", "Yunsuo", r"yunsuologo|<title>[^<]{0,10}云锁", "yunsuologo", "云锁"),
    _sign("blocked", "Safedog", r"safedog\.cn|<title>网站防火墙", "safedog.cn", "网站防火墙"),
    _sign("blocked", "360", r"wangzhan\.360\.cn|webscan\.360\.cn|<title>[^<]{0,10}360网站卫士", ".360.cn", "360网站卫士"),
    _sign("blocked", "Baidu Yunjiasu", r"yunjiasu-nginx|su\.baidu\.com|yunjiasu\.baidu", "yunjiasu", "su.baidu.com"),
    _sign("blocked", "Alibaba Cloud", r"errors\.aliyun\.com|data-spm=[\"']a3c0e", "errors.aliyun.com", "data-spm="),
    _sign("challenge", "Alibaba Cloud", r"\bacw_sc__v[23]\b|\b_waf_bd[0-9a-f]", "acw_sc__v", "_waf_bd"),
    _sign("blocked", "Tencent Cloud", r"waf\.tencent-cloud\.com|\bwaf-?(?:block|intercept)\b|TencentEdgeOne",
        "waf.tencent-cloud.com", "wafblock", "waf-block", "wafintercept", "waf-intercept", "tencentedgeone"),
    _sign("blocked", "BT panel", r"\bbtwaf\b|<title>宝塔(?:防火墙|网站防火墙|云WAF)|bt\.cn/new/wechat|<title>WAF-?拦截",
        "btwaf", "宝塔", "bt.cn/new/wechat", "拦截"),
    _sign("challenge", "BT panel", r"huadong_296d626f|renji_296d626f|/a20be899_96a6_40b2_88ba_32f1f75f1552_yanzheng",
        "_296d626f", "/a20be899_96a6_40b2"),
    _sign("challenge", "DDoS-Guard", r"\bddos-guard\b|check\.ddos-guard\.net", "ddos-guard"),
    _sign("challenge", "Imperva", r"_Incapsula_Resource|\bvisid_incap_", "_incapsula_resource", "visid_incap_"),
    _sign("blocked", "Sucuri", r"sucuri\.net/(?:privacy|cloudproxy)|Sucuri[ ]WebSite[ ]Firewall", "sucuri"),
    _sign("challenge", "Sucuri", r"\bsucuri_cloudproxy_js\b", "sucuri_cloudproxy_js"),
    _sign("blocked", "Akamai", r"errors\.edgesuite\.net|Reference&\#32;&\#35;\d", "errors.edgesuite.net", "reference&#32;&#35;"),
    _sign("challenge", "CAPTCHA", r"(?:turing\.captcha\.qcloud|captcha\.(?:qq|gtimg)|hcaptcha|recaptcha)[^<>]{0,200}", "captcha"),
)  # fmt: skip
"""Known walls and web application firewalls. Looked for in tags, scripts and headings, not in the text of a page."""
