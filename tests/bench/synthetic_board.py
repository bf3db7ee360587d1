"""Makes the pages of an invented board: `python tests/bench/synthetic_board.py FOLDER POSTS [SEED]`.

Thread pages of twenty posts in the likeness of Discuz! X's desktop template, half of them UTF-8, half GBK, jammed as the board's own setting
would; the sentences are put together from our own words. The same arguments give the same bytes.
"""

from __future__ import annotations

import os
import random
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

PER_PAGE = 20
PER_FOLDER = 500
FIRST_DAY = datetime(2009, 3, 1, tzinfo=UTC)
_JAMMER = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ!#$%()*+,-./:;=?@[]^_`{|}~"

# "who", "when", "does what", "to what", "and so": enough to give some hundred thousand different sentences
_WHO, _WHEN, _DOES, _WHAT, _SO = (line.split("、") for line in """\
我、邻居、楼上、老张、版主、我们小区、一个同事、店家、图书馆的人、隔壁阳台、村里的木匠、表弟、修车师傅、值班的护士、钓友
昨天、上周末、去年冬天、今早六点、下班以后、台风过后、清明前后、搬家那天、停电的晚上、入秋以来、第二次、每个月、三号那天、雨停了就、半夜
换了、拆开看了、借来了、量过、修好了、弄丢了、重新刷了、试用了、拍下了、记录了、收拾出、寄回了、打听到、挑了半天才买到、比较了
一只旧水泵、两盆薄荷、三米长的铝合金梯子、那台 T60 笔记本、一本 1987 年的县志、自行车的中轴、半袋珍珠岩、九块瓷砖、一支 5 W 的灯管、阁楼的窗、手摇磨豆机、整套螺丝刀、渡口的时刻表、一卷过期胶片、院子里的石榴树
结果比想的好，成本不到四十块。、可惜只用了两个星期就漏了。、大家有没有更省事的办法？、照片明天补上。、说明书上可不是这么写的。、数据放在后面，欢迎指正。、声音小了很多，邻居也没有再来敲门。、多花了 2 h，不过值得。、下次一定先断电。、这个尺寸刚好，不用再裁。、和三楼说的情况一模一样。、别学我，先问清楚再动手。
""".splitlines())


class Thread(NamedTuple):
    """A thread of the board: its number and what its pages share."""

    tid: int
    first_pid: int
    posts: int
    gbk: bool
    title: str

    @property
    def pages(self) -> int:
        """How many pages it has."""
        return -(-self.posts // PER_PAGE)


def threads(posts: int, seed: int = 1) -> Iterator[Thread]:
    """Threads that hold so many posts together: most of a page or two, a few of many."""
    chance = random.Random(seed)
    tid, pid = 1, 1
    while posts > 0:
        size = min(posts, 1 + int(chance.expovariate(1 / 30)))
        yield Thread(tid, pid, size, tid % 2 == 0, _sentence(chance).rstrip("。？"))
        tid, pid, posts = tid + 1, pid + size, posts - size


def pages(posts: int, seed: int = 1) -> Iterator[tuple[str, bytes]]:
    """Name (with its folder) and bytes of every page."""
    for thread in threads(posts, seed):
        for number in range(1, thread.pages + 1):
            page = _page(thread, number, random.Random(f"{seed} {thread.tid} {number}"))
            name = f"{thread.tid // PER_FOLDER:04d}/thread-{thread.tid}-{number}-1.html"
            yield name, page.encode("gbk" if thread.gbk else "utf-8", "xmlcharrefreplace")


def write(folder: str | os.PathLike[str], posts: int, seed: int = 1) -> int:
    """Write the pages below a folder, each with the time of its capture; returns their number."""
    count = 0
    for count, (name, data) in enumerate(pages(posts, seed), start=1):
        path = Path(folder) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        os.utime(path, (1_700_000_000 + count, 1_700_000_000 + count))
    return count


def _sentence(chance: random.Random) -> str:
    return chance.choice(_WHO) + chance.choice(_WHEN) + chance.choice(_DOES) + chance.choice(_WHAT) + "，" + chance.choice(_SO)


def _jammer(chance: random.Random) -> str:
    return " ".join(chance.choice(_JAMMER) for _ in range(chance.randint(5, 12))).replace("<", "")


def _message(chance: random.Random, pid: int) -> str:
    lines = [_sentence(chance) for _ in range(1 + int(chance.expovariate(1 / 3)))]
    if chance.random() < 0.2 and pid > 1:
        quoted = (
            f'<div class="quote"><blockquote><font size="2"><a href="forum.php?mod=redirect&amp;goto=findpost&amp;pid={pid - 1}&amp;ptid=1"'
            f' target="_blank"><font color="#999999">网友{chance.randint(1, 3000)} 发表于 2012-5-1 10:00</font></a></font><br />\r\n{lines[0]}</blockquote></div>')
        lines.insert(0, quoted)
    breaks = [f'<font class="jammer">{_jammer(chance)}</font><br />\r\n', f'<br />\r\n<span style="display:none">{_jammer(chance)}</span>']
    return "".join(line + chance.choice(breaks) for line in lines[:-1]) + lines[-1]


_POST = """<div id="post_{pid}" ><table id="pid{pid}" class="plhin" summary="pid{pid}" cellspacing="0" cellpadding="0">
<tr>
<td class="pls" rowspan="2">
<div id="favatar{pid}" class="pls favatar">
<div class="pi">
<div class="authi"><a href="home.php?mod=space&amp;uid={uid}" target="_blank" class="xw1">网友{uid}</a>
</div>
</div>
<div class="p_pop blk bui" id="userinfo{pid}" style="display: none; margin-top: -11px;"><strong><a href="home.php?mod=space&amp;uid={uid}" class="xi2">网友{uid}</a></strong> <em>当前离线</em></div>
<div class="avatar"><a href="home.php?mod=space&amp;uid={uid}" class="avtm"><img src="http://board.example.org/uc_server/avatar.php?uid={uid}&size=middle" /></a></div>
<div class="tns xg2"><table cellspacing="0" cellpadding="0"><th><p><a href="home.php?mod=space&uid={uid}&do=thread" class="xi2">{topics}</a></p>主题</th><th><p><a href="home.php?mod=space&uid={uid}" class="xi2">{replies}</a></p>帖子</th><td><p><a href="home.php?mod=space&uid={uid}&do=profile" class="xi2">{credits}</a></p>积分</td></table></div>
<p><em><a href="home.php?mod=spacecp&amp;ac=usergroup&amp;gid=10" target="_blank">中级会员</a></em></p>
<dl class="pil cl"><dt>在线时间</dt><dd>{hours} 小时</dd><dt>注册时间</dt><dd>2009-2-3</dd></dl>
</div>
</td>
<td class="plc">
<div class="pi">
<strong>
<a href="forum.php?mod=redirect&goto=findpost&ptid={tid}&pid={pid}"   id="postnum{pid}" onclick="setCopy(this.href, '帖子地址复制成功');return false;">
<em>{floor}</em><sup>#</sup></a>
</strong>
<div class="pti">
<div class="authi">
<img class="authicn vm" src="static/image/common/online_member.gif" />
<em id="authorposton{pid}">发表于 {at}</em>
<span class="pipe">|</span>
<a href="forum.php?mod=viewthread&amp;tid={tid}&amp;page={page}&amp;authorid={uid}" rel="nofollow">只看该作者</a></div>
</div>
</div><div class="pct"><div class="pcb">
<div class="t_fsz">
<table cellspacing="0" cellpadding="0"><tr><td class="t_f" id="postmessage_{pid}">
{message}</td></tr></table>
</div>
<div id="comment_{pid}" class="cm">
</div>
<div id="post_rate_div_{pid}"></div>
</div>
</div>
</td></tr>
<tr><td class="plc plm">
{signature}
</td>
</tr>
<tr id="_postposition{pid}"></tr>
</table>
</div>
"""

_PAGE = """<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">
<html xmlns="http://www.w3.org/1999/xhtml">
<head>
<meta http-equiv="Content-Type" content="text/html; charset={charset}" />
<title>{title} - 闲聊 -  山脚茶馆 -  Powered by Discuz!</title>
<link href="http://board.example.org/forum.php?mod=viewthread&tid={tid}" rel="canonical" />
<base href="http://board.example.org/" /><script type="text/javascript">var STYLEID = '1', SITEURL = 'http://board.example.org/';</script>
</head>
<body id="nv_forum" class="pg_viewthread">
<div id="wp" class="wp">
<script type="text/javascript">var fid = parseInt('6'), tid = parseInt('{tid}');</script>
<div id="pt" class="bm cl">
<div class="z">
<a href="./" class="nvhm" title="首页">山脚茶馆</a><em>&raquo;</em><a href="forum.php">论坛</a> <em>&rsaquo;</em> <a href="forum.php?mod=forumdisplay&amp;fid=6">闲聊</a> <em>&rsaquo;</em> <a href="forum.php?mod=viewthread&amp;tid={tid}">{title}</a>
</div>
</div>
<div id="pgt" class="pgs mbm cl "><div class="pgt">{pager}</div></div>
<div id="postlist" class="pl bm">
<table cellspacing="0" cellpadding="0">
<tr>
<td class="pls ptn pbn"><div class="hm ptn">
<span class="xg1">查看:</span> <span class="xi1">{views}</span><span class="pipe">|</span><span class="xg1">回复:</span> <span class="xi1">{replies}</span>
</div></td>
<td class="plc ptm pbn vwthd">
<h1 class="ts">
<span id="thread_subject">{title}</span>
</h1>
<span class="xg1"><a href="forum.php?mod=viewthread&amp;tid={tid}">[复制链接]</a></span>
</td></tr></table>
{posts}<div id="postlistreply" class="pl"><div id="post_new" class="viewthread_table" style="display: none"></div></div>
</div>
<div id="ft" class="wp cl"><p class="xs0">
GMT+8, 2023-11-20 11:26<span id="debuginfo">
, Processed in 0.099690 second(s), 19 queries
.
</span></p></div>
</body>
</html>
"""


def _page(thread: Thread, number: int, chance: random.Random) -> str:
    start = (number - 1) * PER_PAGE
    posts = [_post(thread, floor, number, chance) for floor in range(start + 1, min(start + PER_PAGE, thread.posts) + 1)]
    return _PAGE.format(
        charset="gbk" if thread.gbk else "utf-8", title=thread.title, tid=thread.tid, pager=_pager(thread, number), views=thread.posts * 37,
        replies=thread.posts - 1, posts="".join(posts),
    )


def _pager(thread: Thread, number: int) -> str:
    if thread.pages == 1:
        return ""
    links = "".join(
        f"<strong>{page}</strong>" if page == number else f'<a href="forum.php?mod=viewthread&tid={thread.tid}&amp;page={page}">{page}</a>'
        for page in range(1, min(thread.pages, 10) + 1))
    return f'<div class="pg">{links}<label><input type="text" name="custompage" value="{number}" /><span title="共 {thread.pages} 页"> / {thread.pages} 页</span></label></div>'


def _post(thread: Thread, floor: int, page: int, chance: random.Random) -> str:
    pid = thread.first_pid + floor - 1
    uid = 1 + int(chance.paretovariate(0.6)) % 3000
    at = FIRST_DAY + timedelta(minutes=thread.tid * 11 + floor * 7, seconds=pid % 60)
    sign = f'<div class="sign" style="max-height:100px;">{_SO[uid % len(_SO)]}</div>' if uid % 3 == 0 else ""
    return _POST.format(
        pid=pid, uid=uid, tid=thread.tid, page=page, floor=floor, topics=uid % 90, replies=uid % 900, credits=uid * 3 % 7000, hours=uid % 5000,
        at=f"{at.year}-{at.month}-{at.day} {at:%H:%M:%S}", message=_message(chance, pid), signature=sign,
    )


if __name__ == "__main__":
    print(write(sys.argv[1], int(sys.argv[2]), *map(int, sys.argv[3:])), "pages")
