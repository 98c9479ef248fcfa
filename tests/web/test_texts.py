import re

import pytest
from django.utils import translation

from config.messages import found, known, lacking, main
from dealers.models import Party
from ops.translations import catalogues, unfinished


def test_every_message_of_the_sources_is_there_in_chinese():
    assert lacking("zh_Hans") == []


def test_none_is_empty_fuzzy_or_has_other_placeholders():
    assert [line for source in catalogues() for line in unfinished(source)] == []


def test_the_check_names_what_is_missing(monkeypatch, capsys):
    catalog = known("zh_Hans")
    catalog.delete("Sign in")
    monkeypatch.setattr("config.messages.known", lambda language: catalog)
    assert main("check") == 1
    assert "'Sign in'" in capsys.readouterr().out


def test_templates_and_code_are_both_read():
    messages = {message.id for message in found() if isinstance(message.id, str)}
    assert {"Sign in", "Orders under way", "alliance member"} <= messages


@pytest.mark.parametrize(("kind", "word"), [("dealer", "经销商"), ("member", "联盟商"), ("outlet", "终端")])
def test_the_trade_speaks_its_own_words(kind, word):
    with translation.override("zh-hans"):
        assert str(Party.Kind(kind).label) == word


def test_no_chinese_translation_was_forgotten_to_be_chinese():
    """A translation without any Chinese character is one of these few names."""
    plain = [
        message.id
        for message in known("zh_Hans")
        if message.id and not re.search("[\u4e00-\u9fff]", str(message.string))
    ]
    assert set(plain) <= {"SKU"}
