"""What a box answers: values, exceptions, limits, and what is left of it afterwards."""

import subprocess
import sys
import time

import numpy as np
import pytest

from codelabs.sandbox import Limits, Outcome, Pool, Ref, Unavailable, packed_call, proc

SOURCE = """
import numpy as np

class Counter:
    def __init__(self, start):
        self.count = start
    def add(self, amount):
        self.count += amount
        return self.count

def double(x):
    print("doubling", x.shape)
    return 2 * x

def fill(x, *, out):
    x[...] = 7
    out["seen"] = True

def count_of(counter):
    return counter.count

def fail():
    return {}["missing"]

def leave():
    raise SystemExit(0)

def spin():
    while True:
        pass

def sleep():
    import time
    time.sleep(60)

def shout():
    while True:
        print("x" * 1000)

def hoard():
    return np.ones(10**9)

def connect():
    import socket
    return socket.socket()

def crash():
    import ctypes
    ctypes.string_at(0)

def leave_at_once():
    import os
    os._exit(0)

def odd():
    return object()
"""
# The wall limit is generous: a busy machine must not turn another outcome into this one.
SMALL = Limits(cpu_seconds=0.5, wall_seconds=30, memory_mb=256, output_bytes=10_000)


@pytest.fixture
def box(boxes: Pool):
    with boxes.box("numpy", SMALL) as box:
        assert box.load("submission", SOURCE).outcome is Outcome.OK
        yield box


def test_a_call_returns_its_value_and_what_it_printed(box):
    answer = box.call("submission:double", (np.arange(3.0),))
    assert answer.outcome is Outcome.OK
    assert answer.value.tolist() == [0, 2, 4]
    assert answer.value.dtype == np.float64
    assert answer.stdout == "doubling (3,)\n"
    assert 0 < answer.cpu_seconds < 0.5
    assert answer.wall_seconds > 0


def test_a_clock_that_cannot_be_read_counts_as_the_walls_and_never_as_nothing(box):
    """As that of a child which ended with its last word: nothing beside nothing would look endlessly slow, or free."""
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    box._clock = proc.cpu_clock(ended.pid)
    answer = box.call("submission:double", (np.arange(3.0),))
    assert answer.outcome is Outcome.OK
    assert answer.cpu_seconds == answer.wall_seconds > 0


def test_arguments_come_back_as_the_call_left_them(box):
    mine = np.zeros(2)
    answer = box.call("submission:fill", (mine,), {"out": {}}, return_arguments=True)
    assert answer.arguments[0].tolist() == [7, 7]
    assert answer.keywords == {"out": {"seen": True}}
    assert mine.tolist() == [0, 0]


def test_an_object_can_be_kept_called_and_referred_to(box):
    assert box.call("submission:Counter", (5,), keep="counter").value is None
    assert box.call("$counter.add", (2,)).value == 7
    assert box.call("submission:count_of", (Ref("counter"),)).value == 7


def test_an_exception_names_the_learners_line_and_no_other_file(box):
    answer = box.call("submission:fail")
    assert answer.outcome is Outcome.RAISED
    assert (answer.error.type, answer.error.message) == ("KeyError", "'missing'")
    assert answer.error.frames == (("submission.py", 23, "fail"),)
    assert 'return {}["missing"]' in answer.error.text
    assert "child.py" not in answer.error.text
    assert box.alive


def test_a_missing_function_is_an_attribute_error(box):
    assert box.call("submission:absent").error.type == "AttributeError"


def test_leaving_politely_leaves_the_box_alive(box):
    assert box.call("submission:leave").outcome is Outcome.EXITED
    assert box.alive


@pytest.mark.parametrize(
    ("name", "outcome"),
    [
        ("spin", Outcome.CPU_TIME),
        ("shout", Outcome.OUTPUT),
        ("connect", Outcome.FORBIDDEN),
        ("crash", Outcome.CRASHED),
        ("leave_at_once", Outcome.EXITED),
    ],
)
def test_an_end_has_its_own_outcome_and_ends_the_box(box, name, outcome):
    answer = box.call(f"submission:{name}")
    assert answer.outcome is outcome
    assert len(answer.stdout) <= SMALL.output_bytes
    assert not box.alive
    assert box.call("submission:double", (np.zeros(1),)).outcome is outcome


def test_sleeping_meets_the_wall_limit(boxes):
    with boxes.box("numpy", Limits(wall_seconds=0.3)) as box:
        box.load("submission", SOURCE)
        answer = box.call("submission:sleep")
    assert answer.outcome is Outcome.WALL_TIME
    assert answer.wall_seconds < 30


def test_too_much_memory_is_said_and_survived(box):
    assert box.call("submission:hoard").outcome is Outcome.MEMORY
    assert box.call("submission:double", (np.ones(1),)).value.tolist() == [2]


def test_a_value_without_a_form_on_the_wire_is_malformed_and_named(box):
    answer = box.call("submission:odd")
    assert answer.outcome is Outcome.MALFORMED
    assert "object" in answer.error.message


def test_modules_load_by_dots_and_import_one_another(boxes):
    with boxes.box("numpy") as box:
        assert box.load("labkit.case", "def case(): return 41").outcome is Outcome.OK
        assert box.load("labkit", "from labkit.case import case\nextra = 1").outcome is Outcome.OK
        assert (
            box.load("cases", "from labkit import case, extra\ndef go(): return case() + extra").outcome is Outcome.OK
        )
        assert box.call("cases:go").value == 42


def test_a_syntax_error_points_at_its_line(boxes):
    with boxes.box("numpy") as box:
        answer = box.load("submission", "x = 1\ndef f(:\n    pass\n")
    assert answer.outcome is Outcome.RAISED
    assert answer.error.type == "SyntaxError"
    assert answer.error.frames == (("submission.py", 2, "<module>"),)


def test_an_unknown_runtime_is_unavailable(boxes):
    with pytest.raises(Unavailable, match="no runtime called fortran"):
        boxes.box("fortran")


def test_a_call_may_be_posed_now_and_answered_later(box):
    box.pose(packed_call("submission:double", (np.arange(3.0),)))
    assert box.answer().value.tolist() == [0, 2, 4]
    with pytest.raises(RuntimeError, match="nothing has been asked"):
        box.answer()


def test_an_answer_that_nobody_asked_for_is_not_taken_for_the_next(box):
    box.pose(packed_call("submission:double", (np.arange(3.0),)))
    assert box.call("submission:double", (np.ones(2),)).value.tolist() == [2, 2]


def test_the_next_call_leaves_when_the_answer_before_it_is_here(box):
    box.pose(packed_call("submission:double", (np.arange(3.0),)))
    box.pose_next(packed_call("submission:count_of", (3,)))
    assert box.answer().value.tolist() == [0, 2, 4]
    box.pose_next(packed_call("submission:double", (np.ones(2),)))
    assert box.answer().outcome is Outcome.RAISED
    answer = box.answer()
    assert (answer.value.tolist(), answer.stdout) == ([2, 2], "doubling (2,)\n")
    with pytest.raises(RuntimeError, match="nothing has been asked"):
        box.answer()


PEEK = """
import os, select, socket, time
def peek():
    time.sleep(0.3)  # as long as a parent that sends too early would need
    return bool(select.select([3], [], [], 0)[0])
"""


def test_the_next_call_cannot_be_seen_from_the_one_before(box):
    box.load("submission", PEEK)
    box.pose(packed_call("submission:peek"))
    box.pose_next(packed_call("submission:peek"))
    assert [box.answer().value, box.answer().value] == [False, False]


def test_the_next_call_is_never_put_to_a_box_that_has_ended(box):
    box.pose(packed_call("submission:crash"))
    box.pose_next(packed_call("submission:double", (np.ones(2),)))
    assert box.answer().outcome is Outcome.CRASHED
    assert not box.alive
    with pytest.raises(RuntimeError, match="nothing has been asked"):
        box.answer()


def test_another_call_in_its_place_takes_the_next_one_back(box):
    box.pose(packed_call("submission:double", (np.arange(3.0),)))
    box.pose_next(packed_call("submission:fail"))
    assert box.call("submission:double", (np.ones(2),)).value.tolist() == [2, 2]
    assert box.call("submission:double", (np.zeros(1),)).value.tolist() == [0]


def test_what_cannot_be_sent_is_the_answer_of_the_next_call_and_the_box_stands(box):
    box.pose(packed_call("submission:double", (np.arange(3.0),)))
    box.pose_next(packed_call("submission:double", (object(),)))
    assert box.answer().outcome is Outcome.OK
    assert box.answer().outcome is Outcome.MALFORMED
    assert box.call("submission:double", (np.ones(2),)).value.tolist() == [2, 2]


def test_an_answer_that_came_in_time_counts_however_late_it_is_read(boxes):
    with boxes.box("numpy", Limits(wall_seconds=1)) as box:
        box.load("submission", SOURCE)
        box.pose(packed_call("submission:double", (np.ones(10_000),)))
        time.sleep(1.5)
        answer = box.answer()
    assert (answer.outcome, answer.value.shape) == (Outcome.OK, (10_000,))


@pytest.mark.parametrize(
    "change",
    [
        "x[0, 0] = 9.0",
        "x.shape = (3, 2)",
        "x.dtype = 'int64'",
        "x.sort(axis=1)",
        "x[1, 2] = float('nan')",
        "y.append(1)",
        "y[0] = 3",
        "w['k'][0] = 0",
        "w['n'] = 1",
        "del w['k']",
    ],
)
def test_a_change_of_an_argument_comes_back(boxes, change):
    source = f"def f(x, y, z, w):\n    {change}\n"
    mine = np.arange(6.0)[::-1].reshape(2, 3)
    with boxes.box("numpy") as box:
        box.load("submission", source)
        back = box.call("submission:f", (mine, [2], 3, {"k": np.ones(2)}), return_arguments=True).arguments
    assert mine.tolist() == [[5, 4, 3], [2, 1, 0]]
    same = back[0].shape == mine.shape and back[0].dtype == mine.dtype and back[0].tobytes() == mine.tobytes()
    nested = list(back[3]) == ["k"] and back[3]["k"].tolist() == [1, 1]
    assert not (same and back[1] == [2] and nested)


def test_arguments_that_were_left_alone_come_back_as_they_were(boxes):
    given = (
        np.ones((2, 3)),
        np.float32([1, 2]),
        np.zeros(0),
        3,
        "text",
        None,
        True,
        np.bool_(True),
        [np.ones(2)],
        {"a": (1, "b", np.arange(3))},
    )
    with boxes.box("numpy") as box:
        box.load("submission", "def f(*given):\n    return len(given)\n")
        back = box.call("submission:f", given, return_arguments=True).arguments
    for old, new in zip(given, back, strict=True):
        assert type(new) is type(old)
        assert str(old) == str(new)


def test_the_first_arrays_of_a_box_are_made_in_memory_that_it_owns_already(boxes):
    """A first write to a page costs as much as many a case."""
    source = """
import resource
import numpy as np

def faults():
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt

def work():
    before = faults()
    held = [np.ones(512) for _ in range(50)]
    return faults() - before
"""
    with boxes.box("numpy") as box:
        box.load("learner", source)
        assert box.call("learner:work").value < 25, "of 50 pages"
