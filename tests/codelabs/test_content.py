"""A lab's folder is read strictly, every problem at once, and written back without a needless change."""

from dataclasses import replace
from pathlib import Path

import pytest

from codelabs import content
from tests.codelabs.folders import TOML, make_folder, toml


def problems_of(folder: Path) -> list[str]:
    lab, problems = content.read(folder)
    assert (lab is None) == bool(problems)
    return [str(problem).removeprefix(f"{folder}/") for problem in problems]


def test_a_good_folder_becomes_a_lab_with_all_its_files(tmp_path: Path) -> None:
    lab, problems = content.read(make_folder(tmp_path))
    assert problems == []
    assert lab is not None
    assert (lab.slug, lab.entry, lab.hints[1]) == ("scaling", "scale", "Two.")
    assert lab.box_limits.cpu_seconds == 2
    assert [wrong.misconception for wrong in lab.wrong] == ["adds", "in-place", "raises-on-small", "negative"]
    assert set(lab.files) == {
        "alternative.py", "cases.py", "oracle.py", "solution.py", "starter.py",
        "wrong/adds.py", "wrong/in_place.py", "wrong/negative.py", "wrong/raises.py",
    }  # fmt: skip
    assert lab.parameters == ("x", "factor")


def test_every_problem_of_a_folder_is_listed_in_one_go(tmp_path: Path) -> None:
    folder = make_folder(
        tmp_path,
        lab_toml=toml(level="hard", colour="red", title=None),
        solution_py="def scale(x, factor)\n    return x\n",
        oracle_py=None,
        wrong__extra_py="def scale(x, factor):\n    return x\n",
    )
    (folder / "notes.txt").write_text("no place for this")
    found = problems_of(folder)
    assert "lab.toml:6: level: must be one of basic, intermediate, advanced" in found
    assert "lab.toml: 'title' is missing" in found
    assert any("unknown key 'colour'" in line for line in found)
    assert any(line.startswith("solution.py:1: does not parse") for line in found)
    assert "oracle.py: is missing" in found
    assert "wrong/extra.py: has no [[wrong]] entry in lab.toml" in found
    assert "notes.txt: this file has no place in a lab" in found


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"number": 0}, "lab.toml:3: number: must be a whole number from 1 to 999"),
        ({"number": True}, "lab.toml:3: number: must be a whole number from 1 to 999"),
        ({"id": "scaling"}, "lab.toml:2: id: must be a UUID"),
        ({"runtime": "jax"}, "lab.toml:8: runtime: must be one of numpy, torch"),
        ({"entry": "scale(x)"}, "lab.toml:9: entry: 'scale(x)' is not a name of Python"),
        ({"hints": ["one"]}, "lab.toml:12: hints: must be 3 texts; there are 1"),
        ({"banned": ["torch nn"]}, "lab.toml:11: banned: 'torch nn' is not a dotted name such as torch.nn.LSTM"),
        ({"limits": {"cpu_seconds": 900}}, "lab.toml:15: cpu_seconds must be a whole number from 1 to 60"),
        ({"limits": {"cpus": 2}}, "unknown limit 'cpus'"),
        ({"limits": {"memory_mb": "2 GB"}}, "memory_mb must be a whole number from 16 to 4096"),
        ({"hints": ["$x", "$\\undefined{x}$", "three"]}, "hint: formula"),
        ({"status": "live"}, "status: must be one of draft, published, retired"),
    ],
)
def test_a_bad_value_is_named_with_its_line(tmp_path: Path, values: dict[str, object], said: str) -> None:
    found = problems_of(make_folder(tmp_path, lab_toml=toml(**values)))
    assert any(said in line for line in found), found


def test_broken_toml_is_one_problem_with_its_line_and_does_not_hide_those_of_other_files(tmp_path: Path) -> None:
    found = problems_of(make_folder(tmp_path, lab_toml="id = \n", starter_py="def scale(:\n"))
    assert any(line.startswith("lab.toml:1: is not TOML") for line in found)
    assert any(line.startswith("starter.py:1: does not parse") for line in found)


def test_wrong_solutions_and_their_entries_must_match_one_to_one(tmp_path: Path) -> None:
    twice = TOML + '\n[[wrong]]\nfile = "wrong/adds.py"\nmisconception = "adds"\nsays = "a"\nwhy = "b"\n'
    missing = twice + '\n[[wrong]]\nfile = "wrong/none.py"\nmisconception = "Not A Slug"\nsays = "a"\nwhy = "b"\n'
    found = problems_of(make_folder(tmp_path, lab_toml=missing + '\n[[wrong]]\nfile = "wrong/adds.py"\n'))
    assert "lab.toml:42: wrong/adds.py is described twice" in found
    assert "lab.toml:48: there is no file 'wrong/none.py'; paths look like 'wrong/name.py'" in found
    assert "lab.toml:50: 'Not A Slug' is not a slug" in found
    assert "lab.toml:54: [[wrong]] needs 'says', a text" in found


def test_a_published_lab_needs_enough_wrong_solutions_and_a_draft_does_not(tmp_path: Path) -> None:
    few = TOML.split("[[wrong]]")[0]
    without = {f"wrong__{name}_py": None for name in ("adds", "in_place", "raises", "negative")}
    assert problems_of(make_folder(tmp_path, "few", lab_toml=few, **without)) == [
        "lab.toml: a published lab needs at least 4 wrong solutions; it has 0"
    ]
    draft = few.replace("minutes = 5", 'minutes = 5\nstatus = "draft"')
    assert problems_of(make_folder(tmp_path, "draft", lab_toml=draft, **without)) == []


def test_a_file_that_does_not_define_the_entry_or_is_not_utf8_is_named(tmp_path: Path) -> None:
    folder = make_folder(tmp_path, solution_py="def other():\n    pass\n", cases_py="x = 1\n")
    (folder / "alternative.py").write_bytes(b"# \xff\n")
    found = problems_of(folder)
    assert "solution.py: does not define 'scale'" in found
    assert "cases.py: does not define 'cases'" in found
    assert "alternative.py: is not UTF-8 (byte 2)" in found


def test_a_formula_that_does_not_render_is_found_with_its_line(tmp_path: Path) -> None:
    found = problems_of(make_folder(tmp_path, statement_md="Fine.\n\nBroken: $\\nosuchthing{x}$\n"))
    assert len(found) == 1
    assert found[0].startswith("statement.md:3: formula")


def test_a_slug_is_the_folders_name_and_must_be_one(tmp_path: Path) -> None:
    assert any("is not a slug" in line for line in problems_of(make_folder(tmp_path, "Scaling_Lab")))


def test_writing_back_what_was_read_changes_no_byte(tmp_path: Path) -> None:
    folder = make_folder(tmp_path)
    lab, _ = content.read(folder)
    assert lab is not None
    assert content.write(lab, folder) == []
    assert (folder / "lab.toml").read_text() == TOML


def test_a_change_is_written_into_the_file_as_its_author_laid_it_out(tmp_path: Path) -> None:
    folder = make_folder(tmp_path)
    lab, _ = content.read(folder)
    assert lab is not None
    first, *others = lab.wrong
    changed = replace(
        lab,
        title="Scaling arrays",
        status="draft",
        limits={"cpu_seconds": 3},
        wrong=(replace(first, says="New."), *others),
    )
    assert content.write(changed, folder) == [folder / "lab.toml"]
    text = (folder / "lab.toml").read_text()
    assert text.startswith("# A comment that its author wants to keep.\n")
    assert 'title = "Scaling arrays"' in text
    assert content.read(folder) == (changed, [])
    back = replace(lab, status="published")
    content.write(back, folder)
    assert content.read(folder) == (back, [])


def test_a_lab_written_to_an_empty_folder_reads_the_same(tmp_path: Path) -> None:
    lab, _ = content.read(make_folder(tmp_path))
    assert lab is not None
    folder = tmp_path / "copy" / "scaling"
    folder.mkdir(parents=True)
    content.write(lab, folder)
    assert content.read(folder) == (lab, [])


def test_removed_wrong_solutions_leave_the_folder_as_well(tmp_path: Path) -> None:
    folder = make_folder(tmp_path)
    lab, _ = content.read(folder)
    assert lab is not None
    fewer = {path: text for path, text in lab.files.items() if path != "wrong/adds.py"}
    content.write(replace(lab, wrong=lab.wrong[1:], files=fewer, status="draft"), folder)
    assert not (folder / "wrong/adds.py").exists()
    assert content.read(folder)[1] == []


def test_the_digest_follows_the_content_and_not_the_layout(tmp_path: Path) -> None:
    lab, _ = content.read(make_folder(tmp_path))
    spaced, _ = content.read(make_folder(tmp_path / "other", lab_toml=TOML.replace("minutes = 5", "minutes   =   5")))
    other, _ = content.read(
        make_folder(tmp_path / "third", solution_py="def scale(x, factor):\n    return x * factor\n")
    )
    assert lab is not None
    assert spaced is not None
    assert other is not None
    assert content.digest(lab) == content.digest(spaced) != content.digest(other)


def test_what_pages_print_is_rendered_and_sanitised(tmp_path: Path) -> None:
    lab, _ = content.read(make_folder(tmp_path, statement_md="Hello <script>alert(1)</script> $x^2$\n"))
    assert lab is not None
    html = content.html(lab)
    assert "<script" not in html["statement"]
    assert "<math" in html["statement"]
    assert "<math" in html["hints"][2]
    assert html["wrong"]["wrong/adds.py"]["why"].strip() == "<p>It is a <strong>product</strong>.</p>"


STRANGE = ["../../evil.py", "wrong/../../evil.py", "/tmp/evil.py", "wrong/a/b.py", "notes.txt", "wrong\\evil.py"]


@pytest.mark.parametrize("name", STRANGE)
def test_a_name_from_a_form_that_has_no_place_in_a_lab_is_refused(tmp_path: Path, name: str) -> None:
    lab, _ = content.read(make_folder(tmp_path))
    assert lab is not None
    texts = content.render(lab) | {name: "def scale(x, factor):\n    return x\n"}
    refused, problems = content.parse("scaling", texts)
    assert refused is None
    assert any(name in problem.file and "no place" in problem.message for problem in problems)


@pytest.mark.parametrize("name", STRANGE)
def test_nothing_is_ever_written_outside_the_labs_folder(tmp_path: Path, name: str) -> None:
    lab, _ = content.read(make_folder(tmp_path))
    assert lab is not None
    before = sorted(path for path in tmp_path.rglob("*"))
    with pytest.raises(ValueError, match="no place in a lab"):
        content.write(replace(lab, files={**lab.files, name: "evil"}), tmp_path / "elsewhere" / "scaling")
    assert sorted(path for path in tmp_path.rglob("*")) == before


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"lab_toml": toml() + '\n[[equivalent]]\nmutant = "a"\n'}, "[[equivalent]] has two texts"),
        ({"lab_toml": toml() + '\n[[equivalent]]\nmutant = "a"\nwhy = " "\n'}, "[[equivalent]] has two texts"),
        ({"lab_toml": toml() + 2 * '\n[[equivalent]]\nmutant = "a"\nwhy = "b"\n'}, "'a' is explained twice"),
        ({"lab_toml": toml(equivalent="a")}, "must be [[equivalent]] tables"),
        ({"proof_json": "{"}, "is not JSON"),
        ({"proof_json": "[]"}, "is not an object"),
        ({"given_py": "def f(:\n"}, "does not parse"),
    ],
)
def test_explanations_proofs_and_what_is_given_are_read_strictly(
    tmp_path: Path, changes: dict[str, str], said: str
) -> None:
    lab, problems = content.read(make_folder(tmp_path, **changes))
    assert lab is None
    assert any(said in str(problem) for problem in problems)
