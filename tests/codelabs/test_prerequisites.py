"""Where each lab stands on the map."""

from codelabs.prerequisites import Place, placed


def test_a_lab_stands_under_the_deepest_of_what_it_builds_on() -> None:
    needs = {"a": [], "b": ["a"], "c": ["a", "b"]}
    assert placed(needs) == [Place("a", then=[Place("b", then=[Place("c", also=("a",))])])]


def test_of_two_as_deep_the_first_holds_it() -> None:
    needs: dict[str, list[str]] = {"a": [], "b": [], "c": ["b", "a"]}
    assert placed(needs) == [Place("a"), Place("b", then=[Place("c", also=("a",))])]


def test_the_order_of_the_labs_does_not_matter_for_who_holds_whom() -> None:
    assert placed({"late": ["early"], "early": []}) == [Place("early", then=[Place("late")])]


def test_a_name_that_is_no_lab_holds_nothing() -> None:
    assert placed({"a": ["gone", "a"]}) == [Place("a")]


def test_labs_in_a_ring_are_all_placed_once() -> None:
    assert placed({"a": ["b"], "b": ["a"]}) == [Place("a", also=("b",), then=[Place("b")])]
