"""Receipts prove the texts beside them: a wrong formula or number planted in a copy of the real content is caught."""

import shutil
from pathlib import Path

import pytest
from django.conf import settings

from codelabs.sandbox import Pool, pool
from prepsite import publishing, receipts
from quizzes.content import receipt
from quizzes.content.data import ReceiptData

FIXTURES = Path(settings.BASE_DIR) / "fixtures"
PLANTED = {
    "a number of an answer": ("questions/recurrent-networks/how-far-back.md", "| 99.5 |", "| 98.5 |"),
    "a number on a card": ("cards/recurrent-myths.md", "(1.15, 1.54, 4.62)", "(1.15, 1.45, 4.62)"),
    "a formula on a card": (
        "cards/sequence-myths.md",
        r"$R = 1 + (k-1)\sum_i d_i$",
        r"$R = 1 + k\sum_i d_i$",
    ),
    "a name on the timeline": ("cards/recurrent-timeline.md", "**Gu, Goel and Ré**", "**Gu, Dao and Ré**"),
    "a count on a card": ("cards/serving-lab-mistakes.md", "**3, 1, 1, 1**", "**3, 3, 1, 1**"),
    "a number of a guide": ("guides/sequence-models.md", "0.605", "0.506"),
    "a worked step of a guide": (
        "guides/recurrent-networks.md",
        "0.762 | 0.909 | 0.949 | 0.069",
        "0.762 | 0.909 | 0.949 | 0.210",
    ),
    "a formula of a guide": (
        "guides/recurrent-networks.md",
        r"\mat{J}_t = \diag(1 - \vec{h}_t^2)\,\mat{W}.",
        r"\mat{J}_t = \diag(1 - \vec{h}_t^2)\,\mat{W}^\top.",
    ),
    "a condition of a guide": (
        "guides/recurrent-networks.md",
        "| $\\sigma_1 < 1/\\gamma$ |",
        "| $\\rho < 1/\\gamma$ |",
    ),
    "the order of a scan": ("guides/modern-recurrent.md", r"(a'a,\; a'b + b')", r"(a'a,\; ab' + b)"),
    "a formula of a misconception": (
        "misconceptions/recurrent-networks.toml",
        r"the Jacobian is $\diag(1 - \vec{h}_t^2)\,\mat{W}$",
        r"the Jacobian is $\mat{W}\,\diag(1 - \vec{h}_t^2)$",
    ),
    "a wrong claim of a receipt": (
        "questions/recurrent-networks/forget-gate-survival.check.py",
        "abs(0.99**500 - 0.00657)",
        "abs(0.99**500 - 0.00757)",
    ),
}


def problems_of(root: Path, file: str, boxes: Pool) -> str:
    """What is wrong with one file of the content, its receipt run in the sandbox."""
    content = publishing.read(root)[0].content
    text = file.replace(receipt.ENDING, ".md")
    ours = [one for one in receipts.of(content) if one.file.endswith(text)]
    found = [*receipts.unproven(content), *receipts.check(ours, boxes).problems]
    return "\n".join(str(problem) for problem in found if file.partition(".")[0] in problem.file)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    root = tmp_path / "fixtures"
    shutil.copytree(FIXTURES, root, ignore=shutil.ignore_patterns("labs", "figures"))
    return root


@pytest.mark.parametrize("planted", PLANTED)
def test_what_is_planted_is_caught(copy: Path, planted: str) -> None:
    file, right, wrong = PLANTED[planted]
    text = (copy / file).read_text()
    assert right in text
    (copy / file).write_text(text.replace(right, wrong))
    assert problems_of(copy, file, pool()) != ""  # as it stands it is sound: `make test` runs every receipt


def a_receipt(text: str, source: str, given: str = "") -> ReceiptData:
    return ReceiptData("fixtures/guides/a.md", text, source, given)


@pytest.mark.parametrize(
    ("text", "source", "left"),
    [
        ("It is 0.25.", "assert 0.5**2 == 0.25", []),
        ("It is 0.35.", "assert 0.5**2 == 0.25", ["0.35"]),
        ("There are 15,040 of them.", "assert 15_040", []),
        ("There are 15,140 of them.", "assert 15_040", ["15,140"]),
        (r"$2.7 \cdot 10^{-5}$", "assert 2.7e-5", []),
        ("In 1997 there were 3.", "assert True", []),
        ("```\nx = 0.125\n```", "assert True", []),
        ("[more](/a/1.5/)", "assert True", []),
    ],
)
def test_computed_numbers_must_stand_in_the_receipt(text: str, source: str, left: list[str]) -> None:
    assert receipt.unproven(a_receipt(text, source)) == left


def test_the_numbers_of_a_prompt_are_data() -> None:
    assert receipt.unproven(a_receipt("With 0.75 of them …", "assert True", given="A gate of 0.75")) == []


def test_a_receipt_reads_the_text_that_it_proves() -> None:
    source = 'from page import says\nassert says("a + b")\nassert not says("a - b")\n'
    assert receipts.check([a_receipt("so $a  +\nb$", source)], pool()).problems == ()
    assert receipts.check([a_receipt("so $a + b^\\top$", source)], pool()).problems != ()


def test_a_receipt_without_its_text_is_reported(copy: Path) -> None:
    (copy / "guides/nothing.check.py").write_text("assert True\n")
    said = "\n".join(map(str, publishing.read(copy)[1]))
    assert "guides/nothing.check.py: a receipt without the text that it proves" in said


def test_a_guide_or_a_deck_without_a_receipt_is_a_problem(copy: Path) -> None:
    for text in ("guides/sequence-models", "cards/recurrent-timeline"):
        (copy / f"{text}.check.py").unlink()
    said = "\n".join(map(str, receipts.unproven(publishing.read(copy)[0].content)))
    assert "guides/sequence-models.md: the guide has no receipt" in said
    assert "cards/recurrent-timeline.md: the deck has no receipt" in said


@pytest.mark.parametrize("source", ["assert (", "x = 1\n"])
def test_a_receipt_that_is_no_proof_is_said_so(copy: Path, source: str) -> None:
    (copy / "cards/recurrent-myths.check.py").write_text(source)
    assert "cards/recurrent-myths.check.py" in "\n".join(map(str, publishing.read(copy)[1]))
