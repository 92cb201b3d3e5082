"""Front matter is read with line numbers and written in one canonical way."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prepsite.lib import frontmatter
from prepsite.lib.frontmatter import BadToml


def test_a_document_knows_where_its_parts_begin() -> None:
    (document,) = frontmatter.documents("\n+++\na = 1\n+++\n\nbody\n")
    assert (document.toml, document.toml_line, document.body, document.body_line) == ("a = 1", 3, "\nbody\n", 5)


def test_several_documents_part_at_the_fence_but_not_within_code() -> None:
    text = "+++\na = 1\n+++\n```\n+++\n```\n~~~\n+++\n~~~\n+++\na = 2\n+++\nsecond\n"
    first, second = frontmatter.documents(text)
    assert first.body == "```\n+++\n```\n~~~\n+++\n~~~"
    assert (second.toml, second.toml_line, second.body) == ("a = 2", 11, "second\n")


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [("", 1, "does not begin"), ("\n\nx", 3, "does not begin"), ("+++\na = 1\n", 1, "never closed")],
)
def test_a_text_without_whole_front_matter_is_refused(text: str, line: int, words: str) -> None:
    with pytest.raises(BadToml, match=words) as refusal:
        frontmatter.documents(text)
    assert refusal.value.line == line


def test_malformed_toml_is_refused_with_its_line() -> None:
    with pytest.raises(BadToml, match="malformed TOML") as refusal:
        frontmatter.parse_toml("a = 1\nb =\n")
    assert refusal.value.line == 2


def test_the_lines_of_keys_are_known_table_by_table() -> None:
    text = 'a = 1\n\n[t]\nb = """\nc = 3\n"""\n\n[[u]] # again\nb = 2\n[[u]]\nb = 3'
    tables = frontmatter.tables(text, first_line=2)
    assert [(table.name, table.line) for table in tables] == [("", 2), ("t", 4), ("u", 9), ("u", 11)]
    assert [table.keys.get("b") for table in tables] == [None, 5, 10, 12]


def test_text_with_backslashes_stays_as_it_is_typed() -> None:
    assert frontmatter.write_value("a", "$\\vec{h}$") == "a = '$\\vec{h}$'"
    assert frontmatter.write_value("a", "plain") == 'a = "plain"'
    assert frontmatter.write_value("a", "\\frac\nand on") == "a = '''\n\\frac\nand on'''"


def test_a_long_list_is_written_one_item_to_a_line() -> None:
    assert frontmatter.write_value("a", ["b", "c"]) == 'a = ["b", "c"]'
    assert frontmatter.write_value("a", ["b" * 80, "c" * 80]).count("\n") == 3


_values = (
    st.text(st.characters(codec="utf-8", exclude_characters="\r"), max_size=40)
    | st.integers(-(2**62), 2**62)
    | st.booleans()
)


@given(
    st.text(st.sampled_from("ab\\'\"\n\t é"), max_size=12)
    | _values
    | st.lists(_values.filter(lambda one: isinstance(one, str)))
)
def test_whatever_is_written_reads_the_same(value: object) -> None:
    assert frontmatter.parse_toml(frontmatter.write_value("key", value)) == {"key": value}
