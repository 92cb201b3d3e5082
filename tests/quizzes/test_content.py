"""Content files are read strictly, written back without a change, and every problem is named with its line."""

import importlib
import re
import uuid
from dataclasses import replace
from pathlib import Path

import pytest
from django.apps import apps
from hypothesis import given, settings
from hypothesis import strategies as st

from prepsite.lib import frontmatter, markdown
from quizzes.content import files, question
from quizzes.content.data import CardData, ChoiceData, FollowUp, QuestionData, RedFlag, RubricData
from quizzes.content.fields import Problems
from quizzes.content.html import card_html, question_html, question_spec
from tests.quizzes import samples
from tests.quizzes.factories import make_question


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return samples.write(tmp_path / "fixtures")


def problems(root: Path) -> list[str]:
    return [str(problem) for problem in files.read(root)[1]]


def parsed(text: str, slug: str = "a-question") -> QuestionData:
    found = Problems("a-question.md")
    data = question.parse(frontmatter.documents(text)[0], slug, found)
    assert data is not None
    assert found.found == []
    return data


def test_the_samples_are_sound_and_canonical(root: Path) -> None:
    content, found = files.read(root)
    assert found == []
    assert files.texts(content) == samples.FILES
    assert files.not_canonical(root, content) == {}


def test_every_type_is_among_the_samples(root: Path) -> None:
    content, _ = files.read(root)
    assert {one.kind for one in content.questions} == set(question.KINDS)


def test_a_choice_keeps_its_lines_and_its_field_s_further_lines() -> None:
    weights, inputs = parsed(samples.SINGLE).choices
    assert weights.text == "Its weights $\\mat{W}$,\nat every step."
    assert weights.correct
    assert inputs.why == "Every step has\nan input of its own."
    assert inputs.misconception == "inputs-shared"


def test_code_within_a_rubric_point_is_not_read_as_fields_and_code_within_an_answer_is_no_heading() -> None:
    data = parsed(samples.OPEN)
    assert data.rubric[1].text.endswith("```python\nNote: not_a_field\n```")
    assert "# A comment" in data.answer_medium


def test_what_is_written_in_another_way_is_read_alike_and_written_canonically(root: Path) -> None:
    path = root / "questions/recurrence/shared-weights.md"
    path.write_text(
        samples.SINGLE.replace("# Answer\n\n", "# Answer #\n")
        .replace("title =", "title   =")
        .replace('facet = "concept"\n', "")
        .replace("- [x] `weights` Its", "-   [X]  `weights`  Its")
        .replace("\n", "\r\n")
    )
    content, found = files.read(root)
    assert found == []
    assert files.not_canonical(root, content) == {path: samples.SINGLE}


# One change to a sound file each, and what is said about it: file, line, words.
BROKEN = [
    ("shared-weights.md", 'title = "What an RNN', 'titel = "What an RNN', 3, "unknown key “titel”"),
    ("shared-weights.md", 'title = "What an RNN shares over time"\n', "", 1, "“title” is missing"),
    ("shared-weights.md", 'type = "single"', 'type = "guess"', 6, "“type” must be one of"),
    ("shared-weights.md", "minutes = 2", 'minutes = "2"', 10, "“minutes” must be a whole number"),
    ("shared-weights.md", "minutes = 2", "minutes = ", 10, "malformed TOML"),
    ("shared-weights.md", 'id = "5b1a', 'id = "zzzz', 2, "“id” must be a UUID"),
    ("shared-weights.md", 'topic = "recurrence"', 'topic = "basics"', 4, "differs from the folder"),
    ("shared-weights.md", 'topic = "recurrence"', 'topic = "cooking"', 4, "unknown topic “cooking”"),
    ("shared-weights.md", '["rnn"]', '["rnn", "cooking"]', 5, "unknown concept “cooking”"),
    ("shared-weights.md", '["rnn"]', '["rnn", "rnn"]', 5, "names something twice"),
    ("shared-weights.md", "Misconception: inputs-shared\n\n", "Misconception: x\n\n", 26, "unknown misconception"),
    ("shared-weights.md", "# Answer\n\nThe weights.\n\n", "", 1, "“Answer” is missing"),
    ("shared-weights.md", "The weights.", "", 17, "“Answer” is empty"),
    ("shared-weights.md", "# Answer", "# Reply", 17, "unknown section “Reply”"),
    ("shared-weights.md", "# Cards", "# Answer", 31, "“Answer” stands twice"),
    ("shared-weights.md", "[x] `weights`", "[ ] `weights`", 21, "no right choices"),
    ("shared-weights.md", "[ ] `inputs`", "[x] `inputs`", 21, "2 right choices"),
    ("shared-weights.md", "[ ] `inputs`", "`inputs`", 26, "does not begin with “- [x] ”"),
    ("shared-weights.md", "`inputs`", "inputs:", 26, "has no key"),
    ("shared-weights.md", "`inputs`", "`weights`", 26, "the key `weights` stands twice"),
    ("shared-weights.md", "`inputs`", "`inputs-with-a-long-name`", 26, "longer than 20 characters"),
    ("shared-weights.md", "  Why: The same", "  Because: The same", 25, "unknown field “Because:”"),
    ("shared-weights.md", "  Why: The same", "  The same", 23, "the item has no “Why:”"),
    ("shared-weights.md", "    an input", "  an input", 28, "indented by four"),
    ("shared-weights.md", "  at every step", "at every step", 24, "indent it by two"),
    ("shared-weights.md", "$\\mat{W}$", "$\\mat{W$", 23, "formula"),
    ("shared-weights.md", "The weights.", "```python\nx = 1", 19, "never closed"),
    ("shared-weights.md", "The weights.", "Itâ€™s the weights.", 19, "“â€™” is “’” read in the"),
    ("shared-weights.md", "The weights.", "√© the weights.", 19, "“√©” is “é” read in the wrong encoding"),
    ("shared-weights.md", "The weights.", "a โ€“ b", 19, "read in the wrong encoding"),
    ("shared-weights.md", "The weights.", "The\ufffd weights.", 19, "(U+FFFD)"),
    ("shared-weights.md", "The weights.", "![](/static/a.png)", 19, "no alternative text"),
    ("shared-weights.md", "The weights.", "![A cat](https://example.org/a.png)", 19, "does not come from this site"),
    ("shared-weights.md", "The weights.", "[x](/questions/nowhere/)", 19, "goes to nowhere"),
    ("shared-weights.md", "The weights.", "[x](/nowhere/)", 19, "goes to nowhere"),
    ("shared-weights.md", "The weights.", "[x](#nowhere)", 19, "nowhere on its page"),
    ("shared-weights.md", "The weights.", "[x](nowhere)", 19, "is relative"),
    ("shared-weights.md", "The weights.", "The weights.\n\n+++\n", 21, "never closed by a line"),
    ("shared-weights.md", "{{$\\tanh$|tanh}}", "tanh", 35, "exactly one gap; this one has 0"),
    ("shared-weights.md", "{{$\\tanh$|tanh}}", "${{tanh}}$", 35, "the gap stands where it cannot be shown"),
    ("shared-weights.md", "  Kind: cloze", "  Kind: puzzle", 38, "“Kind:” must be one of"),
    ("shared-weights.md", "  Back: Its weights.\n", "", 33, "the item has no “Back:”"),
    ("shared-weights.md", "+++\nid", "++\nid", 1, "does not begin with front matter"),
    ("what-is-an-rnn.md", "Weight: 4", "Weight: 3", 39, "sum to 9; they must sum to 10"),
    ("what-is-an-rnn.md", "Line: outstanding", "Line: adequate", 39, "adequate line sum to 10"),
    ("what-is-an-rnn.md", "Line: outstanding", "Line: great", 55, "“Line:” must be one of"),
    ("what-is-an-rnn.md", "Weight: 4", "Weight: four", 54, "“Weight:” must be a whole number"),
    ("what-is-an-rnn.md", "Dimension: mathematics", "Dimension: charm", 51, "“Dimension:” must be one of"),
    ("what-is-an-rnn.md", "# Two minutes", "# Signal", 35, "“Signal” stands twice"),
    ("what-is-an-rnn.md", "# Five minutes\n\nLonger still.\n\n", "", 1, "“Five minutes” is missing"),
    ("what-is-an-rnn.md", "- And a GRU?\n  Answer: So do its gates.\n", "", 62, "2 follow-ups"),
    ("what-is-an-rnn.md", "  Answer: So do its gates.\n", "", 66, "the follow-up has no “Answer:”"),
    ("what-is-left.md", "relative = 0.02\n", "", 13, "neither “tolerance” nor “relative”"),
    ("what-is-left.md", "relative = 0.02", "relative = -1", 15, "must not be negative"),
    ("what-is-left.md", "[numeric]", "[number]", 1, "needs a table [numeric]"),
    ("what-is-left.md", "value = 0.0066\n", "", 13, "“numeric.value” is missing"),
    ("what-prints.md", "[output]", "[numeric]", 13, "belongs to questions of type numeric"),
    ("fill-in.md", "{{two|2}}", "two", 0, ""),
    ("fill-in.md", "of {{$\\vec{h}_{t-1}$}}", "of [h]({{x}})", 14, "a gap stands where it cannot be filled in"),
    ("find-the-bug.md", "lines = [2]", "lines = [3]", 13, "line 3 is outside the code, which has 2 lines"),
    ("find-the-bug.md", "# Answer\n\n", "# Answer\n\nLines 1 and 2. ", 26, "the answer begins with line 1, 2"),
    ("find-the-bug.md", "```python\na = 1\nb = a +\n```", "    a = 1", 17, "no code block"),
    ("shared-weights.md", "The weights.", "The weights.\n\n+++\n\n+++\n", 21, "a second front matter"),
    ("timeline.md", "# Cards", "# Answer", 10, "unknown section “Answer”"),
    ("timeline.md", 'level = "basic"', 'level = "hard"', 5, "“level” must be one of"),
    ("recurrent-networks.md", "A network that", "![A cell](/static/figures/cell.svg)", 10, "no figure “cell.svg”"),
    ("recurrent-networks.md", "## The", "# The", 10, "begin sections with ##"),
    ("recurrent-networks.md", "minutes = 20", "pages = 20", 6, "unknown key “pages”"),
    ("topics.toml", '["basics"]', '["cooking"]', 12, "unknown prerequisite “cooking”"),
    ("topics.toml", "prerequisites = []", 'prerequisites = ["recurrence"]', 1, "by a circle"),
    ("topics.toml", 'code = "M2"', 'code = "M1"', 12, "the topic code M1 is taken already"),
    ("topics.toml", 'slug = "lstm"', 'slug = "tensors"', 19, "the concept tensors is taken already"),
    ("topics.toml", 'title = "LSTM"', 'name = "LSTM"', 21, "unknown key “name”"),
    ("recurrence.toml", "belief", "opinion", 3, "unknown key “opinion”"),
    ("what-is-left.check.py", "assert ", "assert (", 3, "not valid Python"),
    ("what-is-left.check.py", "assert ", "", 0, "asserts nothing"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "old", "new", "line", "words"), BROKEN)
def test_a_broken_file_is_reported_with_file_and_line(
    root: Path, name: str, old: str, new: str, line: int, words: str
) -> None:
    path = next(root.rglob(name))
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    where = f"fixtures/{path.relative_to(root)}:{line}:" if line else f"fixtures/{path.relative_to(root)}: "
    found = problems(root)
    if words:
        assert any(one.startswith(where) and words in one for one in found), found
    else:
        assert found == []


def test_a_cloze_without_any_gap_is_reported(root: Path) -> None:
    path = root / "questions/recurrence/fill-in.md"
    path.write_text(re.sub(r"\{\{.*?\}\}(\}\})?", "x", path.read_text()))
    assert any("has no gap" in one for one in problems(root))


@pytest.mark.parametrize("gap", ["{{}}", "{{ }}", "{{|}}", "{{ | }}"])
def test_an_empty_gap_is_reported_once_with_its_line(root: Path, gap: str) -> None:
    path = root / "questions/recurrence/fill-in.md"
    text = path.read_text().replace("of {{$\\vec{h}_{t-1}$}}", f"of {gap}")
    path.write_text(text)
    line = text[: text.index(gap)].count("\n") + 1
    found = [one for one in problems(root) if "gap" in one]
    where = f"{root.name}/questions/recurrence/fill-in.md:{line}"
    assert found == [f"{where}: a gap is empty; write one as {{{{answer|another answer}}}}"]


@pytest.mark.parametrize("gap", ["{{}}", "{{|}}"])
def test_an_empty_gap_of_a_card_is_reported_once(root: Path, gap: str) -> None:
    path = root / "questions/recurrence/shared-weights.md"
    path.write_text(path.read_text().replace("{{$\\tanh$|tanh}}", gap))
    [found] = [one for one in problems(root) if "gap" in one]
    assert "a gap is empty" in found
    assert found.startswith(f"{root.name}/questions/recurrence/shared-weights.md:35:")


def test_ids_and_slugs_taken_twice_are_reported_at_the_second_place(root: Path) -> None:
    (root / "questions/basics").mkdir()
    (root / "questions/basics/shared-weights.md").write_text(samples.SINGLE.replace('"recurrence"', '"basics"'))
    found = problems(root)
    assert any("the id 5b1a7a58-3b0c-4c86-9d43-0f7b7d8d3a02 is taken already" in one for one in found)
    assert any("the question slug shared-weights is taken already" in one for one in found)


def test_files_that_do_not_belong_are_reported(root: Path) -> None:
    (root / "questions/recurrence/notes.txt").write_text("x")
    (root / "questions/loose.md").write_text(samples.SINGLE)
    (root / "questions/recurrence/gone.check.py").write_text("assert True\n")
    (root / "guides/Not A Slug.md").write_text(samples.GUIDE.replace("3a01", "3a99"))
    (root / "cards/empty.md").write_text("\n")
    found = "\n".join(problems(root))
    assert "notes.txt: a stray file" in found
    assert "loose.md: a stray file" in found
    assert "gone.check.py: a receipt without its question" in found
    assert "the file name “Not A Slug” is not a slug" in found
    assert "cards/empty.md: the file is empty" in found


def test_a_file_that_is_not_utf_8_is_reported_with_its_line(root: Path) -> None:
    (root / "questions/recurrence/shared-weights.md").write_bytes(
        samples.SINGLE.encode().replace(b"Because", b"\xff", 1) + b"\xff"
    )
    found = problems(root)
    assert any("is not UTF-8" in one for one in found)
    assert not any("the file is empty" in one for one in found)


def test_a_file_that_is_too_large_is_not_called_empty_as_well(root: Path) -> None:
    (root / "guides/huge.md").write_text("x" * (files.LARGEST_FILE + 1))
    [found] = [one for one in problems(root) if "huge.md" in one]
    assert "is larger than" in found


def test_all_problems_of_all_files_come_in_one_list(root: Path) -> None:
    for name, old, new in (
        ("shared-weights.md", "# Answer", "# Reply"),
        ("what-is-an-rnn.md", "Weight: 4", "Weight: 3"),
        ("topics.toml", 'code = "M2"', 'kode = "M2"'),
        ("timeline.md", "  Back: 1997.\n", ""),
    ):
        path = next(root.rglob(name))
        path.write_text(path.read_text().replace(old, new, 1))
    found = problems(root)
    assert {Path(one.split(":")[0]).name for one in found} == {
        "shared-weights.md",
        "what-is-an-rnn.md",
        "topics.toml",
        "timeline.md",
    }


def test_a_draft_may_be_incomplete_but_not_malformed(root: Path) -> None:
    path = root / "questions/recurrence/what-is-an-rnn.md"
    draft = path.read_text().split("# Two minutes")[0].replace("order = 2\n", 'order = 2\nstatus = "draft"\n')
    path.write_text(draft)
    assert problems(root) == []
    path.write_text(draft + "\n# Nonsense\n\nx\n")
    assert any("unknown section" in one for one in problems(root))


def test_an_empty_root_has_no_map(tmp_path: Path) -> None:
    assert [str(one) for one in files.read(tmp_path)[1]] == [
        f"{tmp_path.name}/topics.toml: the map of topics is missing"
    ]


def test_the_accepted_answers_of_a_cloze_never_reach_its_html() -> None:
    data = parsed(samples.CLOZE)
    html = question_html(data)
    assert question_spec(data)["gaps"] == [["tanh", "hyperbolic tangent"], ["$\\vec{h}_{t-1}$"], ["two", "2"]]
    assert len(html["prompt_parts"]) == 4
    everything = html["prompt"] + "".join(html["prompt_parts"])
    assert "tanh" not in everything
    assert "two" not in everything
    assert "standin" not in everything
    assert html["prompt"].count("[…]") == 3
    assert "<td>" in html["prompt_parts"][2]


def test_a_cloze_card_shows_a_blank_and_then_the_answer() -> None:
    front, back = card_html(parsed(samples.SINGLE).cards[1])
    assert "[…]" in front
    assert "tanh" not in front
    assert '<strong class="gap"><math' in back
    assert "tanh" in back
    assert back.index("tanh") < back.index("So it stays")


def test_a_bug_knows_how_many_lines_its_code_has() -> None:
    assert question_spec(parsed(samples.BUG)) == {"lines": [2], "code_lines": 2}


def test_a_text_is_rendered_alike_whatever_was_rendered_before() -> None:
    texts = [
        "[a][b]\n\n[b]: /topics/",
        "[a][b]",
        "# h\n\n# h",
        "/// note\nopen",
        "```\nopen",
        "x[^1]\n\n[^1]: n",
        "x[^1]",
    ]
    alone = {text: markdown.render(text).html for text in texts}
    for first in texts:
        for second in texts:
            markdown.render(first)
            assert markdown.render(second).html == alone[second]
    assert "/topics/" not in alone["[a][b]"]
    assert "<li" not in alone["x[^1]"]


def test_the_html_has_every_part() -> None:
    html = question_html(parsed(samples.OPEN))
    assert set(html) == {
        "prompt", "answer_short", "answer_medium", "answer_long", "signal", "red_flags", "follow_ups", "conventions",
        "references",
    }  # fmt: skip
    assert [one["text"] for one in html["follow_ups"]] == ["And an LSTM?", "And a GRU?", "And attention?"]
    assert html["follow_ups"][1]["answer"] == "<p>So do its gates.</p>"
    assert "<math" in html["conventions"][0]


@pytest.mark.django_db
def test_follow_ups_stored_as_lines_become_pairs_and_lines_again() -> None:
    row = make_question(
        "open", "asked", follow_ups=["And then?"], html={"prompt": "p", "follow_ups": ["And <i>then</i>?"]}
    )
    migration = importlib.import_module("quizzes.migrations.0011_answers_of_follow_ups")
    migration.with_answers(apps, None)
    row.refresh_from_db()
    assert row.follow_ups == [{"text": "And then?", "answer": ""}]
    assert row.html == {"prompt": "p", "follow_ups": [{"text": "And <i>then</i>?", "answer": ""}]}
    migration.without_answers(apps, None)
    row.refresh_from_db()
    assert (row.follow_ups, row.html["follow_ups"]) == (["And then?"], ["And <i>then</i>?"])


# Any question that the rules allow can be written, and says the same when it is read again.

_line = st.text(
    st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs"), exclude_characters="`~#|"), max_size=30
).map(lambda text: " ".join(text.split()))
_words = _line.filter(lambda text: text and not re.match(r"[-+\[]|[A-Z][a-z]+:|\+\+\+", text))
_block = st.lists(_words, min_size=1, max_size=3).map("\n".join)
_key = st.from_regex(r"[a-z0-9]{1,6}(-[a-z0-9]{1,6}){0,1}", fullmatch=True)
_slug = st.sampled_from(["", "a-mistake"])


def _distinct(strategy: st.SearchStrategy[object]) -> st.SearchStrategy[tuple[object, ...]]:
    return st.lists(strategy, max_size=4, unique_by=lambda one: one.key).map(tuple)  # type: ignore[attr-defined]


_questions = st.builds(
    QuestionData,
    id=st.uuids().map(str),
    slug=st.just("a-question"),
    title=_words.map(lambda text: text[:160]),
    topic=st.just("recurrence"),
    concepts=st.just(("rnn",)),
    kind=st.sampled_from(["open", "single", "multiple", "cloze", "derive"]),
    level=st.sampled_from(question.LEVELS),
    prompt=_block,
    answer_short=_block,
    facet=st.sampled_from(question.FACETS),
    performance=st.sampled_from(question.PERFORMANCES),
    minutes=st.integers(1, 120),
    order=st.integers(0, 3000),
    status=st.sampled_from(question.STATUSES),
    conventions=st.lists(_words, max_size=2, unique=True).map(tuple),
    references=st.lists(_words | st.just("\\frac{'}"), max_size=2, unique=True).map(tuple),
    labs=st.sampled_from([(), ("rnn-cell",)]),
    answer_medium=_block,
    choices=_distinct(
        st.builds(ChoiceData, key=_key, text=_block, correct=st.booleans(), why=_block, misconception=_slug)
    ),
    rubric=_distinct(
        st.builds(
            RubricData,
            key=_key,
            text=_block,
            weight=st.integers(1, 10),
            line=st.sampled_from(question.LINES),
            dimension=st.sampled_from(question.DIMENSIONS),
            misconception=_slug,
        )
    ),
    red_flags=st.lists(st.builds(RedFlag, text=_block, misconception=_slug), max_size=2).map(tuple),
    follow_ups=st.lists(st.builds(FollowUp, text=_block, answer=_block), max_size=2).map(tuple),
    cards=_distinct(
        st.builds(
            CardData, key=_key, front=_block, back=_block, kind=st.sampled_from(["basic", "cloze"]), misconception=_slug
        )
    ),
)


@settings(max_examples=60, deadline=None)
@given(_questions)
def test_reading_what_was_written_gives_the_same_question(data: QuestionData) -> None:
    text = question.write(data)
    assert parsed(text) == data
    assert question.write(parsed(text)) == text


@pytest.mark.parametrize(
    ("kind", "spec"),
    [
        ("numeric", {"value": 112, "tolerance": 0}),
        ("numeric", {"value": 4e-5, "relative": 0.02, "unit": "bytes"}),
        ("output", {"expected": "a\\n\n'''b", "accept": ["x\ny", "\\"]}),
        ("output", {"expected": "5"}),
        ("bug", {"lines": [1, 2]}),
    ],
)
def test_the_table_of_a_type_is_written_and_read_alike(kind: str, spec: dict[str, object]) -> None:
    data = replace(parsed(samples.SINGLE), id=str(uuid.uuid4()), kind=kind, spec=spec, choices=())
    assert parsed(question.write(data)) == data
