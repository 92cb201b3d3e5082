"""The map of mastery as a drawing: where topics stand, and which lines join them."""

from quizzes.pictures.mastery_map import BOX_WIDTH, Place, mastery_map

NOTHING = (None, None, None, None)


def place(slug: str, *builds_on: str, shares: tuple[float | None, ...] = (0.5, 0.0, None, None)) -> Place:
    return Place(slug, slug.upper(), f"Topic {slug}", builds_on, shares)


def test_a_topic_is_joined_to_what_it_builds_on_directly() -> None:
    picture = mastery_map([place("a"), place("b", "a"), place("c", "a", "b")])
    assert len(picture.paths) == 2, "from a to c the way leads over b"
    assert [row[1] for row in picture.rows] == ["nothing", "A", "B"]


def test_topics_stand_to_the_right_of_all_that_they_build_on() -> None:
    picture = mastery_map([place("a"), place("b", "a"), place("c", "a"), place("d", "b", "c")])
    left = {bar.title[0]: bar.x for bar in picture.bars if bar.tone == "box"}
    assert left["A"] < left["B"] == left["C"] < left["D"]
    assert len({bar.y for bar in picture.bars if bar.tone == "box"}) == 3, "b over c, a and d between them"


def test_a_line_over_a_column_leaves_out_the_boxes_between() -> None:
    picture = mastery_map(
        [place("a"), place("b", "a"), place("c", "b"), place("d", "b"), place("e", "c"), place("f", "d", "e")]
    )
    boxes = [bar for bar in picture.bars if bar.tone == "box"]
    long = next(path.points for path in picture.paths if len(path.points.split()) == 4)
    (lane,) = {float(point.split(",")[1]) for point in long.split()[1:3]}
    assert lane < min(box.y for box in boxes)


def test_bars_are_as_long_as_the_recall_and_missing_where_nothing_is_asked() -> None:
    picture = mastery_map([place("a", shares=(1.0, 0.25, 0.0, None))])
    full, quarter = [bar.width for bar in picture.bars if bar.tone == "main"]
    assert (full, quarter) == (56, 14)
    assert [bar.tone for bar in picture.bars].count("heat-0") == 3
    assert "–" in [label.text for label in picture.labels]
    assert picture.rows == [("A Topic a", "nothing", "100 %", "25 %", "0 %", "–")]


def test_long_titles_stay_within_their_box() -> None:
    long = Place("x", "X", "Neural networks and backpropagation: with more", (), (0.1, None, None, None))
    words = [label.text for label in mastery_map([long]).labels if label.tone == "title"]
    assert words == ["Neural networks", "and", "backpropagation"]
    assert all(len(word) * 6.5 < BOX_WIDTH for word in words)


def test_nothing_is_drawn_before_anything_was_met() -> None:
    assert mastery_map([]).is_empty
    assert mastery_map([place("a", shares=(0.0, None, None, 0.0)), place("b", shares=NOTHING)]).is_empty
