"""What each element of a message is: tables by name, class and id, each row with what prints it.

``kind_of`` gives the name of the handler in ``message``; elements it does not know are inline, and their text counts.
"""

from __future__ import annotations

import re
from functools import lru_cache

from forumclean.parser.markup.tokens import attributes_of

VOID = frozenset({
    "area", "base", "basefont", "bgsound", "br", "col", "embed", "frame", "hr", "img", "input", "keygen", "link", "meta", "param",
    "source", "track", "wbr",
})
"""Elements without an end tag, as the HTML serialiser knows them."""

KINDS = {
    "a": "link", "img": "image", "hr": "rule", "pre": "pre", "li": "item", "td": "cell", "th": "cell", "tr": "block",
    "i": "italic",  # perhaps an edit notice of Discuz 4-6, on a board that was upgraded
    # BBCode [align], [p], [list], [table], [quote], [indent] and what HTML posts hold; a form around polls
    **dict.fromkeys((
        "p", "div", "table", "tbody", "thead", "tfoot", "caption", "ul", "ol", "dl", "dt", "dd", "blockquote", "center", "form",
        "fieldset", "legend", "h1", "h2", "h3", "h4", "h5", "h6", "address", "section", "article", "aside", "header", "footer",
        "main", "nav", "figure", "figcaption", "details", "summary", "menu", "dir",
    ), "block",
    ),
    # moving pictures and sound: only the address is of use
    **dict.fromkeys((
        "object", "embed", "video", "audio", "media",
    ), "media"),
    # controls and what no reader sees
    **dict.fromkeys((
        "script", "style", "iframe", "xmp", "noembed", "noframes", "plaintext", "button", "select", "textarea", "input", "datalist", "noscript", "template", "svg", "math", "canvas", "map", "title",
        "head",
    ), "drop"),
    **dict.fromkeys((
        "html", "body", "ignore_js_op",
    ), "unwrap"),
}  # fmt: skip
"""By name. ``ignore_js_op``: Discuz's own wrapper around attachments and players."""

CLASSES = {
    # function_discuzcode.php and viewthread_node.htm
    "quote": "quote",  # [quote]; touch pages use it for notices too
    "blockcode": "code",  # [code]
    "locked": "notice",  # bans, hidden and paid parts
    "notice": "notice",  # the same in D6 (discuzcode.htm)
    "showhide": "revealed",  # a hidden part that this visitor may see, under a heading
    "pstatus": "edited",  # [i=s], the edit notice
    # function_attachment.php, viewthread_attach.htm: tips in place of attachments
    "attach_nopermission": "tip", "attach_tips": "tip",
    "guestviewthumb": "thumb",  # the picture in small, with a link to log in
    # the list below a message, and one file inside it
    "tattl": "attachment", "attnm": "attachment", "t_attachlist": "attachment",
    # menus that open when the mouse is over a picture or a name
    "tip": "popup", "aimg_tip": "popup", "p_pop": "popup", "t_attach": "popup", "attach_popup": "popup", "popupmenu_popup": "popup",
    # page index of long posts; advertisements; share buttons and the check-in plugin's box
    "tindex": "drop", "a_pr": "drop", "a_pt": "drop", "a_pb": "drop", "a_p": "drop", "bdsharebuttonbox": "drop", "tshare": "drop",
    "qdsmile": "drop", "relatedlink": "unwrap", "t_tag": "unwrap",
}  # fmt: skip
"""By class, before the name."""

_ID = re.compile(r"(?:(?P<attach>attach_)\d+|(?P<popup>(?:aimg_|attach_|aid|g_up)\w*_menu|imagelistthumb_\d+)|(?P<drop>threadindex|ad_\w+))$")
"""By id: ``span#attach_AID`` is a file inside the text; ``…_menu`` its menu; the page index."""


def kind_of(name: str, written: str) -> str:
    """What an element is, by its name and its attributes as lexbor writes them: ``inline`` or the name of a handler.

    >>> kind_of("div", ' class="blockcode"'), kind_of("font", ' color="red"'), kind_of("div", "")
    ('code', 'inline', 'block')
    """
    if "class=" in written or "id=" in written:
        return _marked(name, written) if len(written) < 400 else _ask(name, written)  # noqa: PLR2004 - long ones are not worth remembering
    return KINDS.get(name, "inline")


def _ask(name: str, written: str) -> str:
    attributes = attributes_of(written)
    if name not in {"a", "img"}:
        for word in attributes.get("class", "").split():
            if word in CLASSES:
                return CLASSES[word]
        if (found := _ID.match(attributes.get("id", ""))) is not None:
            return {"attach": "attachment"}.get(found.lastgroup or "", found.lastgroup or "inline")
    elif "relatedlink" in attributes.get("class", ""):
        return "unwrap"
    return KINDS.get(name, "inline")


_marked = lru_cache(maxsize=2048)(_ask)
