"""A list inside a sentence is joined as the reader's language joins it."""

from types import SimpleNamespace

import pytest
from django.template import engines
from django.utils.translation import override

from ui.web.joined_lists import join_list


def rendered(source, **facts):
    return engines["django"].from_string(source).render(facts)


@pytest.mark.parametrize(
    ("language", "line"), [("zh-hans", "甲、乙、丙"), ("zh-hant", "甲、乙、丙"), ("en", "甲, 乙, 丙")]
)
def test_the_language_joins(language, line):
    with override(language):
        assert join_list(["甲", "乙", "丙"]) == line
        assert rendered("{{ names|join_list }}", names=["甲", "乙", "丙"]) == line


def test_one_part_has_no_comma_and_none_is_empty():
    with override("en"):
        assert join_list(["only"]) == "only"
        assert join_list([]) == ""


def test_a_path_names_what_is_joined():
    areas = [SimpleNamespace(region=SimpleNamespace(name=name)) for name in ("North", "<South>")]
    with override("en"):
        assert rendered('{{ areas|join_list:"region.name" }}', areas=areas) == "North, &lt;South&gt;"
    with override("zh-hans"):
        assert rendered('{{ areas|join_list:"region.name" }}', areas=areas) == "North、&lt;South&gt;"
