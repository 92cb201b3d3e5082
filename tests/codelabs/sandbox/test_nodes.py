"""Values survive the wire unchanged; what is not of the language is refused and nothing worse."""

import contextlib
import json
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from codelabs.sandbox import Limits, Outcome, Ref, Tensor, wire
from codelabs.sandbox.box import _interpret
from codelabs.sandbox.nodes import Packer, Unpacker
from codelabs.sandbox.sent import Sent

scalars = (
    st.none()
    | st.booleans()
    | st.integers(-(10**30), 10**30)
    | st.floats()
    | st.text(st.characters(exclude_categories=["Cs"]))
    | st.binary()
    | st.complex_numbers()
)
widest = 2**61 - 2  # beyond it keys can be made to collide, and are refused
keys = st.none() | st.booleans() | st.integers(-widest, widest) | st.text(st.characters(exclude_categories=["Cs"]))
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner) | st.tuples(inner, inner) | st.dictionaries(keys, inner),
    max_leaves=20,
)
dtypes = st.sampled_from([np.dtype(name) for name in wire.DTYPES] + [np.dtype(">f8"), np.dtype(">i4")])
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


# A busy machine is no failure.
calm = settings(max_examples=200)


def there_and_back(value: object) -> object:
    packer = Packer()
    frame = packer.frame([packer.node(value)])
    skeleton, _ = wire.sizes(frame[: wire.HEADER.size], 1 << 30)
    middle = wire.HEADER.size + skeleton
    found = wire.unpack_arrays(frame[middle:], Limits())
    return Unpacker(found).value(wire.parse(frame[wire.HEADER.size : middle])[0])


def sent(value: object, kept: dict[str, object] | None = None) -> Sent:
    """The value as the only argument of a call, as the box has it."""
    packer = Packer()
    skeleton, data = wire.split(packer.frame([packer.node((value,)), packer.node({"again": value})]))
    return Sent(wire.parse(skeleton), data, None, kept or {})


def into_a_box(value: object) -> object:
    return sent(value).arguments[0]


both_ways = pytest.mark.parametrize("way", [there_and_back, into_a_box])


@both_ways
@given(value=values)
@calm
def test_plain_values_come_back_as_they_were(way, value):
    assert repr(way(value)) == repr(value)


@both_ways
@given(array=arrays.arrays(dtypes, arrays.array_shapes(min_dims=0, min_side=0, max_dims=4)))
@calm
def test_arrays_come_back_with_type_shape_and_every_bit(way, array):
    back = way(array)
    assert type(back) is np.ndarray
    assert (back.dtype, back.shape) == (array.dtype.newbyteorder("="), array.shape)
    assert back.tobytes() == array.astype(back.dtype).tobytes()
    assert back.flags.writeable


@both_ways
@pytest.mark.parametrize("view", [np.arange(12.0).reshape(3, 4).T, np.arange(10)[::-2], np.broadcast_to(2.0, (2, 3))])
def test_views_come_back_in_their_own_order(way, view):
    assert np.array_equal(way(view), view)


NUMBERS = [np.float32(0.1), np.int8(-3), np.bool_(True), np.complex64(1 - 2j), np.float64("nan")]


@both_ways
@pytest.mark.parametrize("scalar", NUMBERS)
def test_numpy_scalars_keep_their_type(way, scalar):
    back = way(scalar)
    assert type(back) is type(scalar)
    assert repr(back) == repr(scalar)


def test_what_a_box_keeps_is_handed_over_itself():
    model = object()
    arguments = sent([Ref("model"), 1], {"model": model}).arguments
    assert arguments == ([model, 1],)


@given(value=st.recursive(keys | st.floats(allow_nan=False), lambda inner: st.lists(inner) | st.tuples(inner, inner)))
@calm
def test_arguments_that_nobody_touched_are_unchanged(value):
    assert sent([value, np.array([[0.0, np.nan]]), {"weights": np.float32([1, 2])}]).unchanged()


@pytest.mark.parametrize(
    "change",
    [
        lambda array, rest: array.__setitem__((0, 0), 7.0),
        lambda array, rest: setattr(array, "shape", (3, 2)),
        lambda array, rest: rest["inner"].__setitem__(1, 7.0),
        lambda array, rest: rest.update(more=1),
        lambda array, rest: rest.__setitem__("flag", 1),  # equal to True, and another value
    ],
)
def test_arguments_that_the_call_changed_are_seen_to_be(change):
    call = sent([np.arange(6.0).reshape(2, 3), {"inner": np.ones(2), "flag": True}])
    assert call.unchanged()
    change(*call.arguments[0])
    assert not call.unchanged()


def test_tensors_and_references_have_their_own_form():
    back = there_and_back([Tensor(np.ones(2, np.float32), "bfloat16", True), Ref("model")])
    assert (back[0].dtype, back[0].requires_grad, back[0].array.tolist()) == ("bfloat16", True, [1, 1])
    assert back[1] == Ref("model")


@pytest.mark.parametrize(
    "value",
    [object(), {1, 2}, np.array([None]), np.array(["a"]), {(1, 2): 3}, np.longdouble(1), range(3), print],
)
def test_what_has_no_form_is_refused_by_name(value):
    with pytest.raises(wire.UnsendableError):
        there_and_back(value)


def test_depth_is_bounded_on_both_sides():
    nest: list[object] = []
    for _ in range(40):
        nest = [nest]
    with pytest.raises(wire.UnsendableError, match="32 levels"):
        Packer(Limits()).node(nest)
    with pytest.raises(wire.MalformedError):
        Unpacker({}, 32).value(Packer().node(nest))


def test_what_is_too_much_says_which_limit_it_passed():
    few = Limits(answer_bytes=100, answer_arrays=3, answer_depth=2)
    for value, outcome in (
        ([np.ones(20)], Outcome.ANSWER_BYTES),
        (np.broadcast_to(np.ones(1), (10**9,)), Outcome.ANSWER_BYTES),
        (["a" * 200], Outcome.ANSWER_BYTES),
        ([np.ones(1)] * 4, Outcome.ANSWER_ARRAYS),
        ([[[[1]]]], Outcome.ANSWER_DEPTH),
    ):
        packer = Packer(few)
        with pytest.raises(wire.UnsendableError) as refused:
            packer.frame([packer.node(value)])
        assert refused.value.outcome is outcome


@given(anything)
@calm
def test_no_skeleton_does_worse_than_be_refused(node):
    with contextlib.suppress(wire.MalformedError):
        _interpret(json.dumps([7, "ok", node, node, node, node]).encode(), b"", 7, Limits())


@given(st.binary())
@calm
def test_no_bytes_do_worse_than_be_refused(data):
    for read in (lambda: wire.parse(data), lambda: wire.unpack_arrays(data, Limits())):
        with contextlib.suppress(wire.MalformedError):
            read()


@given(st.data())
@calm
def test_no_damaged_frame_does_worse_than_be_refused(data):
    packer = Packer()
    frame = bytearray(packer.frame([7, "ok", packer.node([np.ones((2, 2)), 1 + 1j, "x"]), None, None, None]))
    for _ in range(data.draw(st.integers(1, 4))):
        frame[data.draw(st.integers(0, len(frame) - 1))] = data.draw(st.integers(0, 255))
    with contextlib.suppress(wire.MalformedError):
        skeleton, _ = wire.sizes(bytes(frame[: wire.HEADER.size]), 1 << 20)
        middle = wire.HEADER.size + skeleton
        _interpret(bytes(frame[wire.HEADER.size : middle]), bytes(frame[middle:]), 7, Limits())


def test_an_answer_may_not_be_larger_or_hold_more_arrays_than_allowed():
    with pytest.raises(wire.MalformedError, match="larger"):
        wire.sizes(wire.HEADER.pack(wire.MARK, 10, 1_001), 1_000)
    packed = wire.pack_arrays([wire.Packed("F64", (0,), b"")] * 20)
    with pytest.raises(wire.MalformedError, match="arrays"):
        wire.unpack_arrays(packed, Limits(answer_arrays=19))


def test_half_a_character_becomes_a_question_mark():
    assert there_and_back("a\ud800b") == "a?b"
    assert math.isnan(there_and_back(float("nan")))
