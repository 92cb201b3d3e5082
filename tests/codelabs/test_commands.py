"""`manage.py grade` and `manage.py checklabs`, as scripts and authors use them."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from codelabs import loading, paper
from codelabs.sandbox import Unavailable
from tests.codelabs.folders import FILES, make_folder, toml


@pytest.fixture
def root(tmp_path: Path, settings: Any) -> Path:
    """The folder of labs that the commands look into, with one lab."""
    settings.CONTENT_DIR = tmp_path
    make_folder(tmp_path / "labs")
    return tmp_path / "labs"


def grade(*arguments: str) -> tuple[int, str]:
    out = io.StringIO()
    with pytest.raises(SystemExit) as end:
        call_command("grade", *arguments, stdout=out)
    assert isinstance(end.value.code, int)
    return end.value.code, out.getvalue()


def checklabs(*arguments: str) -> str:
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command("checklabs", *arguments, stdout=out, stderr=err)
    except CommandError as error:
        return f"{out.getvalue()}{err.getvalue()}exit {error.returncode}: {error}"
    return out.getvalue()


def file(tmp_path: Path, text: str) -> str:
    path = tmp_path / "answer.py"
    path.write_text(text)
    return str(path)


@pytest.mark.django_db
def test_grade_passes_a_right_file_with_exit_status_0(root: Path, tmp_path: Path) -> None:
    code, out = grade("scaling", file(tmp_path, FILES["solution.py"]))
    assert code == 0
    assert "passed: 4 of 4 cases" in out


@pytest.mark.django_db
def test_grade_refuses_a_wrong_file_with_exit_status_1_and_names_the_mistake(root: Path, tmp_path: Path) -> None:
    code, out = grade("scaling", file(tmp_path, FILES["wrong/adds.py"]))
    assert code == 1
    assert "This behaves exactly like adding the factor." in out


@pytest.mark.django_db
def test_grade_prints_one_json_object_when_asked(root: Path, tmp_path: Path) -> None:
    code, out = grade("scaling", file(tmp_path, FILES["wrong/adds.py"]), "--json")
    assert code == 1
    said = json.loads(out)
    assert set(said) == {
        "lab", "verdict", "passed", "total", "cases", "diagnosis", "seconds", "cpu_seconds", "memory_mb",
    }  # fmt: skip
    assert (said["lab"], said["verdict"], said["passed"], said["total"]) == ("scaling", "failed", 0, 4)
    assert said["diagnosis"]["misconception"] == "adds"


@pytest.mark.django_db
def test_grade_uses_the_lab_in_the_database_if_there_is_one(root: Path, tmp_path: Path) -> None:
    loading.load_labs(root)
    (root / "scaling" / "oracle.py").write_text("def scale(x, factor):\n    return 0 * x\n")
    assert grade("scaling", file(tmp_path, FILES["solution.py"]))[0] == 0


@pytest.mark.django_db
def test_grade_of_a_run_asks_the_visible_cases_alone(root: Path, tmp_path: Path) -> None:
    assert "passed: 1 of 1 cases" in grade("scaling", file(tmp_path, FILES["solution.py"]), "--run")[1]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("slug", "content", "said"),
    [
        ("nothing", b"x = 1", "there is no lab 'nothing'"),
        ("scaling", b"", "no code to run"),
        ("scaling", b"\xff\xfe", "is not UTF-8"),
        ("scaling", b"x = '\x00'", "NUL"),
        ("scaling", b"#" * 65_537, "at most 64 KiB"),
    ],
)
def test_grade_says_what_is_wrong_with_its_use_and_ends_with_2(
    root: Path, tmp_path: Path, slug: str, content: bytes, said: str
) -> None:
    path = tmp_path / "answer.py"
    path.write_bytes(content)
    with pytest.raises(CommandError, match=said) as usage:
        call_command("grade", slug, str(path))
    assert usage.value.returncode == 2


@pytest.mark.django_db
def test_grade_of_a_file_that_is_not_there_ends_with_2(root: Path) -> None:
    with pytest.raises(CommandError, match="cannot read") as usage:
        call_command("grade", "scaling", "/nowhere/answer.py")
    assert usage.value.returncode == 2


def test_checklabs_proves_a_good_lab_without_a_database(root: Path) -> None:
    out = checklabs("--no-mutants")
    assert "✓ solution.py" in out
    assert "✓ wrong/in_place.py" in out
    assert "4 of 4 known mistakes refused and named" in out
    assert "mutants" not in out
    assert "exit" not in out


# Its condition and its first assignment can be changed without a difference: no case has a factor of seven.
SURVIVING = """\
def scale(x, factor):
    if factor == 7:
        factor = 7
    return factor * x
"""


def test_checklabs_lists_the_mutants_that_survive_and_asks_for_a_case_or_a_reason(root: Path) -> None:
    make_folder(root, solution_py=SURVIVING)
    out = checklabs("scaling", "--seed", "3")
    assert "✗ mutants" in out
    assert "survives: scale: if factor == 8:" in out
    assert "  2 - if factor == 7:\n            + if factor == 8:" in out
    assert "survives: scale: without factor = 7" in out
    assert "survives: scale: return factor / x" not in out
    assert "exit 1" in out


def test_a_survivor_can_be_explained_and_an_explanation_of_nothing_is_an_error(root: Path) -> None:
    said = toml() + "".join(
        f'\n[[equivalent]]\nmutant = "{name}"\nwhy = "Seven is never asked for."\n'
        for name in ("scale: if factor == 8:", "scale: if factor == 6:", "scale: if False:", "scale: factor = 8",
                     "scale: factor = 6", "scale: without factor = 7")
    )  # fmt: skip
    make_folder(root, solution_py=SURVIVING, lab_toml=said)
    out = checklabs("scaling", "--write")
    assert "✓ mutants" in out
    assert "6 explained as equivalent" in out
    assert "exit" not in out
    make_folder(
        root, solution_py=SURVIVING, lab_toml=said + '\n[[equivalent]]\nmutant = "scale: gone"\nwhy = "It went."\n'
    )
    out = checklabs("scaling")
    assert "lab.toml explains 'scale: gone', which is no surviving mutant" in out
    assert "exit 1" in out


def test_a_proof_is_stored_with_its_lab_and_a_stale_one_is_noticed(root: Path) -> None:
    assert "no proof of these files is stored" in checklabs("scaling")
    assert "exit" not in checklabs("scaling", "--write")
    path = root / "scaling" / "proof.json"
    first = path.read_text()
    proof = json.loads(first)
    assert (proof["cases"], proof["hidden"], proof["mistakes"]) == (4, 3, 4)
    assert proof["killed"] == proof["mutants"] == 2
    assert "exit" not in checklabs("scaling")
    checklabs("scaling", "--write")
    assert path.read_text() == first  # another measurement is no other proof
    make_folder(root, alternative_py=FILES["alternative.py"] + "# a word\n")
    out = checklabs("scaling")
    assert "no proof of these files is stored: checklabs scaling --write" in out
    assert "exit 1" in out


def test_a_lab_that_does_not_hold_gets_no_proof(root: Path) -> None:
    make_folder(root, starter_py=FILES["solution.py"])
    assert "exit 1" in checklabs("scaling", "--write")
    assert not (root / "scaling" / "proof.json").exists()


def test_checklabs_says_in_json_what_it_found(root: Path) -> None:
    make_folder(root, solution_py=SURVIVING)
    out = checklabs("scaling", "--json").partition("exit")[0]
    said = json.loads(out)
    assert said["holds"] is False
    (lab,) = said["labs"]
    assert lab["lab"] == "scaling"
    assert 0 < lab["score"] < 0.95
    assert {"mutant", "line", "before", "after"} == set(lab["survivors"][0])
    assert [check["file"] for check in lab["checks"]][:3] == ["cases.py", "solution.py", "alternative.py"]


def test_checklabs_works_in_several_processes_and_answers_the_same(root: Path) -> None:
    other = toml(id="0e6ff9f3-6b53-4a53-9be2-6b7f5d3f3f01", number=902)
    make_folder(root, "zooming", lab_toml=other, starter_py=FILES["solution.py"])
    alone, together = (checklabs("--seed", "5", "--no-mutants", "--jobs", jobs) for jobs in ("1", "2"))
    assert sorted(alone.splitlines()) == sorted(together.splitlines())
    assert "✗ starter.py" in together


def test_checklabs_puts_right_answers_to_many_fresh_seeds(root: Path) -> None:
    assert "scaling: 0 false failures on 5 seeds" in checklabs("--seeds", "5")
    shy = FILES["cases.py"].replace("2.5)", "rng.integers(1, 4) * 1.0)")
    make_folder(
        root, cases_py=shy, alternative_py="def scale(x, factor):\n    return x * (factor if factor != 2 else 3)\n"
    )
    out = checklabs("scaling", "--seeds", "12")
    assert "alternative.py with seed" in out
    assert "small: " in out
    assert "exit 1" in out


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"solution_py": "def scale(x, factor):\n    return x\n"}, "✗ solution.py"),
        ({"alternative_py": "def scale(x, factor):\n    return x - 1\n"}, "✗ alternative.py"),
        ({"starter_py": FILES["solution.py"]}, "✗ starter.py"),
        ({"wrong__adds_py": FILES["solution.py"]}, "passes all cases, so they do not tell it from a right answer"),
        ({"wrong__adds_py": FILES["wrong/negative.py"]}, "is recognised as wrong/adds.py"),
        ({"wrong__adds_py": "def scale(x, factor):\n    raise ValueError\n"}, "is not recognised by its answers"),
        ({"oracle_py": "def scale(x, factor):\n    return undefined\n"}, "NameError"),
        (
            {"cases_py": FILES["cases.py"].replace(", visible=True", "")},
            "no case is visible, so Run would show nothing",
        ),
    ],
)
def test_checklabs_finds_what_does_not_hold_and_ends_with_1(root: Path, changes: dict[str, str], said: str) -> None:
    make_folder(root, **changes)
    out = checklabs("scaling", "--no-mutants")
    assert said in out
    assert "exit 1" in out


def test_checklabs_lists_problems_of_the_files_and_still_proves_the_other_labs(root: Path) -> None:
    make_folder(root, "zooming", lab_toml=toml(level="hard"))
    out = checklabs("--no-mutants")
    assert "level: must be one of" in out
    assert "✓ solution.py" in out
    assert "exit 1" in out
    assert "exit" not in checklabs("scaling", "--no-mutants")


def test_checklabs_of_an_unknown_lab_ends_with_2(root: Path) -> None:
    assert "exit 2: there is no lab nothing" in checklabs("nothing")


def test_checklabs_on_a_host_without_sandbox_says_what_it_could_not_prove(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Nowhere:
        def box(self, runtime: str, limits: Any = None) -> Any:
            raise Unavailable("Labs cannot run here.")

    monkeypatch.setattr(paper, "pool", Nowhere)
    out = checklabs()
    assert out.strip() == "scaling: not proven here. Labs cannot run here."
