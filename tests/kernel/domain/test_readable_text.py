import pytest

from kernel.readable_text import MAX_NESTING, is_readable, unreadable_path

DEEP = "[" * (MAX_NESTING + 1)


@pytest.mark.parametrize(
    "text",
    ["", "生抽 500ml", "😀", r"\ud83d\ude00", r"\u00e9", "[]" * 500, "[" * MAX_NESTING, "{" * 3 + "]" * 500],
)
def test_what_can_be_stored_is_readable(text):
    assert is_readable(text)
    assert unreadable_path({"a": [text]}) is None


@pytest.mark.parametrize(
    "text",
    ["a\0", "\ud800", "\udc00x", r'{"a": "\u0000"}', r"\ud800", r"\uDBFFx", r"\udc00", DEEP, '{"a":' * 100],
)
def test_what_cannot_be_stored_or_parsed_is_not(text):
    assert not is_readable(text)
    assert unreadable_path({"a": [{"b": "fine"}, {"b": text}]}) == "a[1].b"


def test_a_key_is_read_too():
    assert unreadable_path([{"a": {"\0": 1}}]) == "[0].a"


def test_a_document_that_is_nested_too_deep():
    document: object = "text"
    for _ in range(MAX_NESTING):
        document = [document]
    assert unreadable_path(document) is None
    assert unreadable_path([document]) == "[0]" * (MAX_NESTING + 1)
