"""The kinds of `./run test`, its summary, and what `./run mutants` takes for a room's tests."""

import json

from ops.checks import checks, slowest_files
from ops.mutants import domain_tests
from ops.places import find_places


def pytest_arguments(kind=""):
    return checks(find_places(), kind)["pytest"]


def test_a_quick_run_leaves_out_browsers_processes_crashes_and_coverage():
    assert "not browser and not process and not crash" in pytest_arguments("--quick")
    assert "--cov" not in pytest_arguments("--quick")
    assert "coverage" not in checks(find_places(), "--quick")


def test_every_point_is_tried_by_all_alone():
    assert "--every-point" in pytest_arguments("--all")
    assert "--every-point" not in pytest_arguments()
    assert pytest_arguments("--all")[:-1] == pytest_arguments()


def test_the_summary_names_the_ten_slowest_files(tmp_path):
    measured = tmp_path / "durations.json"
    measured.write_text(json.dumps({f"test_{number}.py": number for number in range(12)}))
    _heading, *lines = slowest_files({"TEST_DURATIONS": str(measured)})
    assert [line.split()[-1] for line in lines] == [f"test_{number}.py" for number in range(11, 1, -1)]
    assert slowest_files({}) == []


def test_the_tests_of_a_room_are_those_that_import_its_rules():
    assert "test_credit.py" in [path.name for path in domain_tests("ledger")]
    assert domain_tests("kernel") == []
