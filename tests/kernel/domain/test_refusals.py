from kernel.refusals import Refusal, problem_body


def test_a_refusal_says_what_where_and_why() -> None:
    refusal = Refusal("No.", field="lines[0].qty", left=3)
    assert refusal.code == "refused"
    assert (refusal.message, refusal.field, refusal.details) == ("No.", "lines[0].qty", {"left": 3})
    assert str(refusal) == "No."
    assert (Refusal().message, Refusal().field) == ("", "")


def test_a_problem_has_a_type_that_programs_read_and_a_detail_that_people_do() -> None:
    assert problem_body(422, "out_of_stock", "12 are left.") == {
        "type": "urn:tripact:out_of_stock",
        "title": "out of stock",
        "status": 422,
        "detail": "12 are left.",
    }


def test_a_problem_leaves_out_what_is_empty_but_not_what_is_zero() -> None:
    told = problem_body(409, "conflict", "", field="", left=0, until=None, sku="A")
    assert {"field", "until"}.isdisjoint(told)
    assert (told["detail"], told["left"], told["sku"]) == ("", 0, "A")
