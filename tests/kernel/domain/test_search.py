import pytest

from kernel.search import search_key, search_words


def key(*names: str, codes: tuple[str, ...] = (), length: int = 200) -> str:
    return search_key(names=names, codes=codes, length=length)


def found(typed: str, kept: str) -> bool:
    return all(word in kept for word in search_words(typed))


def test_a_name_is_kept_by_codes_latin_words_pairs_initials_and_pinyin() -> None:
    assert key("Pearl 生抽 500ml", codes=("SOY-500",)) == " soy-500 pearl 500ml 生抽 sc shengchou "


@pytest.mark.parametrize(
    "typed", ["生抽", "抽", "sc", "SHENGCHOU", "soy", "soy-500", "pearl 生抽", "ＳＯＹ", "500 sc"]
)
def test_it_is_found_by_any_of_them(typed: str) -> None:
    assert found(typed, key("Pearl 生抽 500ml", codes=("SOY-500",)))


@pytest.mark.parametrize("typed", ["抽生", "老抽", "soy-501", "pearl 老抽", "生 500mlx"])
def test_every_word_typed_must_be_there(typed: str) -> None:
    assert not found(typed, key("Pearl 生抽 500ml", codes=("SOY-500",)))


def test_two_characters_that_meet_only_across_a_gap_are_no_word() -> None:
    kept = key("广州-生抽", "珠江")
    assert "州生" not in kept
    assert "抽珠" not in kept


def test_a_word_is_kept_once_and_what_is_empty_not_at_all() -> None:
    assert key("A", "a", "", codes=("A", "")) == " a "
    assert key() == key("") == key("——") == ""


def test_a_single_character_is_a_word() -> None:
    assert key("油") == " 油 y you "
    assert search_words("油") == ["油"]


def test_a_long_name_loses_whole_words_from_the_end() -> None:
    assert key("生抽", codes=("SOY",), length=8) == " soy 生抽 "
    assert key("生抽", codes=("SOY",), length=7) == key("生抽", codes=("SOY",), length=5) == " soy "
    assert key("生抽", codes=("SOY",), length=4) == ""


def test_what_is_typed_is_taken_apart_in_its_order_and_once() -> None:
    assert search_words("生抽王hf 500ml　生抽 HF") == ["生抽", "抽王", "hf", "500ml"]
    assert search_words(" ") == []


def test_no_more_than_twenty_words_are_asked_for() -> None:
    assert search_words(" ".join(f"w{n}" for n in range(30))) == [f"w{n}" for n in range(20)]
