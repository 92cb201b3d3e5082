"""What changed between two attempts."""

from hypothesis import given
from hypothesis import strategies as st

from codelabs.revision import compare

TEXTS = st.lists(st.sampled_from(["a", "b", "", "    c"]), max_size=30).map("\n".join)


def test_equal_texts_have_no_lines_to_show() -> None:
    assert compare("a\nb\n", "a\nb\n") == []


def test_a_changed_line_is_removed_and_added_with_both_numbers() -> None:
    lines = compare("a\nb\nc", "a\nx\nc")
    assert [(line.change, line.before, line.after, line.text) for line in lines] == [
        ("same", 1, 1, "a"),
        ("removed", 2, None, "b"),
        ("added", None, 2, "x"),
        ("same", 3, 3, "c"),
    ]


def test_lines_far_from_a_change_are_left_out() -> None:
    before = [str(number) for number in range(30)]
    after = [*before[:20], "new", *before[20:]]
    lines = compare("\n".join(before), "\n".join(after), context=2)
    assert [line.change for line in lines] == ["skip", "same", "same", "added", "same", "same"]


@given(TEXTS, TEXTS)
def test_what_is_shown_is_what_each_side_holds(before: str, after: str) -> None:
    old, new = before.splitlines(), after.splitlines()
    for line in compare(before, after):
        if line.before is not None:
            assert old[line.before - 1] == line.text
        if line.after is not None:
            assert new[line.after - 1] == line.text


@given(TEXTS, TEXTS)
def test_every_removed_and_added_line_is_shown(before: str, after: str) -> None:
    lines = compare(before, after)
    removed = sum(line.change == "removed" for line in lines)
    added = sum(line.change == "added" for line in lines)
    assert len(before.splitlines()) - removed == len(after.splitlines()) - added


def test_a_text_made_to_keep_the_comparison_busy_for_days_is_shown_as_replaced() -> None:
    before = ["first", *["x", "y"] * 10_000, "last"]
    after = ["first", *["y", "x", "z"] * 6_000, "last"]
    lines = compare("\n".join(before), "\n".join(after))
    assert [line.text for line in lines if line.change == "removed"] == before[1:-1]
    assert [line.text for line in lines if line.change == "added"] == after[1:-1]
    assert [line.text for line in lines if line.change == "same"] == ["first", "last"]


def test_a_few_changes_in_many_equal_lines_are_still_found() -> None:
    before = ["x"] * 20_000
    lines = compare("\n".join(before), "\n".join([*before[:9_000], "new", *before[9_000:]]), context=1)
    assert [line.change for line in lines] == ["skip", "same", "added", "same"]
