"""The printed contract: every key of the text is on paper."""

from alliance.domain.contract_print import Labels, Section, plain_number, section_of, sections_of

LABELS = Labels(
    headings={"areas": "Regions", "clauses": "Clauses"},
    names={"clause": "Clause", "member": "Member", "category_name": "Category", "replaces": "Replaces"},
    codes={"notice": "announced in time"},
    yes="yes",
    no="no",
    term="%(first)s to %(last)s",
    delivery="%(hours)s hours, %(fee)s",
    no_delivery="no time",
    none="nothing",
    advice="not binding",
    day=lambda day: day.isoformat(),
)


def test_sections_are_numbered_in_their_order_and_unknown_keys_are_printed():
    text = {
        "strange": ["a", "b"],
        "service": None,
        "areas": [],
        "term": {"from": "2026-01-01", "until": "2027-01-01"},
        "parties": {"member": {"code": "M", "name": "Chen", "uscc": ""}},
        "code": "C-1",
        "version": 1,
        "empty": [],
    }
    found = sections_of(text, LABELS)
    assert [one.heading for one in found] == [
        "1. parties",
        "2. Regions",
        "3. term",
        "4. service",
        "5. strange",
    ]
    assert found[0].rows == (("Member", "Chen", "M", "—"),)
    assert found[1].paragraphs == ("nothing",)
    assert found[2].paragraphs == ("2026-01-01 to 2026-12-31",)
    assert found[3].paragraphs == ("no time",)
    assert found[4].paragraphs == ("a、b",)


def test_a_table_leaves_out_empty_columns_and_codes_beside_their_names():
    rows = [
        {"category": "soy", "category_name": "Soy", "target": "30.0000", "none": None, "metric": "notice"},
        {"category": "oil", "category_name": "", "target": None, "none": "", "metric": "x"},
    ]
    section = section_of("areas", rows, LABELS)
    assert section.heads == ("Category", "target", "metric")
    assert section.rows == (("Soy", "30.00", "announced in time"), ("—", "—", "x"))
    assert section.paragraphs == ()
    assert section_of("spreads", [{"sku": "S"}], LABELS).paragraphs == ("not binding",)


def test_service_clauses_and_facts():
    service = section_of("service", {"delivery_hours": 24, "late_fee": "50.00"}, LABELS)
    assert service.paragraphs == ("24 hours, 50.00",)
    more = section_of("service", {"delivery_hours": 24, "late_fee": "5", "visits": {"a": True}}, LABELS)
    assert more.rows == (("delivery_hours", "24"), ("late_fee", "5"), ("visits", "a: yes"))
    clauses = section_of(
        "clauses",
        [{"clause": "9.1", "heading": "More", "body": "Body"}, {"number": "", "body": "Bare"}],
        LABELS,
    )
    assert clauses.paragraphs == ("9.1 More\nBody", "Bare")
    assert section_of("replaces", {"version": 1, "signed": False}, LABELS) == Section(
        "Replaces", (), ("", ""), (("version", "1"), ("signed", "no"))
    )


def test_clauses_stay_as_written_and_hashes_are_in_groups():
    rows = [{"clause": "3.2", "target": "3.2", "digest": "ab" * 8}]
    assert section_of("more", rows, LABELS).rows == (("3.2", "3.20", "abababab abababab"),)


def test_numbers_lose_needless_zeros_and_text_stays():
    assert plain_number("6.5000") == "6.50"
    assert plain_number("6.1234") == "6.1234"
    assert plain_number("12") == "12"
    assert plain_number("3.2.1") == "3.2.1"
