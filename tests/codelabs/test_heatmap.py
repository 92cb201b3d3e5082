"""The picture of an error, and the same in words."""

from codelabs.heatmap import draw


def shades(*rows: list[float]) -> list[str]:
    return [square.shade for square in draw(rows).squares]


def test_right_places_are_the_lightest_and_the_largest_error_is_the_darkest() -> None:
    assert shades([0.0, 1.0]) == ["heat-0", "heat-9"]


def test_a_tiny_error_never_looks_like_none() -> None:
    assert shades([1e-12]) == ["heat-1"]


def test_shades_grow_with_the_error() -> None:
    found = [int(shade.removeprefix("heat-")) for shade in shades([step / 20 for step in range(21)])]
    assert found == sorted(found)
    assert set(found) == set(range(10))


def test_rows_run_down_and_columns_to_the_right() -> None:
    picture = draw([[0, 0, 0], [0, 0, 1]])
    assert (picture.squares[-1].x, picture.squares[-1].y) == (32, 16)
    assert (picture.width, picture.height) == (46, 30)


def test_the_words_say_how_many_differ_and_where() -> None:
    assert draw([[0, 0.2], [0, 0], [1, 0.1]]).description == (
        "3 rows by 2 columns; 3 of 6 squares differ, in rows 0 and 2; the largest error is in row 2, column 0."
    )


def test_one_square_is_one_row_and_one_column() -> None:
    assert draw([[1]]).description.startswith("1 row by 1 column; 1 of 1 squares differ, in every row;")


def test_an_empty_picture_is_no_error() -> None:
    assert draw([]).description == "0 rows by 0 columns; no square differs."
