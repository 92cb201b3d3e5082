"""docs/content.md names every key, section and field that the readers know, and its examples are sound."""

import inspect
import re
import tomllib
from pathlib import Path

import pytest

from codelabs.content.lab import FILES, LIMIT_BOUNDS, Wrong
from codelabs.content.rules import RULES
from codelabs.labkit import draw, gradients, recipe, relations, statistics
from codelabs.labkit.cases import case
from codelabs.labkit.script import Script
from prepsite.coverage.mapping import KINDS
from prepsite.lib import frontmatter
from quizzes.content import question, standards
from quizzes.content.cards import CARD_KINDS, DECK_FIELDS
from quizzes.content.fields import Field, Problems
from quizzes.content.guides import GUIDE_FIELDS
from quizzes.content.topics import (
    CONCEPT_FIELDS,
    MISCONCEPTION_FIELDS,
    TOPIC_FIELDS,
    parse_misconceptions,
    parse_topics,
    write_misconceptions,
    write_topics,
)

DOCS = (Path(__file__).parents[2] / "docs" / "content.md").read_text()


def chapter(title: str) -> str:
    """The text under a heading, up to the next of its rank or above."""
    match = re.search(rf"^(##+) {title}\n(.*?)(?=^#{{2,3}} |\Z)", DOCS, re.MULTILINE | re.DOTALL)
    assert match, title
    return match[2]


def rows(text: str) -> list[list[str]]:
    return [
        [cell.strip().strip("`") for cell in line.strip("|").split("|")]
        for line in text.splitlines()
        if line.startswith("| ")
    ]


@pytest.mark.parametrize(
    ("title", "fields"),
    [
        ("Keys", question.FIELDS),
        ("Decks", DECK_FIELDS),
        ("Guides", GUIDE_FIELDS),
        ("Misconceptions", MISCONCEPTION_FIELDS),
    ],
)
def test_every_key_is_described_and_no_other(title: str, fields: tuple[Field, ...]) -> None:
    described = {row[0]: row[1] for row in rows(chapter(title))[1:]}
    assert list(described) == [field.name for field in fields]
    assert {name for name, required in described.items() if required == "required"} == {
        field.name for field in fields if field.required
    }


def test_every_key_of_the_map_is_described() -> None:
    described = [row[1] for row in rows(chapter("Topics"))[1:]]
    assert described == [field.name for field in (*TOPIC_FIELDS, *CONCEPT_FIELDS)]


def test_every_key_of_the_types_tables_is_described() -> None:
    described = [row[1] for row in rows(chapter("The table of a type"))[1:]]
    assert described == [field.name for fields in question.TABLES.values() for field in fields]
    for name in question.TABLES:
        assert f"`[{name}]`" in chapter("The table of a type")


def test_every_section_and_field_is_described_in_its_order() -> None:
    text = chapter("Sections")
    tables = text.split("| section | field |")
    sections = [row[0].removeprefix("# ") for row in rows(tables[0])[1:]]
    assert sections == [name for name in (*question.TEXTS, *question.LISTS) if name]
    fields = [row[1].removesuffix(":") for row in rows("| section | field |" + tables[1])[1:]]
    assert fields == [field.name for grammar in question.LISTS.values() for field in grammar.fields]


def test_every_key_limit_and_file_of_a_lab_is_described() -> None:
    text = chapter("Labs")
    described_files, described_keys = text.split("| key | |")
    assert [row[0] for row in rows(described_files)[1:]] == [
        "lab.toml", "statement.md", "starter.py", "cases.py", "oracle.py", "solution.py", "alternative.py",
        "given.py", "proof.json", "wrong/*.py",
    ]  # fmt: skip
    assert set(FILES) <= {row[0] for row in rows(described_files)}
    described_keys, limits = described_keys.split("`manage.py checklabs")[0].split("| limit |")
    keys = {row[0]: row[1] for row in rows("| key | |" + described_keys)[1:]}
    assert list(keys) == list(RULES)
    assert {name for name, required in keys.items() if required} == {
        name for name, rule in RULES.items() if rule.required
    }
    said = {row[0]: [int(number) for number in row[2:4]] for row in rows("| limit |" + limits)[1:]}
    assert said == {name: [low, high] for name, (low, high) in LIMIT_BOUNDS.items()}
    for name in Wrong.__annotations__:
        assert f"`{name}`" in text


def test_every_argument_of_a_case_and_every_piece_of_the_recipe_is_described() -> None:
    described = {name for row in rows(chapter("Cases"))[1:] for name in re.findall(r"\w+", row[0])}
    assert described >= set(inspect.signature(case).parameters) - {"id", "why"}
    text = chapter("Cases")
    for name in (name for name, value in vars(Script).items() if not name.startswith("_") and callable(value)):
        assert f"do.{name}(" in text
    for module in (draw, recipe, relations, gradients, statistics):
        for name, value in vars(module).items():
            own = getattr(value, "__module__", "") == module.__name__
            if own and inspect.isfunction(value) and not name.startswith("_"):
                assert f"`{name}" in chapter("The recipe"), name


def test_every_value_that_may_be_chosen_is_named() -> None:
    for values in (
        question.KINDS, question.LEVELS, question.FACETS, question.PERFORMANCES, question.STATUSES, question.LINES,
        question.DIMENSIONS, CARD_KINDS,
    ):  # fmt: skip
        for value in values:
            assert f"`{value}`" in DOCS


def test_the_example_of_a_question_is_sound_and_canonical() -> None:
    text = re.search(r"```\n(\+\+\+\n.*?)```", DOCS, re.DOTALL)[1]  # type: ignore[index]
    problems = Problems("example.md")
    data = question.parse(frontmatter.documents(text)[0], "example", problems)
    assert data is not None
    standards.check_question(data, problems)
    assert problems.found == []
    assert question.write(data) == text


def test_the_examples_in_toml_are_sound_and_canonical() -> None:
    topics, misconceptions, limits = re.findall(r"```toml\n(.*?)```", DOCS, re.DOTALL)
    problems = Problems("example.toml")
    assert write_topics(parse_topics(topics, problems)) == topics
    assert write_misconceptions(parse_misconceptions(misconceptions, "recurrent-networks", problems)) == misconceptions
    assert problems.found == []
    assert tomllib.loads(limits)["limits"].keys() <= LIMIT_BOUNDS.keys()


def test_every_key_of_the_coverage_is_described() -> None:
    described = {key for row in rows(chapter("Coverage"))[1:] for key in row[0].replace("`", "").split(", ")}
    assert described == {"core", "id", "item", "misconceptions", *KINDS}
