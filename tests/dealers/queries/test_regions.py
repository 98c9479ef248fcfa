"""Regions by their code of GB/T 2260, as people write it."""

import pytest

from dealers.queries.parties import region_by_code

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("typed", "found"),
    [("441284", "441284"), ("441200", "4412"), ("4412", "4412"), ("440000", "44"), ("44", "44")],
)
def test_a_code_is_known_with_and_without_the_zeros_at_its_end(acme, typed, found):
    region = region_by_code(typed)
    assert region is not None
    assert region.code == found


@pytest.mark.parametrize("typed", ["", "4", "999999", "441299", "guangdong"])
def test_no_other_region_is_taken_for_it(acme, typed):
    assert region_by_code(typed) is None
