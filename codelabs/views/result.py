"""A submission's result as the page shows it: words, colours and pictures for what `grade --json` says."""

from dataclasses import dataclass, replace
from typing import Any

from codelabs import heatmap
from codelabs.heatmap import HeatMap
from codelabs.models import Submission

# The word on the chip and its colour, by verdict.
WORDS = {
    "passed": ("passed", "good"),
    "failed": ("failed", "weak"),
    "error": ("error", "weak"),
    "timeout": ("too slow", "weak"),
    "memory": ("too much memory", "weak"),
    "output": ("too much output", "weak"),
    "forbidden": ("not allowed", "weak"),
    "internal": ("our fault", "shaky"),
}
ABBREVIATIONS = frozenset({"bptt", "cnn", "ctc", "gpu", "gru", "kl", "kv", "lstm", "mlp", "nlp", "rnn", "ssm", "tcn"})
UNKNOWN = ("not run", "plain")


@dataclass(frozen=True)
class CaseRow:
    """One case. Of a hidden one the grader hands out no values, so there are none here to show."""

    name: str
    word: str
    chip: str
    why: str
    visible: bool
    says: str
    inputs: list[dict[str, str]]
    expected: str
    actual: str
    prints: str
    traceback: str
    line: int | None
    picture: HeatMap | None


@dataclass(frozen=True)
class Report:
    """A finished or unfinished submission in words."""

    word: str
    chip: str
    headline: str
    diagnosis: dict[str, str] | None
    questions: list[tuple[str, str]]
    message: str
    cases: list[CaseRow]
    error_lines: list[int]
    measures: list[str]


@dataclass(frozen=True)
class SourceLine:
    text: str
    is_error: bool


def words_of(slug: str) -> str:
    """A slug as words: labs know topics and questions by slug alone."""
    words = [word.upper() if word in ABBREVIATIONS else word for word in slug.split("-")]
    return " ".join([words[0][:1].upper() + words[0][1:], *words[1:]])


def verdict_words(verdict: str) -> tuple[str, str]:
    """The word for a verdict and the colour of its chip."""
    return WORDS.get(verdict, UNKNOWN)


def result_context(submission: Submission) -> dict[str, Any]:
    """What `_result.html` needs."""
    return {"submission": submission, "report": read(submission)}


def read(submission: Submission) -> Report:
    """Put a submission's result into words."""
    result = submission.result
    word, chip = verdict_words(submission.verdict)
    cases = _said_once([_case(case) for case in result.get("cases", [])])
    return Report(
        word=word,
        chip=chip,
        headline=_headline(submission),
        diagnosis=result.get("diagnosis"),
        questions=[(slug, words_of(slug)) for slug in submission.lab.questions],
        message=result.get("message", ""),
        cases=cases,
        error_lines=sorted({case.line for case in cases if case.line is not None}),
        measures=_measures(submission),
    )


def source_lines(submission: Submission, report: Report) -> list[SourceLine]:
    """The code by line, with those marked that a traceback names."""
    marked = set(report.error_lines)
    return [SourceLine(text, number in marked) for number, text in enumerate(submission.source.splitlines(), 1)]


def _case(case: dict[str, Any]) -> CaseRow:
    word, chip = verdict_words(case["verdict"])
    picture = case.get("picture")
    return CaseRow(
        name=case["id"].replace("-", " ").replace("_", " "),
        word=word,
        chip=chip,
        why=case.get("why", ""),
        visible=case["visible"],
        says=case["message"],
        inputs=case.get("inputs", []),
        expected=case.get("expected", ""),
        actual=case.get("actual", ""),
        prints=case.get("stdout", ""),
        traceback=case.get("traceback", ""),
        line=case.get("line"),
        picture=heatmap.draw(picture) if picture else None,
    )


def _said_once(cases: list[CaseRow]) -> list[CaseRow]:
    """The cases with a traceback shown only where it is first met: code that cannot be loaded fails all in one way."""
    met: set[str] = set()
    rows: list[CaseRow] = []
    for case in cases:
        rows.append(replace(case, traceback="") if case.traceback in met else case)
        met.add(case.traceback)
    return rows


def _headline(submission: Submission) -> str:
    passed, total = submission.passed, submission.total
    run = submission.kind == Submission.Kind.RUN
    if submission.status != Submission.Status.FINISHED:
        return "Waiting for a free place…" if submission.status == Submission.Status.QUEUED else "Running your code…"
    if submission.verdict == "internal":
        return "Something broke on our side. This attempt does not count, and your code is kept; please send it again."
    if submission.verdict == "passed":
        return (
            f"All {total} visible cases passed. Submit runs the hidden ones too."
            if run
            else f"Passed: all {total} cases."
        )
    if total == 0:
        return "Your code did not get as far as the first case."
    return f"{passed} of {total} {'visible cases' if run else 'cases'} passed."


def _measures(submission: Submission) -> list[str]:
    """What the attempt cost, each with what it is to be compared with."""
    result = submission.result
    words: list[str] = []
    if submission.status == Submission.Status.FINISHED and submission.total:
        words.append(f"{submission.passed} of {submission.total} passed")
    # Over the cases alone, as the reference is measured: reading the code in is not counted.
    cpu = sum(case.get("cpu_seconds", 0.0) for case in result.get("cases", []))
    reference = result.get("reference_cpu_seconds")
    if cpu:
        beside = f" beside the reference’s {_seconds(reference)}" if reference else ""
        words.append(f"{_seconds(cpu)} of CPU{beside}")
    if (memory := result.get("memory_mb")) is not None:
        words.append(f"{memory:.0f} MB of memory" if memory >= 1 else "under 1 MB of memory")
    return words


def _seconds(value: float) -> str:
    return f"{value * 1000:.1f} ms" if value < 0.1 else f"{value:.2f} s"
