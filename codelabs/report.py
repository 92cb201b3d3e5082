"""What grading found, as plain values: for the page, for `manage.py grade --json`, and for the proof of a lab."""

from dataclasses import dataclass, field
from typing import Any

from codelabs.comparing import Difference
from codelabs.content import Wrong
from codelabs.verdict import Verdict, overall
from prepsite.lib import markdown


@dataclass(frozen=True)
class CaseResult:
    """One case. `message` is one sentence, `line` the learner's line that failed, seconds are CPU.

    `shown` holds what only a visible case may show: inputs, expected, actual, stdout, traceback. It is empty for
    hidden cases, and their messages hold no value.
    """

    id: str
    why: str
    visible: bool
    verdict: Verdict
    message: str = ""
    difference: Difference | None = None
    line: int | None = None
    limit: str = ""  # the key of lab.toml whose value was passed
    cpu_seconds: float = 0.0
    reference_cpu_seconds: float = 0.0
    shown: dict[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        said: dict[str, Any] = {
            "id": self.id,
            "visible": self.visible,
            "verdict": self.verdict.value,
            "message": self.message,
            "why": self.why,
            "cpu_seconds": round(self.cpu_seconds, 6),
            "reference_cpu_seconds": round(self.reference_cpu_seconds, 6),
        }
        if self.line is not None:
            said["line"] = self.line
        if self.limit:
            said["limit"] = self.limit
        if self.difference is not None:
            said["kind"] = self.difference.kind.value
            if self.visible and self.difference.picture:
                said["picture"] = [list(row) for row in self.difference.picture]
        return said | self.shown


@dataclass(frozen=True)
class Report:
    """The whole of a grading. `message` says to the learner why nothing was graded; `reason` is for staff alone.

    `scratch` is what `codelabs.scratch` says of the learner's own lines.
    """

    lab: str
    verdict: Verdict
    cases: tuple[CaseResult, ...] = ()
    diagnosis: Wrong | None = None
    seconds: float = 0.0
    cpu_seconds: float = 0.0
    memory_mb: float = 0.0
    message: str = ""
    reason: str = ""
    reference_memory_mb: float | None = None
    scratch: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, lab: str, cases: tuple[CaseResult, ...], **rest: Any) -> "Report":
        return cls(lab, overall(case.verdict for case in cases), cases, **rest)

    @property
    def passed(self) -> int:
        return sum(case.verdict is Verdict.PASSED for case in self.cases)

    def as_json(self) -> dict[str, Any]:
        """The object that `manage.py grade --json` prints."""
        return {
            "lab": self.lab,
            "verdict": self.verdict.value,
            "passed": self.passed,
            "total": len(self.cases),
            "cases": [case.as_json() for case in self.cases],
            "diagnosis": _diagnosis(self.diagnosis),
            "seconds": round(self.seconds, 3),
            "cpu_seconds": round(self.cpu_seconds, 6),
            "memory_mb": round(self.memory_mb, 1),
        }

    def as_result(self) -> dict[str, Any]:
        """The same with what only the page shows: the sentence about the whole, and what the model answer needed."""
        reference = sum(case.reference_cpu_seconds for case in self.cases)
        said = self.as_json() | {"message": self.message, "reference_cpu_seconds": round(reference, 6)}
        if self.reference_memory_mb is not None:
            said["reference_memory_mb"] = round(self.reference_memory_mb, 1)
        return said | ({"scratch": self.scratch} if self.scratch else {})


def _diagnosis(wrong: Wrong | None) -> dict[str, str] | None:
    """`says` and `why` are safe HTML, since authors write them as Markdown."""
    if wrong is None:
        return None
    return {
        "misconception": wrong.misconception,
        "file": wrong.file,
        "says": markdown.inline(wrong.says).html,
        "why": markdown.render(wrong.why).html,
    }
