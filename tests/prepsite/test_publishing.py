"""The three commands over all content: check, load, dump; and the receipts in the sandbox."""

import io
import shutil
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from codelabs.sandbox import Answer, Limits, Outcome, Unavailable
from codelabs.sandbox.job import Raised
from prepsite import publishing, receipts
from quizzes.content.data import ReceiptData
from quizzes.models import Question, Topic
from tests.quizzes import samples

pytestmark = pytest.mark.django_db
LABS = Path(__file__).parents[2] / "fixtures" / "labs"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """The samples, and one real lab that fits them."""
    root = samples.write(tmp_path / "fixtures")
    shutil.copytree(LABS / "rnn-cell", root / "labs/rnn-cell")
    toml = root / "labs/rnn-cell/lab.toml"
    lines = []
    for line in toml.read_text().splitlines():
        key = line.split("=")[0].strip()
        fitting = {
            "topic": 'topic = "recurrence"',
            "concepts": 'concepts = ["rnn"]',
            "questions": 'questions = ["what-is-an-rnn"]',
            "misconception": 'misconception = "inputs-shared"',
        }
        lines.append(fitting.get(key, line))
    toml.write_text("\n".join(lines) + "\n")
    for question in (root / "questions").rglob("*.md"):
        if not question.with_suffix(".check.py").exists():
            question.with_suffix(".check.py").write_text("assert True\n")
    (root / "cards/timeline.check.py").write_text('from page import says\n\nassert says("1997")\n')
    (root / "guides/recurrent-networks.check.py").write_text(
        "from page import says\n\nassert says('# The recurrence')\n"
    )
    return root


def with_receipt(root: Path) -> list[ReceiptData]:
    """The one receipt that says something."""
    return [one for one in receipts.of(publishing.read(root)[0].content) if one.file.endswith("what-is-left.md")]


def run(command: str, root: Path, *args: str) -> tuple[int, str]:
    """The exit code and everything that was said."""
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command(command, *args, root=root, stdout=out, stderr=err)
    except CommandError as error:
        return error.returncode, out.getvalue() + err.getvalue() + str(error)
    return 0, out.getvalue() + err.getvalue()


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def test_sound_content_is_loaded_and_summed_up(root: Path) -> None:
    code, said = run("loadcontent", root)
    assert code == 0, said
    assert said == "Content: 14 new, 0 changed, 0 as before, 0 kept, 0 retired.\n"
    assert run("loadcontent", root)[1] == "Content: 0 new, 0 changed, 14 as before, 0 kept, 0 retired.\n"


def test_with_a_problem_on_either_side_nothing_is_loaded_and_all_are_listed(root: Path) -> None:
    edit(root / "questions/recurrence/shared-weights.md", "[x]", "[ ]")
    edit(root / "labs/rnn-cell/lab.toml", '"rnn"', '"stew"')
    edit(root / "labs/rnn-cell/lab.toml", '"what-is-an-rnn"', '"what-is-stew"')
    code, said = run("loadcontent", root)
    assert code == 1
    assert "fixtures/questions/recurrence/shared-weights.md:21: no right choices" in said
    assert "fixtures/labs/rnn-cell/lab.toml: unknown concept “stew”" in said
    assert "fixtures/labs/rnn-cell/lab.toml: unknown question “what-is-stew”" in said
    assert "3 problems in the content; nothing was loaded." in said
    assert not Topic.objects.exists()


def test_labs_and_questions_that_name_what_is_not_there_are_reported(root: Path) -> None:
    edit(root / "questions/recurrence/what-is-an-rnn.md", 'labs = ["rnn-cell"]', 'labs = ["gru-cell"]')
    edit(root / "labs/rnn-cell/lab.toml", '"recurrence"', '"stewing"')
    edit(root / "labs/rnn-cell/lab.toml", '"inputs-shared"', '"stew-shared"')
    with (root / "labs/rnn-cell/statement.md").open("a") as statement:
        statement.write("\nSee [this](/questions/nowhere/).\n")
    _, problems = publishing.read(root)
    said = "\n".join(map(str, problems))
    assert "what-is-an-rnn.md:13: unknown lab “gru-cell”" in said
    assert "lab.toml: unknown topic “stewing”" in said
    assert "lab.toml: unknown misconception “stew-shared”" in said
    assert "the link /questions/nowhere/ goes to nowhere" in said


def test_a_published_lab_leads_from_its_mistakes_to_a_published_question(root: Path) -> None:
    toml = root / "labs/rnn-cell/lab.toml"
    missing = "fixtures/labs/rnn-cell/lab.toml: “questions” names no published question for a mistake to lead to"
    assert missing not in map(str, publishing.read(root)[1])
    question = root / "questions/recurrence/what-is-an-rnn.md"
    edit(question, 'id = "', 'status = "draft"\nid = "')
    assert missing in map(str, publishing.read(root)[1])
    edit(toml, '["what-is-an-rnn"]', "[]")
    assert missing in map(str, publishing.read(root)[1])
    edit(toml, "minutes = ", 'status = "draft"\nminutes = ')
    assert missing not in map(str, publishing.read(root)[1])


def test_a_broken_lab_is_there_all_the_same_for_questions_that_name_it(root: Path) -> None:
    (root / "labs/rnn-cell/oracle.py").unlink()
    said = "\n".join(map(str, publishing.read(root)[1]))
    assert "fixtures/labs/rnn-cell/oracle.py: is missing" in said
    assert "unknown lab" not in said


def test_edits_are_kept_named_and_given_up_when_told_to(root: Path) -> None:
    run("loadcontent", root)
    Question.objects.filter(slug="which-two").update(edited_here=True, answer_short="Edited here.")
    code, said = run("loadcontent", root)
    assert code == 0
    assert "kept as it was edited in the admin: question which-two" in said
    assert "1 kept" in said
    _, said = run("loadcontent", root, "--overwrite")
    assert "1 changed" in said
    assert Question.objects.get(slug="which-two").answer_short == "Because."


def test_a_lab_whose_folder_has_gone_is_retired_and_said_so(root: Path) -> None:
    for question in ("what-is-an-rnn", "derive-it"):
        edit(root / f"questions/recurrence/{question}.md", 'labs = ["rnn-cell"]\n', "")
    run("loadcontent", root)
    shutil.rmtree(root / "labs/rnn-cell")
    code, said = run("loadcontent", root)
    assert code == 0, said
    assert "retired, for its file is gone: lab rnn-cell" in said
    assert "1 retired" in said


def test_dumping_says_what_it_wrote_and_removed(root: Path) -> None:
    run("loadcontent", root)
    assert run("dumpcontent", root)[1] == "0 files changed.\n"
    Question.objects.filter(slug="which-two").update(edited_here=True, slug="which-ones")
    said = run("dumpcontent", root)[1]
    assert "written: questions/recurrence/which-ones.md" in said
    assert "removed: questions/recurrence/which-two.md" in said


def test_a_lab_that_cannot_be_read_stops_the_dump_before_a_question_is_written(root: Path) -> None:
    run("loadcontent", root)
    Question.objects.filter(slug="which-two").update(edited_here=True, slug="which-ones")
    (root / "labs/rnn-cell/lab.toml").write_text("id = ")
    code, said = run("dumpcontent", root)
    assert code == 1
    assert "rnn-cell/lab.toml: is not TOML" in said
    assert "nothing was written" in said
    assert not (root / "questions/recurrence/which-ones.md").exists()


def test_a_slug_that_an_edit_holds_stops_the_load_with_a_sentence(root: Path) -> None:
    run("loadcontent", root)
    Question.objects.filter(slug="which-two").update(edited_here=True, slug="taken")
    (root / "questions/recurrence/taken.md").write_text(samples.MULTIPLE.replace("3a14", "3a55"))
    code, said = run("loadcontent", root)
    assert code == 1
    assert "“taken” belongs to another question that was edited here" in said
    assert "Nothing was loaded" in said


def test_a_file_that_is_not_canonical_is_reported_and_rewritten_on_request(root: Path) -> None:
    path = root / "questions/recurrence/shared-weights.md"
    path.write_text(samples.SINGLE.replace("# Answer\n\n", "# Answer\n"))
    code, said = run("checkcontent", root, "--no-receipts")
    assert code == 1
    assert "shared-weights.md: is not in canonical form" in said
    code, said = run("checkcontent", root, "--no-receipts", "--fix")
    assert code == 0, said
    assert "rewritten: fixtures/questions/recurrence/shared-weights.md" in said
    assert path.read_text() == samples.SINGLE


def test_a_broken_file_is_never_rewritten(root: Path) -> None:
    path = root / "questions/recurrence/shared-weights.md"
    broken = samples.SINGLE.replace("# Answer\n\n", "# Answer\n").replace("[x]", "[ ]")
    path.write_text(broken)
    assert run("checkcontent", root, "--no-receipts", "--fix")[0] == 1
    assert path.read_text() == broken


def test_the_check_may_look_at_some_files_only(root: Path) -> None:
    edit(root / "questions/recurrence/shared-weights.md", "[x]", "[ ]")
    edit(root / "questions/recurrence/which-two.md", "Why: No.", "Wy: No.")
    code, said = run("checkcontent", root, "which-two", "--no-receipts")
    assert code == 1
    assert "which-two.md" in said
    assert "shared-weights.md" not in said


def test_a_check_of_what_is_not_there_does_not_call_it_sound(root: Path) -> None:
    code, said = run("checkcontent", root, "which-two", str(root / "questions/recurrence/which-two.md"))
    assert code == 2
    assert said.startswith(f"no path below {root.name}/ contains '{root}/questions")
    assert "sound" not in said


def test_receipts_run_in_the_sandbox_and_hold(root: Path) -> None:
    code, said = run("checkcontent", root)
    assert code == 0, said
    assert "2 topics, 1 guides, 8 questions, 4 cards and 1 labs are sound; 10 receipts hold." in said


def test_a_published_question_without_a_receipt_is_a_problem(root: Path) -> None:
    (root / "questions/recurrence/which-two.check.py").unlink()
    code, said = run("checkcontent", root)
    assert code == 1
    assert "which-two.md: the question has no receipt; nothing proves its answer" in said


def test_a_receipt_that_does_not_hold_is_a_problem_with_its_line(root: Path) -> None:
    edit(root / "questions/recurrence/what-is-left.check.py", "0.0066", "0.0077")
    code, said = run("checkcontent", root)
    assert code == 1
    assert "fixtures/questions/recurrence/what-is-left.check.py:3: the assertion fails" in said


@pytest.mark.parametrize(
    ("source", "words"),
    [
        (
            "import numpy as np\nassert np.zeros(2).sum() == 1, 'zeros sum to one'\n",
            ":2: AssertionError: zeros sum to one",
        ),
        ("assert undefined\n", ":1: NameError"),
        ("import socket\nassert socket.socket()\n", "what-is-left.check.py"),
        ("import os\nassert True\nos._exit(0)\n", "instead of asserting"),
    ],
)
def test_whatever_a_receipt_does_comes_out_as_one_sentence(root: Path, source: str, words: str) -> None:
    (root / "questions/recurrence/what-is-left.check.py").write_text(source)
    code, said = run("checkcontent", root)
    assert code == 1
    assert words in said


class Boxes:
    """A pool whose boxes give one answer, or none."""

    def __init__(self, answer: Answer | None) -> None:
        self.answer = answer
        self.asked: list[str] = []

    def box(self, runtime: str, limits: Limits) -> "Boxes":
        self.asked.append(runtime)
        if self.answer is None:
            raise Unavailable("There is no such runtime here.")
        return self

    def __enter__(self) -> "Boxes":
        return self

    def __exit__(self, *args: object) -> None:
        pass

    def load(self, name: str, source: str) -> Answer:
        assert self.answer is not None
        return self.answer


@pytest.mark.parametrize(
    ("source", "runtime"),
    [
        ("import torch\n", "torch"),
        ("from torch.nn import LSTM\n", "torch"),
        ("import torchless\n", "numpy"),
        ("(", "numpy"),
    ],
)
def test_a_receipt_runs_where_its_imports_are(root: Path, source: str, runtime: str) -> None:
    (root / "questions/recurrence/what-is-left.check.py").write_text(source)
    boxes = Boxes(Answer(Outcome.OK))
    receipts.check(with_receipt(root), boxes)  # type: ignore[arg-type]
    assert boxes.asked == [runtime]


def test_without_torch_its_receipts_are_skipped_and_said_so(root: Path) -> None:
    edit(root / "questions/recurrence/what-is-left.check.py", "import numpy as np", "import torch")
    found = receipts.check(with_receipt(root), Boxes(None))  # type: ignore[arg-type]
    assert (found.run, found.problems) == (0, ())
    assert "was not run: There is no such runtime here." in str(found.skipped[0])


def test_without_any_sandbox_nothing_is_proved_and_that_is_a_problem(root: Path) -> None:
    found = receipts.check(with_receipt(root), Boxes(None))  # type: ignore[arg-type]
    assert "was not run" in str(found.problems[0])


@pytest.mark.parametrize("outcome", [one for one in Outcome if one is not Outcome.OK])
def test_every_way_of_ending_badly_has_a_sentence(root: Path, outcome: Outcome) -> None:
    answer = Answer(outcome, error=Raised("ValueError", "") if outcome is Outcome.RAISED else None)
    found = receipts.check(with_receipt(root), Boxes(answer))  # type: ignore[arg-type]
    assert len(found.problems) == 1
    assert "ended as" not in str(found.problems[0])
