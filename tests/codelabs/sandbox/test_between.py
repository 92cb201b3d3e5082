"""What a box does while nothing is asked of it."""

import time

from codelabs.sandbox import Limits, Outcome, Pool

BURNS = """
import signal
import time

def burn(*_):
    until = time.process_time() + 0.02
    while time.process_time() < until:
        pass
    signal.setitimer(signal.ITIMER_REAL, 0.001)

signal.signal(signal.SIGALRM, burn)

def twice(x):
    signal.setitimer(signal.ITIMER_REAL, 0.001)
    return 2 * x
"""


def test_processor_time_used_between_two_questions_counts_with_the_second() -> None:
    pool = Pool(outer=False)
    with pool.box("numpy", Limits(cpu_seconds=1, wall_seconds=60)) as box:
        assert box.load("submission", BURNS).outcome is Outcome.OK
        assert box.call("submission:twice", (1,)).value == 2
        while time.clock_gettime(box._clock) < 2:
            time.sleep(0.01)
        answer = box.call("submission:twice", (1,))
        assert answer.outcome is Outcome.CPU_TIME
        assert answer.cpu_seconds > 1
    pool.close()
