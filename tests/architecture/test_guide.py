"""The guides say what is true: their commands and addresses exist, in both languages the same."""

import re
from pathlib import Path

import pytest
from django.core.management import get_commands
from django.urls import Resolver404, resolve

DOCS = Path(__file__).parents[2] / "docs"
PAIRS = [("guide.md", "guide.zh.md"), ("api.md", "api.zh.md")]
GUIDES = [guide for pair in PAIRS for guide in pair]
SOME_ID = "01a202b2-15e4-70c4-b3dd-83b7e88524b5"


def text_of(guide: str) -> str:
    return (DOCS / guide).read_text(encoding="utf-8")


def addresses(text: str) -> set[str]:
    found = re.findall(r"(?:get|post) \$[A-Z]+ '?(/[^\s'?`]+)", text)
    found += re.findall(r"`POST (/[\w/]+)`", text)
    return {re.sub(r"\$[A-Z]+|\bID\b", SOME_ID, one) for one in found}


@pytest.mark.parametrize("guide", GUIDES)
def test_its_commands_exist(guide):
    named = set(re.findall(r"\./run manage (\w+)", text_of(guide)))
    assert named
    assert named <= set(get_commands())


@pytest.mark.parametrize("guide", GUIDES)
def test_its_addresses_exist(guide):
    named = addresses(text_of(guide))
    assert len(named) >= 10
    for path in named:
        try:
            assert resolve(f"/api/v1{path}").url_name
        except Resolver404:
            pytest.fail(f"{guide}: {path}")


@pytest.mark.parametrize("guide", GUIDES)
def test_its_links_lead_somewhere(guide):
    for target in re.findall(r"\]\(([\w./-]+)\)", text_of(guide)):
        assert (DOCS / target).exists(), target


@pytest.mark.parametrize("pair", PAIRS)
def test_both_languages_name_the_same(pair):
    english, chinese = map(text_of, pair)
    assert addresses(english) == addresses(chinese)
    codes = [re.findall(r"`(\w+_\w+)`", text) for text in (english, chinese)]
    assert set(codes[0]) == set(codes[1])
