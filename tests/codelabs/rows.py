"""Rows for the tests of the lab pages: labs, attempts, and results as the grader writes them."""

from datetime import UTC, datetime
from typing import Any

from codelabs.grading import Marked, Steps
from codelabs.models import Lab, LabFile, Submission
from codelabs.report import Report

AT = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
STARTER = "def lstm_step(x, h, c, W, b):\n    raise NotImplementedError\n"
SOLUTION = "def lstm_step(x, h, c, W, b):\n    return h, c  # the model answer\n"


def make_lab(slug: str = "lstm-step", **changed: Any) -> Lab:
    """A published lab with a starter and a solution."""
    lab = Lab.objects.create(
        **{
            "slug": slug,
            "number": Lab.objects.count() + 1,
            "title": slug.replace("-", " ").title(),
            "summary": "One step.",
            "topic": "recurrent-networks",
            "level": "basic",
            "runtime": "numpy",
            "entry": "lstm_step",
            "statement": "Write it.",
            "html": {"statement": "<p>Write it.</p>", "hints": ["<p>One</p>", "<p>Two</p>", "<p>Three</p>"]},
            "hints": ["One", "Two", "Three"],
        }
        | changed
    )
    LabFile.objects.create(lab=lab, path="starter.py", text=STARTER)
    LabFile.objects.create(lab=lab, path="solution.py", text=SOLUTION)
    return lab


def steps_of(report: Report) -> Steps:
    """A grader's way to this report: its cases one by one."""
    for case in report.cases:
        yield Marked(case, len(report.cases))
    return report


def make_case(name: str, verdict: str = "passed", *, visible: bool = True, **more: Any) -> dict[str, Any]:
    return {
        "id": name,
        "visible": visible,
        "verdict": verdict,
        "message": "",
        "why": f"why {name}",
        "cpu_seconds": 0.02,
    } | more


def make_result(verdict: str, cases: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    """What `grade --json` prints, with what the page shows besides."""
    passed = sum(case["verdict"] == "passed" for case in cases)
    return {
        "lab": "lstm-step",
        "verdict": verdict,
        "passed": passed,
        "total": len(cases),
        "cases": cases,
        "diagnosis": None,
        "seconds": 0.1,
        "cpu_seconds": 0.061,
        "memory_mb": 3.2,
        "message": "",
        "reference_cpu_seconds": 0.055,
    } | more


def make_submission(lab: Lab, verdict: str = "passed", **changed: Any) -> Submission:
    """A finished submission, or with verdict "" one that waits."""
    result = changed.pop("result", None) or (make_result(verdict, [make_case("small", verdict)]) if verdict else {})
    return Submission.objects.create(
        **{
            "lab": lab,
            "lab_version": lab.version,
            "kind": "submit",
            "source": "x = 1\n",
            "status": "finished" if verdict else "queued",
            "verdict": verdict,
            "passed": result.get("passed", 0),
            "total": result.get("total", 0),
            "result": result,
            "created_at": AT,
        }
        | changed
    )
