import os
from pathlib import Path

import pytest

from i18n import compiling
from ops.places import PROJECT, Places

HEADER = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n\n'


@pytest.mark.parametrize(
    ("entry", "problem"),
    [
        ('msgid "订单"\nmsgstr ""\n', "not translated"),
        ('#, fuzzy\nmsgid "订单"\nmsgstr "Bill"\n', "fuzzy"),
        ('#, python-format\nmsgid "%(n)s 张"\nmsgstr "%(m)s sheets"\n', "unknown named placeholder"),
        ('msgid "订单"\nmsgstr "Order"\n', None),
    ],
)
def test_an_unfinished_message_is_named(monkeypatch, tmp_path: Path, entry, problem):
    monkeypatch.setattr(compiling, "PROJECT", tmp_path)
    source = tmp_path / "locale" / "en" / "LC_MESSAGES" / "django.po"
    source.parent.mkdir(parents=True)
    source.write_text(HEADER + entry)
    found = compiling.unfinished(source)
    assert [problem in line for line in found] == [True] * bool(problem)


def test_catalogues_are_compiled_to_what_gettext_reads(monkeypatch, tmp_path: Path):
    import gettext

    monkeypatch.setattr(compiling, "PROJECT", tmp_path)
    source = tmp_path / "locale" / "en" / "LC_MESSAGES" / "django.po"
    source.parent.mkdir(parents=True)
    source.write_text(HEADER + 'msgid "订单"\nmsgstr "Order"\n')
    monkeypatch.setattr(compiling, "compiled_path", lambda source: source.with_suffix(".mo"))
    compiling.compile_all()
    assert gettext.translation("django", tmp_path / "locale", ["en"]).gettext("订单") == "Order"


def test_the_projects_catalogues_are_found():
    assert all(path.is_relative_to(PROJECT / "locale") for path in compiling.catalogues())


def a_simplified_catalogue(project: Path) -> None:
    source = project / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
    source.parent.mkdir(parents=True)
    source.write_text(HEADER + 'msgid "Sign in"\nmsgstr "登录"\n\nmsgid "Channels"\nmsgstr "渠道"\n')
    words = project / compiling.traditional.WORDS
    words.parent.mkdir(parents=True)
    words.write_text("# a comment\n渠道\t通路\n")


def said(locale: Path, message: str) -> str:
    import gettext

    return gettext.translation("django", locale, ["zh_Hant"]).gettext(message)


def test_traditional_chinese_is_made_from_simplified_and_made_again_when_it_changes(
    monkeypatch, tmp_path: Path
):
    monkeypatch.setattr(compiling, "PROJECT", tmp_path)
    a_simplified_catalogue(tmp_path)
    monkeypatch.setattr(compiling, "compiled_path", lambda source: source.with_suffix(".mo"))
    compiling.compile_all()
    assert (said(tmp_path / "locale", "Sign in"), said(tmp_path / "locale", "Channels")) == ("登錄", "通路")
    words = tmp_path / compiling.traditional.WORDS
    words.write_text("登录\t登入\n")
    made = tmp_path / "locale" / "zh_Hant" / "LC_MESSAGES" / "django.mo"
    os.utime(made, (1, 1))
    compiling.compile_all()
    assert "登入" in made.read_text("utf-8", "ignore")


def test_a_read_only_project_has_it_in_the_home(monkeypatch, tmp_path: Path):
    project, home = tmp_path / "project", tmp_path / "home"
    monkeypatch.setattr(compiling, "PROJECT", project)
    monkeypatch.setattr(compiling, "find_places", lambda: Places(home=home, tools=home / "tools"))
    a_simplified_catalogue(project)
    compiling.compile_all()
    assert said(home / "locale", "Channels") == "通路"
    assert not list(project.glob("**/*.mo"))
