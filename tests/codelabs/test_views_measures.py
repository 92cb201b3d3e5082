"""What an attempt cost, beside the reference and beside the limit."""

from typing import Any

from codelabs.views.measures import measures
from tests.codelabs.rows import make_case, make_result

LIMITS = {"cpu_seconds": 2, "memory_mb": 256}


def rows(**more: Any) -> list[tuple[str, ...]]:
    cases = [
        make_case("one", cpu_seconds=0.004, reference_cpu_seconds=0.002),
        make_case("two", cpu_seconds=1.5, reference_cpu_seconds=0.5),
    ]
    found = measures(make_result("passed", cases, memory_mb=64.0, **more), LIMITS)
    return [(row.name, row.yours, row.reference, row.limit, str(row.share)) for row in found]


def test_cpu_and_memory_stand_beside_the_references_and_the_limits() -> None:
    assert rows(reference_memory_mb=20.0) == [
        ("CPU, all cases", "1.50 s", "0.50 s", "", "0"),
        ("CPU, slowest case", "1.50 s", "0.50 s", "2 s", "75"),
        ("Memory, at most", "64 MB", "20 MB", "256 MB", "25"),
    ]


def test_what_was_not_measured_is_not_made_up() -> None:
    assert rows()[2] == ("Memory, at most", "64 MB", "", "256 MB", "25")
    assert measures(make_result("internal", []), LIMITS) == []


def test_a_lab_without_limits_of_its_own_has_the_usual_ones() -> None:
    [_, slowest, memory] = measures(make_result("passed", [make_case("one")]), {})
    assert (slowest.limit, memory.limit) == ("5 s", "512 MB")
