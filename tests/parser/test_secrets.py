"""Secrets are masked where machines write them; what people write is left alone."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forumclean.parser.secrets import MASK, is_secret_key, mask_text


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="empty"),
        pytest.param("The password = something you choose; write to a@b.cn from 10.0.0.1.", id="prose with an equals sign"),
        pytest.param("密码：123456，邮箱 tea@example.org，IP 是 10.1.2.3", id="what a member wrote"),
        pytest.param("password: hunter2", id="a label and a colon"),
        pytest.param("http://example.org/?sid=1234567&id=3", id="a number is no session"),
        pytest.param("auth=1&cookie=yes", id="flags in an address"),
        pytest.param("'password' => '密码', 'email' => '邮箱'", id="language pack"),
        pytest.param("[password] => \n[icon] => x", id="empty value"),
        pytest.param("Array ( [password] => [icon] => x )", id="empty value on one line"),
        pytest.param("[cookie] => Array\n(\n[a] => 1\n)", id="a nested array"),
        pytest.param("'ip' => 'strip', 'email' => 'none'", id="ordinary words under private keys"),
        pytest.param("[allowip] => 1.2.3.4 [skip] => 2", id="other keys"),
        pytest.param("'password' => ''", id="empty string"),
        pytest.param("$password = $_POST['password'];", id="code without the value"),
        pytest.param("| `[password] =>` ; the trailing blank is cut", id="notation quoted in prose"),
        pytest.param("x = '1'; mail = 'list'", id="assignments of other things"),
        pytest.param(f"[password] => {MASK}", id="masked already"),
        pytest.param("the [password] tag needs a [/PASSWORD to close it", id="tags talked about"),
    ],
)
def test_left_alone(text):
    """The very same object comes back."""
    assert mask_text(text) is text


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        pytest.param("    [password] => sesame\n    [icon] => x", "sesame", id="print_r"),
        pytest.param("Array ( [fid] => 2 [password] => open sesame [icon] => )", "open sesame", id="print_r on one line"),
        pytest.param("Array ( [password] => sesame ) text", "sesame", id="last entry on one line"),
        pytest.param("[regip:protected] => 10.1.2.3", "10.1.2.3", id="property of an object"),
        pytest.param("[lastip] =&gt; 2001:db8::1", "2001:db8::1", id="print_r as HTML, IPv6"),
        pytest.param("    [email] => tea@example.org", "tea@example.org", id="address of a member"),
        pytest.param('["salt"]=>\n  string(6) "a1b2c3"', "a1b2c3", id="var_dump"),
        pytest.param("'password' => 'it\\'s',", "it\\'s", id="var_export"),
        pytest.param('{"useip":"10.1.2.3","port":"0"}', "10.1.2.3", id="JSON"),
        pytest.param("$_config['db']['1']['dbpw'] = 'geheim';", "geheim", id="config_global.php"),
        pytest.param('$dbpw = "geheim"; // password', "geheim", id="config.inc.php"),
        pytest.param("define('UC_KEY', 'q9W8e7');", "q9W8e7", id="config_ucenter.php"),
        pytest.param("define('UC_DBPW', 'geheim');", "geheim", id="constant by its ending"),
        pytest.param("$_config['security']['authkey'] = 'f00ba4';", "f00ba4", id="authkey"),
        pytest.param("UPDATE m SET `password`='5f4dcc3b' WHERE uid=1", "5f4dcc3b", id="SQL"),
        pytest.param('s:8:"password";s:6:"sesame";s:1:"x";', "sesame", id="serialized"),
        pytest.param('<input type="hidden" name="formhash" value="0a1b2c3d" />', "0a1b2c3d", id="form"),
        pytest.param("misc.php?mod=x&amp;formhash=0a1b2c3d&amp;y=1", "0a1b2c3d", id="address"),
        pytest.param("forum.php?sid=Ab3dEf", "Ab3dEf", id="session"),
        pytest.param("Cookie: aB1_2132_saltkey=x1; aB1_2132_auth=y2", "aB1_2132_saltkey=x1; aB1_2132_auth=y2", id="header"),
        pytest.param("aB1_2132_auth=0123456789abcdef0123", "0123456789abcdef0123", id="cookie"),
        pytest.param("before [password]123[/password] behind", "123", id="tag of a post"),
    ],
)
def test_masked(text, secret):
    """The secret is replaced, everything around it stays; masking again changes nothing."""
    assert text.count(secret) == 1
    masked = mask_text(text)
    assert masked == text.replace(secret, MASK)
    assert mask_text(masked) is masked


@pytest.mark.parametrize("key", ["password", "PassWord", "forum_password", "UC_DBPW", "authkey", "x_2132_auth", "regip", "email", "formhash"])
def test_secret_keys(key):
    assert is_secret_key(key)


@pytest.mark.parametrize("key", ["", "fid", "allowip", "passwordless", "author", "ipaccess", "description", "authorid", "x:password"])
def test_other_keys(key):
    assert not is_secret_key(key)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(["[password] => ", "'salt' => '", "a1b2c3", "'", "\n", " ) ", "[x] => ", "中文", "sid=", "=", '"', "pwd"])))
def test_twice_is_once(pieces):
    """Masking a masked text changes nothing."""
    once = mask_text("".join(pieces))
    assert mask_text(once) == once
