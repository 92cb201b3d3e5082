"""A submission's result as the page shows it: words, colours and pictures for what `grade --json` says."""

import datetime as dt
import re
from dataclasses import dataclass, replace
from typing import Any

from django.utils import timezone

from codelabs import heatmap
from codelabs.heatmap import HeatMap
from codelabs.models import Submission
from codelabs.views.measures import Measure, measures

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
ANSWERED = ("passed", "failed")
# What the learner may call a pass instead, as the cards do.
RATINGS = ((1, "Again"), (2, "Hard"), (3, "Good"), (4, "Easy"))
UNKNOWN = ("not run", "plain")
_LINE_ENDS = re.compile("\r\n|\r|\n")  # Python and the editor know no others; str.splitlines has eight more


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
    is_traced: bool  # its traceback says all that its sentence does; of a limit the traceback says only where
    line: int | None
    picture: HeatMap | None

    @property
    def has_more(self) -> bool:
        """Whether there is more to show than its name, its verdict and why it exists."""
        return bool(self.says or self.picture or self.traceback or self.expected or self.prints)


@dataclass(frozen=True)
class ScratchRow:
    """What came of the learner's own lines; `chip` is empty where there is nothing to complain of."""

    code: str
    word: str
    chip: str
    says: str
    prints: str
    value: str
    traceback: str


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
    scratch: ScratchRow | None
    error_lines: list[int]
    measures: list[Measure]


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
    until = submission.lesson.get("memory", {}).get("until")
    return {
        "submission": submission,
        "report": read(submission),
        "ratings": RATINGS,
        "rating_open": until is not None and timezone.now() < dt.datetime.fromisoformat(until),
    }


def read(submission: Submission) -> Report:
    """Put a submission's result into words."""
    result = submission.result
    word, chip = verdict_words(submission.verdict)
    cases = case_rows(submission)
    scratch = result.get("scratch")
    finished = submission.status == Submission.Status.FINISHED
    return Report(
        word=word,
        chip=chip,
        headline=headline(submission),
        diagnosis=result.get("diagnosis"),
        questions=[(slug, words_of(slug)) for slug in submission.lab.questions],
        message=result.get("message", ""),
        cases=cases,
        scratch=_scratch(submission.scratch, scratch) if scratch else None,
        error_lines=error_lines(cases, scratch),
        measures=measures(result, submission.lab.limits) if finished else [],
    )


def case_rows(submission: Submission) -> list[CaseRow]:
    """The cases marked so far."""
    return _said_once([_case(case) for case in submission.result.get("cases", [])])


def error_lines(cases: list[CaseRow], scratch: dict[str, Any] | None = None) -> list[int]:
    """The lines of the learner's code that a traceback names."""
    named = {case.line for case in cases} | {(scratch or {}).get("line")}
    return sorted(line for line in named if line is not None)


def source_lines(submission: Submission, report: Report) -> list[SourceLine]:
    """The code by line, with those marked that a traceback names."""
    marked = set(report.error_lines)
    lines = _LINE_ENDS.split(submission.source.removesuffix("\n"))
    return [SourceLine(text, number in marked) for number, text in enumerate(lines, 1)]


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
        is_traced="traceback" in case and "limit" not in case,
        line=case.get("line"),
        picture=heatmap.draw(picture) if picture else None,
    )


def _said_once(cases: list[CaseRow]) -> list[CaseRow]:
    """The cases with a traceback, and what is said of code that did not answer, shown only where they are first met:
    code that cannot be loaded, or is not allowed, fails all in one way."""
    met: set[str] = set()
    rows: list[CaseRow] = []
    for case in cases:
        said = "" if case.word not in ANSWERED and case.says in met else case.says
        rows.append(replace(case, traceback="" if case.traceback in met else case.traceback, says=said))
        met |= {case.traceback, case.says}
    return rows


def _scratch(code: str, said: dict[str, Any]) -> ScratchRow:
    word, chip = ("", "") if said["verdict"] == "passed" else verdict_words(said["verdict"])
    return ScratchRow(
        code=code,
        word=word,
        chip=chip,
        says=said["message"],
        prints=said.get("stdout", ""),
        value=said.get("value", ""),
        traceback=said.get("traceback", ""),
    )


def headline(submission: Submission) -> str:
    """The whole in one sentence, finished or not."""
    passed, total = submission.passed, submission.total
    run = submission.kind == Submission.Kind.RUN
    if submission.status == Submission.Status.QUEUED:
        return "Waiting for a free place…"
    if submission.status == Submission.Status.RUNNING:
        marked = len(submission.result.get("cases", []))
        return f"Running your code: {marked} of {total} cases are marked…" if total else "Running your code…"
    if submission.verdict == "internal":
        return "Something broke on our side. This attempt does not count, and your code is kept; please send it again."
    if submission.verdict == "passed" and run:
        return f"All {total} visible cases passed. Submit runs the hidden ones too."
    if submission.verdict == "passed":
        return f"Passed: all {total} cases."
    if total == 0:
        return "Your code did not get as far as the first case."
    return f"{passed} of {total} {'visible cases' if run else 'cases'} passed."
