import re

import pytest
from django.utils import translation

from dealers.models import Party
from i18n import traditional
from i18n.__main__ import main
from i18n.catalogues import found, known, lacking
from i18n.compiling import SIMPLIFIED, catalogues, derive, obsolete, problems, unfinished
from ops.places import PROJECT
from tenancy.context import tenant_active
from tests.factories import a_category
from tests.people import a_member_of, signed_in

WORDS = PROJECT / traditional.WORDS


@pytest.fixture(scope="module")
def derived():
    return derive(PROJECT / "locale" / SIMPLIFIED / "LC_MESSAGES" / "django.po", WORDS)


@pytest.fixture(scope="module")
def messages():
    """All messages of the sources, which takes more than a second to collect."""
    return found()


@pytest.fixture
def collected(messages, monkeypatch):
    """The checks find the collected messages instead of collecting them again."""
    monkeypatch.setattr("i18n.catalogues.found", lambda: messages)


def simplified_only(text: str) -> set[str]:
    """The characters that no traditional text has: in the mainland's set and not in Taiwan's."""
    return {sign for sign in text if sign >= "\u4e00" and not sign.encode("big5", "ignore")} & {
        sign for sign in text if sign.encode("gb2312", "ignore")
    }


def test_every_message_of_the_sources_is_there_in_chinese(collected):
    assert lacking("zh_Hans") == []


def test_none_is_empty_fuzzy_or_has_other_placeholders():
    assert [line for source in catalogues() for line in unfinished(source)] == []


def test_the_check_names_what_is_missing(collected, monkeypatch, capsys):
    catalog = known("zh_Hans")
    catalog.delete("Sign in")
    monkeypatch.setattr("i18n.catalogues.known", lambda language: catalog)
    assert main("check") == 1
    assert "'Sign in'" in capsys.readouterr().out


def test_the_whole_check_is_of_what_is_lacking_and_of_what_is_left_over(collected, monkeypatch):
    catalog = known("zh_Hans")
    catalog.delete("Sign in")
    catalog.add("Nobody says this", "没有人说这句")
    monkeypatch.setattr("i18n.catalogues.known", lambda language: catalog)
    told = "\n".join(problems())
    assert "'Sign in' is not in the catalogue" in told
    assert "'Nobody says this' is in no source" in told


def test_no_message_is_left_over_that_no_source_says(collected):
    assert obsolete("zh_Hans") == []


def test_templates_and_code_are_both_read(messages):
    ids = {message.id for message in messages if isinstance(message.id, str)}
    assert {"Sign in", "Orders under way", "alliance member"} <= ids


@pytest.mark.parametrize(("kind", "word"), [("dealer", "经销商"), ("member", "联盟商"), ("outlet", "终端")])
def test_the_trade_speaks_its_own_words(kind, word):
    with translation.override("zh-hans"):
        assert str(Party.Kind(kind).label) == word


def test_no_chinese_translation_was_forgotten_to_be_chinese():
    """A translation without any Chinese character is one of these few names."""
    plain = [
        message.id
        for message in known("zh_Hans")
        if message.id and not re.search("[\u4e00-\u9fff\uff00-\uffef]", str(message.string))
    ]
    assert set(plain) <= {"SKU", "Webhook"}


def test_traditional_says_all_that_simplified_says(derived):
    said = {traditional.key_of(message) for message in derived}
    assert {traditional.key_of(message) for message in known("zh_Hans") if message.id} <= said


def test_traditional_has_no_simplified_character(derived):
    wrong = {str(one.string): simplified_only(str(one.string)) for one in derived if one.id}
    assert {text: signs for text, signs in wrong.items() if signs} == {}


@pytest.mark.parametrize(
    ("simplified", "said"),
    [
        ("对账单已发布", "對帳單已發佈"),
        ("统一社会信用代码", "統一社會信用代碼"),
        ("渠道与终端的返利", "通路與終端的返利"),
        ("三方合同", "三方合約"),
        ("没有“%(name)s”这项权限", "沒有「%(name)s」這項權限"),
        ("用户名或密码", "使用者名稱或密碼"),
    ],
)
def test_traditional_speaks_of_the_trade_and_not_of_programs(simplified, said):
    assert traditional.converter(traditional.read_words(WORDS))(simplified) == said


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address", ["/", "/admin/", "/admin/catalogue/category/", "/admin/rebates/program/add/"]
)
def test_a_page_in_traditional_chinese_has_no_simplified_character(acme, address):
    with tenant_active(acme):
        a_category("soy")
    person = signed_in(a_member_of(acme))
    person.post("/language", {"language": "zh-hant", "next": "/"})
    page = person.get(address).content.decode().replace("简体中文", "").replace(acme.name, "")
    assert 'lang="zh-hant"' in page
    assert simplified_only(re.sub(r"<script.*?</script>", "", page, flags=re.DOTALL)) == set()
    assert re.search("聯盟|資料", page)


def test_the_sign_in_page_speaks_the_browsers_language(client, db):
    for asked, word in (("zh-TW", "登入"), ("zh-HK", "登入"), ("zh-CN", "登录"), ("en-GB", "Sign in")):
        page = client.get("/sign-in", headers={"accept-language": asked}).content.decode()
        assert word in page, asked


@pytest.mark.parametrize("asked", ["zh-CN", "zh-TW", "en"])
def test_three_languages_are_offered_each_by_its_own_name(client, db, asked):
    page = client.get("/sign-in", headers={"accept-language": asked}).content.decode()
    assert all(re.search(rf">\s*{name}\s*</button>", page) for name in ("简体中文", "繁體中文", "English"))
    assert [code for code in ("zh-hans", "zh-hant", "en") if f'value="{code}"' in page] == [
        "zh-hans",
        "zh-hant",
        "en",
    ]
