"""What counts as the same answer, and what is said about one that is not."""

from typing import Any

import numpy as np
import pytest

from codelabs.comparing import PICTURE_SIDE, Difference, Kind, changed, compare, same
from codelabs.sandbox import Tensor

A = np.arange(6.0).reshape(2, 3)


def differ(expected: Any, actual: Any, rtol: float = 1e-7, atol: float = 1e-9) -> Difference:
    found = compare(expected, actual, rtol=rtol, atol=atol)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("expected", "actual"),
    [
        (A, A.copy()),
        (A, A + 1e-10),
        ((A, 1.0), [A, 1]),
        ([1, 2], (1, 2)),
        (0.5, np.float64(0.5)),
        (0.5, np.array(0.5)),
        (np.array(2), 2),
        (3, np.int32(3)),
        (True, np.True_),
        (1 + 2j, np.complex128(1 + 2j)),
        (10**40, 10**40),
        ("tanh", "tanh"),
        (None, None),
        (b"x", b"x"),
        ({"a": A, 1: None}, {1: None, "a": A}),
        (np.array([1, 2], dtype=np.int64), np.array([1, 2], dtype=np.int32)),
        (np.array([np.nan, np.inf]), np.array([np.nan, np.inf])),
        (np.zeros((0, 3)), np.zeros((0, 3))),
        (Tensor(A, "float64"), Tensor(A, "float64", requires_grad=True)),
    ],
)
def test_these_are_the_same_answer(expected: Any, actual: Any) -> None:
    assert compare(expected, actual, rtol=1e-7, atol=1e-9) is None


@pytest.mark.parametrize(
    ("expected", "actual", "kind", "said"),
    [
        (A, None, Kind.STRUCTURE, "What your function returned is None; expected an array of shape (2, 3)."),
        ((A, A), A, Kind.STRUCTURE, "is an array of shape (2, 3); expected a tuple of 2"),
        ((A, A), (A,), Kind.STRUCTURE, "has 1 part; expected 2"),
        (A, A.tolist(), Kind.STRUCTURE, "is a list of 2; expected an array of shape (2, 3)"),
        (1.0, A, Kind.STRUCTURE, "is an array of shape (2, 3); expected a number"),
        (1.0, "1.0", Kind.STRUCTURE, "is a string; expected a number"),
        (1.0, True, Kind.STRUCTURE, "is a truth value; expected a number"),
        (1.0, 1j, Kind.STRUCTURE, "is a complex number; expected a number"),
        ("a", "b", Kind.VALUES, "is 'b'; expected 'a'"),
        ({"a": 1}, {}, Kind.STRUCTURE, "lacks the key 'a'"),
        ({"a": 1}, {"a": 1, "b": 2}, Kind.STRUCTURE, "has a key too many: 'b'"),
        ({"loss": 1.0}, {"loss": 2.0}, Kind.VALUES, "The value at 'loss' is 2; expected 1."),
        (A, A.T, Kind.SHAPE, "has shape (3, 2); expected (2, 3)"),
        (A, A.astype("float32"), Kind.DTYPE, "has dtype float32; expected float64"),
        (np.array([1, 2]), np.array([1.0, 2.0]), Kind.DTYPE, "has dtype float64; expected int64"),
        (Tensor(A, "float64"), A, Kind.STRUCTURE, "is an array of shape (2, 3); expected a tensor"),
        (Tensor(A, "bfloat16"), Tensor(A, "float32"), Kind.DTYPE, "has dtype float32; expected bfloat16"),
        (1, 2, Kind.VALUES, "is 2; expected 1"),
        (10**40, 10**40 + 1, Kind.VALUES, "expected 1000000"),
    ],
)
def test_what_differs_is_said_in_a_sentence(expected: Any, actual: Any, kind: Kind, said: str) -> None:
    found = differ(expected, actual)
    assert found.kind is kind
    assert said in found.sentence


def test_a_wrong_array_says_where_how_many_and_how_far_off() -> None:
    wrong = A.copy()
    wrong[1, 0] += 0.5
    wrong[1, 2] -= 2.0
    found = differ((A, A), (A, wrong))
    assert found.kind is Kind.VALUES
    assert (found.index, found.count, found.size, found.largest_error) == ((1, 0), 2, 6, 2.0)
    assert found.sentence == (
        "In the second of the 2 returned values, 2 of 6 values differ, the first at [1, 0]: 3.5, expected 3. "
        "The largest error is 2."
    )
    assert found.picture == ((0.0, 0.0, 0.0), (0.25, 0.0, 1.0))


def test_nan_and_infinity_are_named_before_mere_values() -> None:
    assert differ(A, np.where(A == 4, np.nan, A)).kind is Kind.NAN
    found = differ(A, np.where(A == 4, -np.inf, A))
    assert found.kind is Kind.INFINITE
    assert "It holds infinity where a number is expected." in found.sentence
    assert found.largest_error is None
    assert found.picture == ((0.0, 0.0, 0.0), (0.0, 1.0, 0.0))
    assert differ(np.array([np.nan]), np.array([0.0])).kind is Kind.VALUES
    assert differ(np.array([np.inf]), np.array([-np.inf])).kind is Kind.VALUES
    assert differ(np.array([np.inf]), np.array([1.0])).kind is Kind.VALUES
    assert differ(np.array([1.0]), np.array([np.inf]), rtol=0.5).kind is Kind.INFINITE
    assert differ(0.0, float("nan")).kind is Kind.NAN


def test_tolerance_is_absolute_plus_relative() -> None:
    assert compare(np.array([100.0]), np.array([100.9]), rtol=0.01, atol=0.0) is None
    assert compare(np.array([100.0]), np.array([101.1]), rtol=0.01, atol=0.0) is not None
    assert compare(np.array([0.0]), np.array([0.05]), rtol=0.0, atol=0.1) is None


def test_integers_are_compared_exactly() -> None:
    assert compare(np.array([2**62]), np.array([2**62 + 1]), rtol=1e-3, atol=1) is not None


def test_the_picture_of_a_large_error_map_is_shrunk_and_keeps_the_worst() -> None:
    expected = np.zeros((5, 31, 100))
    actual = expected.copy()
    actual[4, 30, 99] = 3.0
    picture = differ(expected, actual).picture
    assert picture is not None
    assert len(picture) <= PICTURE_SIDE
    assert all(len(row) <= PICTURE_SIDE for row in picture)
    assert picture[-1][-1] == 1.0
    assert sum(map(sum, picture)) == 1.0


def test_a_small_error_beside_a_large_one_is_still_one_in_the_picture() -> None:
    found = differ(np.zeros(3), np.array([1e-4, 0.0, 1e4]))
    assert found.count == 2
    assert found.picture == ((0.001, 0.0, 1.0),)


def test_hints_for_hidden_cases_never_hold_a_value() -> None:
    for actual in (A.T, A + 0.123456, A.astype("float32"), None, np.full_like(A, np.nan)):
        hint = differ(A, actual).hint
        assert not any(character.isdigit() for character in hint)


def test_a_changed_argument_is_named() -> None:
    found = changed((A, A), (A, A + 1), ("x", "h"))
    assert found is not None
    assert found.kind is Kind.ARGUMENT
    assert "its argument `h`" in found.sentence
    assert changed((A, [1, np.nan]), (A.copy(), [1, np.nan]), ("x", "h")) is None
    third = changed((1, 2, 3), (1, 2, 4), ("x",))
    assert third is not None
    assert "number 3" in third.sentence


@pytest.mark.parametrize(
    ("left", "right", "equal"),
    [
        (A, A.astype("float32"), False),
        (A, A.tolist(), False),
        ({"a": A}, {"a": A.copy()}, True),
        ({"a": A}, {"b": A}, False),
        (1, 1.0, False),
        (float("nan"), float("nan"), True),
        (Tensor(A, "float64"), Tensor(A.copy(), "float64"), True),
        (Tensor(A, "float64"), A, False),
    ],
)
def test_same_is_bit_for_bit(left: Any, right: Any, equal: bool) -> None:
    assert same(left, right) is equal


def test_hostile_values_are_compared_without_an_exception() -> None:
    deep: Any = 1.0
    for _ in range(30):
        deep = [deep]
    hostile = [
        deep, "x" * 100_000, {f"k{n}": n for n in range(1_000)}, np.zeros((0, 10**9)), 10**4_000, -(10**400),
        np.zeros((1,) * 32), np.array(True), b"\x00" * 1_000, float("inf"), np.float16(7), np.array(["a", "b"]),
    ]  # fmt: skip
    for expected in (A, (A, A), 1.0, 3, "a", {"a": 1}, None, np.array(2.0)):
        for actual in hostile:
            found = differ(expected, actual)
            assert len(found.sentence) < 400
