from pathlib import Path

import pytest

from ops import translations
from ops.places import PROJECT

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
    monkeypatch.setattr(translations, "PROJECT", tmp_path)
    source = tmp_path / "locale" / "en" / "LC_MESSAGES" / "django.po"
    source.parent.mkdir(parents=True)
    source.write_text(HEADER + entry)
    found = translations.unfinished(source)
    assert [problem in line for line in found] == [True] * bool(problem)


def test_catalogues_are_compiled_to_what_gettext_reads(monkeypatch, tmp_path: Path):
    import gettext

    monkeypatch.setattr(translations, "PROJECT", tmp_path)
    source = tmp_path / "locale" / "en" / "LC_MESSAGES" / "django.po"
    source.parent.mkdir(parents=True)
    source.write_text(HEADER + 'msgid "订单"\nmsgstr "Order"\n')
    monkeypatch.setattr(translations, "compiled_path", lambda source: source.with_suffix(".mo"))
    translations.compile_all()
    assert gettext.translation("django", tmp_path / "locale", ["en"]).gettext("订单") == "Order"


def test_the_projects_catalogues_are_found():
    assert all(path.is_relative_to(PROJECT / "locale") for path in translations.catalogues())
