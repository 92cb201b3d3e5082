"""The answer-blind grader: no expected value, tolerance, seed or reference is ever in the learner's process.

1. The paper: the author's cases and oracle run in a box of their own, from a fresh secret seed.
2. The examination: the learner's code, in another box, gets one input at a time and returns values.
3. The comparison happens here, on plain values.
4. The diagnosis: do the answers equal those of a known wrong solution?

`grade_source` is what the site, `manage.py grade` and `manage.py checklabs` share.
"""

import builtins
import time
from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from codelabs import reference
from codelabs.comparing import Difference
from codelabs.content import LabData
from codelabs.diagnosis import diagnose
from codelabs.examining import SUBMISSION, Examinee
from codelabs.judging import Jury, difference, overspent
from codelabs.paper import Behaviour, LabFault, Paper, Question, behaviours, set_paper
from codelabs.report import CaseResult, Report
from codelabs.sandbox import Answer, Heard, Outcome, Raised, Unavailable
from codelabs.scratch import try_out
from codelabs.showing import CUT, SHOWN, beginning, readable, shown_of
from codelabs.sitting import Sitting
from codelabs.verdict import Verdict, limit_passed, meaning, sentence

RUN, SUBMIT = "run", "submit"
PROMPT_SECONDS = 0.002  # an answer that comes so soon is taken before the one before it is marked: see `_Marking`
BRIEF_SECONDS = 0.05  # so long nobody minds that what has been marked is held back
_FAULT = "This lab has a fault of its own and cannot grade at the moment. It does not count against you."
_OURS = "The grader failed on our side. Your submission is kept and this does not count against you."
_LATE = "Not run: the cases before it used up the time that one submission may take."


@dataclass(frozen=True)
class Marked:
    """A case that has just been marked, and how many there are."""

    result: CaseResult
    total: int


# Each case as soon as it is marked, None where the next one takes a while, and the report at the end.
Steps = Generator[Marked | None, None, Report]


@dataclass(frozen=True)
class _Answered:
    """A question and what was heard of its answer; None if it was `late` or the code could not be loaded."""

    question: Question
    heard: Heard | Answer | None
    late: bool


class _Marking:
    """Reads and marks answers, those that come promptly several at a time.

    Box and grader mostly work by turns, and each finds the caches full of the other's. While answers come quickly the
    box is only asked on, and what it said is read and marked when it takes longer or has said all.
    """

    def __init__(self, lab: LabData, paper: Paper) -> None:
        self.lab = lab
        self.total = len(paper.questions)
        self.results: list[CaseResult] = []
        self.seen: dict[str, Behaviour] = {}
        self.put_off: list[_Answered] = []

    @property
    def broken(self) -> bool:
        return bool(self.results) and self.results[-1].verdict is Verdict.INTERNAL

    def catch_up(self, examinee: Examinee, jury: Jury) -> Iterator[Marked]:
        answered, self.put_off = self.put_off, []
        for one in answered:
            answer = examinee.read(one.heard) if isinstance(one.heard, Heard) else one.heard
            result = self._result(one, answer, examinee, jury)
            if one.question.visible and not any(earlier.visible for earlier in self.results):
                result = _with_prints(result, examinee.printed)
            self.results.append(result)
            if answer is not None and (behaviour := _behaviour(one.question, answer)) is not None:
                self.seen[one.question.id] = behaviour
            yield Marked(result, self.total)

    def _result(self, one: _Answered, answer: Answer | None, examinee: Examinee, jury: Jury) -> CaseResult:
        if one.late:
            return _result(one.question, Verdict.TIMEOUT, _LATE)
        if answer is None:
            return _not_loaded(self.lab, one.question, examinee)
        return _marked(self.lab, one.question, answer, examinee, jury)


def report_of(steps: Steps) -> Report:
    """The report, for those who do not look at the cases on the way."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            report: Report = end.value
            return report


def grade_source(lab: LabData, source: str, kind: str, *, seed: int, sitting: Sitting | None = None) -> Report:
    """Grade `source`: the visible cases for kind "run", all for "submit". Never raises for what code or sandbox do.

    A `sitting` prepared ahead is used up by this; without one the paper is drawn now, from `seed`.
    """
    return report_of(grade_steps(lab, source, kind, seed=seed, sitting=sitting))


def grade_steps(
    lab: LabData, source: str, kind: str, *, seed: int, scratch: str = "", sitting: Sitting | None = None
) -> Steps:
    """As `grade_source`, case by case. `scratch` are lines of the learner's own, run after the visible cases."""
    start = time.perf_counter()
    try:
        sitting = sitting or Sitting(set_paper(lab, seed, visible_only=kind == RUN))
        paper = sitting.paper.visible if kind == RUN else sitting.paper
        report = yield from mark_steps(lab, paper, source, name_mistake=kind == SUBMIT, sitting=sitting)
        report = replace(report, reference_memory_mb=reference.memory_mb(lab, paper))
        if kind == RUN and scratch.strip():
            report = replace(report, scratch=try_out(lab, source, scratch))
    except Unavailable as absent:
        report = Report(lab.slug, Verdict.INTERNAL, message=absent.reason, reason=absent.reason)
    except LabFault as fault:
        report = Report(lab.slug, Verdict.INTERNAL, message=_FAULT, reason=str(fault))
    return replace(report, seconds=time.perf_counter() - start)


def mark(
    lab: LabData,
    paper: Paper,
    source: str,
    *,
    name_mistake: bool,
    known: Mapping[str, tuple[Behaviour, ...]] | None = None,
) -> Report:
    """Examine `source` on a paper. `known` are the wrong solutions' behaviours, if the caller has them already."""
    return report_of(mark_steps(lab, paper, source, name_mistake=name_mistake, known=known))


def mark_steps(
    lab: LabData,
    paper: Paper,
    source: str,
    *,
    name_mistake: bool,
    known: Mapping[str, tuple[Behaviour, ...]] | None = None,
    sitting: Sitting | None = None,
) -> Steps:
    """As `mark`, case by case. The `sitting` was made ready for this paper, if there is one."""
    box, calls = (None, {}) if sitting is None else (sitting.box, sitting.calls)
    known = known if sitting is None else sitting.known
    marking = _Marking(lab, paper)
    with Examinee(lab, source, scripted=paper.scripted, box=box, calls=calls) as examinee, Jury(lab) as jury:
        for question, following in zip(paper.questions, (*paper.questions[1:], None), strict=True):
            late = examinee.exhausted
            if marking.put_off and not late and not examinee.answers_within(question, PROMPT_SECONDS):
                yield from marking.catch_up(examinee, jury)
            waited = not marking.put_off and bool(marking.results) and not late
            if waited and not examinee.answers_within(question, BRIEF_SECONDS):
                yield None
            slow = bool(question.cost or question.judge)  # these take boxes of their own, or ask once more
            heard = None if late else examinee.hear(question, None if slow else following)
            marking.put_off.append(_Answered(question, heard, late))
            if slow or not isinstance(heard, Heard):
                yield from marking.catch_up(examinee, jury)
            if marking.broken:
                break  # tried twice; the rest would only fail in the same way
        yield from marking.catch_up(examinee, jury)
    results, seen = marking.results, marking.seen
    report = Report.of(
        lab.slug,
        tuple(results),
        cpu_seconds=examinee.cpu_seconds,
        memory_mb=examinee.memory_mb,
    )
    if report.verdict is Verdict.INTERNAL:
        return replace(report, message=_OURS, reason="the learner's box broke twice")
    failed = _failed(paper, results)
    if name_mistake and failed:
        try:
            known = behaviours(lab, paper) if known is None else known
        except Unavailable:
            return report  # the verdict stands without its name
        return replace(report, diagnosis=diagnose(lab, paper.telling, failed, seen, known))
    return report


def _failed(paper: Paper, results: Sequence[CaseResult]) -> set[str]:
    """The cases whose answers were wrong, and those about cost that took too long to have one."""
    slow = {question.id for question in paper.questions if question.cost}
    return {
        result.id
        for result in results
        if result.verdict is Verdict.FAILED or (result.verdict is Verdict.TIMEOUT and result.id in slow)
    }


def _with_prints(result: CaseResult, printed: str) -> CaseResult:
    """The case with what was printed while the code was loaded, before its own prints."""
    if not printed:
        return result
    stdout = beginning(readable(printed) + result.shown.get("stdout", "").removesuffix(CUT))
    return replace(result, shown=result.shown | {"stdout": stdout})


def _marked(lab: LabData, question: Question, answer: Answer, examinee: Examinee, jury: Jury) -> CaseResult:
    if answer.outcome is not Outcome.OK:
        return _stopped(lab, question, answer)
    found = difference(question, answer, lab.parameters, jury)
    if found is None and question.cost:
        found = overspent(question, answer, examinee, jury)
    verdict = Verdict.PASSED if found is None else Verdict.FAILED
    message = "" if found is None else found.sentence if question.visible else found.hint
    return _result(question, verdict, message, answer, lab.parameters, found)


def _stopped(lab: LabData, question: Question, answer: Answer) -> CaseResult:
    """The code ended in another way than by returning an answer."""
    verdict = meaning(answer.outcome)
    message = sentence(answer.outcome, lab.box_limits)
    if answer.error is not None and answer.outcome is Outcome.RAISED:
        message = _raised(answer.error, question.visible)
        if answer.error.type == "Forbidden":  # a banned function, called where reading the source did not find it
            verdict = Verdict.FORBIDDEN
    if answer.error is not None and answer.outcome is Outcome.MALFORMED and question.visible:
        message = f"{message} This was {answer.error.message[:SHOWN]}."
    return _result(question, verdict, message, answer, lab.parameters)


def _not_loaded(lab: LabData, question: Question, examinee: Examinee) -> CaseResult:
    """Nothing of this submission can run; every case says why."""
    if examinee.banned:
        line, name = examinee.banned[0]
        message = f"Line {line} uses {name}, which this lab does not allow: the point is to write it yourself."
        return replace(_result(question, Verdict.FORBIDDEN, message), line=line)
    refusal = examinee.refusal
    if refusal is None:  # loading broke on our side, twice
        return _result(question, Verdict.INTERNAL, _OURS)
    return _stopped(lab, question, refusal)


def _raised(error: Raised, visible: bool) -> str:
    """An exception in one line. Of a hidden case not even the message is told: it could carry the input."""
    line = _line(error)
    at = f" on line {line}" if line else ""
    if visible:
        return f"{error.type}{at}: {error.message}".removesuffix(": ")[:SHOWN]
    # No more names than an exception can have: each one to choose from is one thing more that a hidden input can say.
    kind = getattr(builtins, error.type, None)
    known = (isinstance(kind, type) and issubclass(kind, BaseException)) or error.type in ("LinAlgError", "Forbidden")
    return f"{error.type if known else 'An exception of its own'} was raised{at}."


def _line(error: Raised) -> int | None:
    """The innermost line of the learner's own file."""
    lines = [line for file, line, _ in error.frames if SUBMISSION in file]
    return lines[-1] if lines else None


def _result(
    question: Question,
    verdict: Verdict,
    message: str,
    answer: Answer | None = None,
    names: tuple[str, ...] = (),
    difference: Difference | None = None,
) -> CaseResult:
    return CaseResult(
        id=question.id,
        why=question.why,
        visible=question.visible,
        verdict=verdict,
        message=readable(message),
        difference=difference,
        limit=limit_passed(answer.outcome) if answer is not None else "",
        line=_line(answer.error) if answer is not None and answer.error is not None else None,
        cpu_seconds=answer.cpu_seconds if answer is not None else 0.0,
        reference_cpu_seconds=question.seconds,
        shown=shown_of(question, verdict, answer, names) if question.visible and answer is not None else {},
    )


def _behaviour(question: Question, answer: Answer) -> Behaviour | None:
    if answer.outcome is Outcome.OK:
        return Behaviour(answer.value, question.handed_back(answer.arguments or ()))
    if answer.outcome is Outcome.RAISED and answer.error is not None:
        return Behaviour(raised=answer.error.type)
    return None
