"""Proving a lab: right answers pass, the starter fails, and every known mistake fails and is recognised as itself."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from codelabs.comparing import compare
from codelabs.content import LabData
from codelabs.grading import mark
from codelabs.paper import LabFault, Paper, behaviours, set_paper
from codelabs.report import Report
from codelabs.verdict import Verdict

FEWEST_HIDDEN = 3


@dataclass(frozen=True)
class Check:
    """One file put to the test. `problem` is empty if it did as it should."""

    file: str
    expected: str
    found: str
    problem: str = ""


def prove(lab: LabData, *, seed: int) -> Iterator[Check]:
    """Each file's check as it is done, the cases first. Raises Unavailable where the sandbox cannot run at all.

    A lab whose cases fail gives one check, that of cases.py.
    """
    try:
        paper = set_paper(lab, seed)
    except LabFault as fault:
        yield Check("cases.py", "a paper", "failed", str(fault))
        return
    yield from prove_on(lab, paper)


def prove_on(lab: LabData, paper: Paper) -> Iterator[Check]:
    """The same on a paper that is drawn already."""
    yield _cases(paper)
    known = behaviours(lab, paper)
    for file in ("solution.py", "alternative.py"):
        report = mark(lab, paper, lab.files[file], name_mistake=True, known=known)
        problem = "" if report.verdict is Verdict.PASSED else _first_complaint(report)
        yield Check(file, "passes", report.verdict.value, problem)
    report = mark(lab, paper, lab.files["starter.py"], name_mistake=True, known=known)
    yield Check("starter.py", "fails", report.verdict.value, _still_passes(report))
    for wrong in lab.wrong:
        report = mark(lab, paper, lab.files[wrong.file], name_mistake=True, known=known)
        named = report.diagnosis.file if report.diagnosis is not None else ""
        problem = _still_passes(report)
        if not problem and named != wrong.file:
            problem = f"is recognised as {named}" if named else "is not recognised by its answers"
        found = f"{report.verdict.value}, {report.diagnosis.misconception if report.diagnosis else 'not named'}"
        yield Check(wrong.file, f"fails as {wrong.misconception}", found, problem)


def proof(lab: LabData, checks: list[Check], *, version: int, at: datetime) -> dict[str, Any]:
    """What Lab.proof keeps. `refused` of `mistakes` known mistakes fail and are recognised."""
    mistakes = [check for check in checks if check.file.startswith("wrong/")]
    return {
        "version": version,
        "at": at.isoformat(),
        "holds": not any(check.problem for check in checks),
        "cases": next((check.found for check in checks if check.file == "cases.py"), ""),
        "mistakes": len(lab.wrong),
        "refused": sum(not check.problem for check in mistakes),
        "problems": [f"{check.file}: {check.problem}" for check in checks if check.problem],
    }


def _cases(paper: Paper) -> Check:
    visible = sum(question.visible for question in paper.questions)
    hidden = len(paper.questions) - visible
    found = f"{visible} visible, {hidden} hidden, truth from {paper.truth}"
    problem = ""
    if not visible:
        problem = "no case is visible, so Run would show nothing"
    elif hidden < FEWEST_HIDDEN:
        problem = f"only {hidden} hidden cases"
    elif all(_same_answer(paper, question.expected) for question in paper.questions[1:]):
        problem = "all cases have the same answer"
    return Check("cases.py", "visible and hidden cases", found, problem)


def _same_answer(paper: Paper, answer: Any) -> bool:
    return compare(paper.questions[0].expected, answer, rtol=0, atol=0) is None


def _still_passes(report: Report) -> str:
    if report.verdict is Verdict.PASSED:
        return "passes all cases, so they do not tell it from a right answer"
    return report.reason or report.message if report.verdict is Verdict.INTERNAL else ""


def _first_complaint(report: Report) -> str:
    case = next((case for case in report.cases if case.verdict is not Verdict.PASSED), None)
    return f"case {case.id}: {case.message}" if case is not None else report.reason or report.message
