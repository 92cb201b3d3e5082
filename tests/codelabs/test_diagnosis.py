"""A known mistake is recognised by what the code does on the same inputs."""

from typing import Any

import numpy as np

from codelabs.content import LabData, Wrong
from codelabs.diagnosis import diagnose
from codelabs.paper import Behaviour, Question

X = np.array([1.0, -2.0])
ADDS = Wrong("wrong/adds.py", "adds", "adds", "why")
WRITES = Wrong("wrong/writes.py", "writes", "writes", "why")


def lab(*wrong: Wrong) -> LabData:
    return LabData(
        slug="scaling", id="", number=1, title="", summary="", topic="", level="", runtime="", entry="f", minutes=1,
        statement="", wrong=wrong,
    )  # fmt: skip


def question(name: str, x: Any = X, expected: Any = None) -> Question:
    return Question(name, "", False, (x,), {}, 1e-7, 1e-9, 2 * x if expected is None else expected, 0.0, "f")


def did(value: Any, after: Any = X) -> Behaviour:
    return Behaviour(value, (after,))


QUESTIONS = (question("a"), question("b"))


def test_code_that_does_the_same_as_a_wrong_solution_everywhere_is_named() -> None:
    seen = {"a": did(X + 2), "b": did(X + 2 + 1e-12)}
    known = {ADDS.file: (did(X + 2), did(X + 2))}
    assert diagnose(lab(ADDS), QUESTIONS, {"a", "b"}, seen, known) is ADDS


def test_one_answer_that_differs_is_enough_not_to_be_named() -> None:
    seen = {"a": did(X + 2), "b": did(X + 3)}
    known = {ADDS.file: (did(X + 2), did(X + 2))}
    assert diagnose(lab(ADDS), QUESTIONS, {"a", "b"}, seen, known) is None


def test_cases_that_the_learner_passes_must_agree_as_well() -> None:
    seen = {"a": did(X + 2), "b": did(2 * X)}
    known = {ADDS.file: (did(X + 2), did(X + 2))}
    assert diagnose(lab(ADDS), QUESTIONS, {"a"}, seen, known) is None


def test_a_case_without_behaviour_is_left_out() -> None:
    known = {ADDS.file: (did(X + 2), did(X + 2))}
    assert diagnose(lab(ADDS), QUESTIONS, {"a", "b"}, {"a": did(X + 2)}, known) is ADDS


def test_the_same_exception_everywhere_is_too_little_to_go_by() -> None:
    raised = Behaviour(raised="ValueError")
    known = {ADDS.file: (raised, raised)}
    assert diagnose(lab(ADDS), QUESTIONS, {"a", "b"}, {"a": raised, "b": raised}, known) is None


def test_an_exception_agrees_with_one_of_its_type_beside_a_telling_answer() -> None:
    raised = Behaviour(raised="ValueError")
    known = {ADDS.file: (raised, did(X + 2))}
    assert diagnose(lab(ADDS), QUESTIONS, {"b"}, {"a": raised, "b": did(X + 2)}, known) is ADDS
    other = Behaviour(raised="TypeError")
    assert diagnose(lab(ADDS), QUESTIONS, {"b"}, {"a": other, "b": did(X + 2)}, known) is None


def test_right_values_with_a_changed_argument_are_a_behaviour_of_their_own() -> None:
    known = {ADDS.file: (did(2 * X), did(2 * X)), WRITES.file: (did(2 * X, 2 * X), did(2 * X, 2 * X))}
    seen = {"a": did(2 * X, 2 * X), "b": did(2 * X, 2 * X)}
    assert diagnose(lab(ADDS, WRITES), QUESTIONS, {"a", "b"}, seen, known) is WRITES


def test_a_wrong_solution_that_could_not_run_is_never_the_diagnosis() -> None:
    assert diagnose(lab(ADDS), QUESTIONS, {"a"}, {"a": did(X)}, {}) is None
