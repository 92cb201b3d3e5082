"""How a process ended is one thing, what that means to the learner another."""

import pytest

from codelabs.sandbox import Limits, Outcome
from codelabs.verdict import Verdict, meaning, overall, sentence


def test_every_ending_has_a_meaning() -> None:
    assert {meaning(outcome) for outcome in Outcome} <= set(Verdict)


def test_only_a_broken_box_is_our_fault() -> None:
    assert [outcome for outcome in Outcome if meaning(outcome) is Verdict.INTERNAL] == [Outcome.BROKEN]


@pytest.mark.parametrize("outcome", [outcome for outcome in Outcome if outcome not in (Outcome.OK, Outcome.RAISED)])
def test_every_ending_that_does_not_speak_for_itself_has_a_sentence(outcome: Outcome) -> None:
    said = sentence(outcome, Limits(cpu_seconds=7, wall_seconds=9, memory_mb=123, output_bytes=456))
    assert said.endswith(".")
    assert "{" not in said


def test_sentences_name_the_labs_own_limit() -> None:
    assert "7 s" in sentence(Outcome.CPU_TIME, Limits(cpu_seconds=7))
    assert "123 MB" in sentence(Outcome.MEMORY, Limits(memory_mb=123))


def test_a_submission_passes_if_every_case_does() -> None:
    assert overall([Verdict.PASSED, Verdict.PASSED]) is Verdict.PASSED


def test_the_first_case_that_did_not_pass_gives_the_verdict() -> None:
    assert overall([Verdict.PASSED, Verdict.FAILED, Verdict.TIMEOUT]) is Verdict.FAILED
    assert overall([Verdict.PASSED, Verdict.TIMEOUT, Verdict.FAILED]) is Verdict.TIMEOUT


def test_our_fault_comes_before_a_broken_rule_and_that_before_the_rest() -> None:
    assert overall([Verdict.FAILED, Verdict.FORBIDDEN]) is Verdict.FORBIDDEN
    assert overall([Verdict.FORBIDDEN, Verdict.INTERNAL]) is Verdict.INTERNAL
