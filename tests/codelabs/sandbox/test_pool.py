"""Zygotes die, hang and grow, processes fork and are killed: the pool goes on, and nothing outlives its owner."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from codelabs.sandbox import Limits, Outcome, Pool, Unavailable, pool, runtimes, syscalls
from codelabs.sandbox import pool as pool_function

SOURCE = "def double(x):\n    return 2 * x\n\ndef seed():\n    return hash('a')\n"
POOL_MODULE = sys.modules["codelabs.sandbox.pool"]


@pytest.fixture
def own_pool():
    """A pool that a test may maltreat."""
    pool = Pool()
    yield pool
    pool.close()


def doubled(pool: Pool, number: float = 3.0) -> float:
    with pool.box("numpy") as box:
        box.load("submission", SOURCE)
        return box.call("submission:double", (number,)).value


def is_gone(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True


def wait_until(holds) -> None:
    for _ in range(1_000):
        if holds():
            return
        time.sleep(0.01)
    raise AssertionError("it never came to be")


def run_script(script: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=120, check=False)


ASKED_TWICE = """
import os, signal, sys
from codelabs.sandbox.pool import _ignore

class Number(int):
    asked = False
    def __int__(self):  # signal.signal asks for it first: the second order to stop comes at that very moment
        if not Number.asked:
            Number.asked = True
            os.kill(os.getpid(), signal.SIGTERM)
        return int.__int__(self)

signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(1))
_ignore(Number(signal.SIGTERM))
os.kill(os.getpid(), signal.SIGTERM)
print("closed off", Number.asked)
"""


def test_being_asked_to_stop_once_more_does_not_break_the_closing_off():
    done = run_script(ASKED_TWICE)
    assert (done.stdout, done.returncode) == ("closed off True\n", 0)


def test_every_box_is_a_process_of_its_own(boxes):
    with boxes.box("numpy") as first, boxes.box("numpy") as second:
        assert first._child.pid != second._child.pid


def test_hashes_are_the_same_in_every_box(boxes):
    found = set()
    for _ in range(2):
        with boxes.box("numpy") as box:
            box.load("submission", SOURCE)
            found.add(box.call("submission:seed").value)
    assert len(found) == 1


def test_a_runtime_can_be_warmed_before_anybody_waits_for_it(own_pool):
    keeper = own_pool.warm("numpy")
    assert own_pool.keeper("numpy") is keeper


def test_a_box_is_what_the_kernel_ends_first_when_memory_runs_out(boxes):
    pid = boxes.keeper("numpy").pid
    assert Path(f"/proc/{pid}/oom_score_adj").read_text() == "1000\n"


def test_many_threads_share_a_pool(boxes):
    found: list[float] = []

    def work(start: int) -> None:
        found.extend(doubled(boxes, start * 100 + number) for number in range(5))

    threads = [threading.Thread(target=work, args=(start,)) for start in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == sorted(2 * (start * 100 + number) for start in range(8) for number in range(5))


def test_a_zygote_outlives_the_thread_that_first_asked_for_it(own_pool):
    asker = threading.Thread(target=doubled, args=(own_pool,))
    asker.start()
    asker.join()
    pid = own_pool.keeper("numpy").pid
    time.sleep(0.1)
    assert doubled(own_pool) == 6
    assert own_pool.keeper("numpy").pid == pid


def test_a_zygote_that_dies_breaks_its_boxes_and_is_replaced(own_pool):
    with own_pool.box("numpy") as box:
        box.load("submission", SOURCE)
        first = own_pool.keeper("numpy")
        os.kill(first.pid, signal.SIGKILL)
        wait_until(lambda: is_gone(first.pid))
        assert box.call("submission:double", (1,)).outcome is Outcome.BROKEN
        assert not box.alive
    assert doubled(own_pool) == 6
    assert own_pool.keeper("numpy").pid != first.pid


def test_a_zygote_that_hangs_is_replaced():
    pool = Pool(ahead=0)
    first = pool.keeper("numpy")
    first.control.settimeout(0.3)
    os.kill(first.pid, signal.SIGSTOP)
    assert doubled(pool) == 6
    wait_until(lambda: is_gone(first.pid))
    pool.close()


def test_a_zygote_that_has_grown_is_replaced_when_its_last_box_closes(own_pool, monkeypatch):
    monkeypatch.setattr(POOL_MODULE, "BOXES_BETWEEN_CHECKS", 1)
    first = own_pool.keeper("numpy")
    monkeypatch.setattr(first, "grown", lambda: True)
    with own_pool.box("numpy") as box:
        assert own_pool.keeper("numpy") is not first
        assert box.load("submission", SOURCE).outcome is Outcome.OK
        assert not is_gone(first.pid)
    wait_until(lambda: is_gone(first.pid))


def test_closing_ends_every_process(own_pool):
    doubled(own_pool)
    keeper = own_pool.keeper("numpy")
    own_pool.close()
    wait_until(lambda: is_gone(keeper.pid))
    with pytest.raises(Unavailable, match="closed"):
        own_pool.box("numpy")


def test_a_zygote_has_one_thread_and_shares_no_memory_with_its_children(boxes):
    pid = boxes.keeper("numpy").pid
    assert len(list(Path(f"/proc/{pid}/task").iterdir())) == 1
    shared = [line for line in Path(f"/proc/{pid}/maps").read_text().splitlines() if line.split()[1][3] == "s"]
    assert shared == []


@pytest.mark.parametrize("outer", [True, False])
def test_nothing_outlives_a_site_that_is_killed(outer):
    if outer and not Pool().outer():
        pytest.skip("bubblewrap cannot build a box on this host")
    script = f"""
import time
from codelabs.sandbox import Pool
pool = Pool(outer={outer})
box = pool.box("numpy")
print(pool.keeper("numpy").pid, box._child.pid, flush=True)
time.sleep(60)
"""
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as site:
        assert site.stdout is not None
        pids = [int(word) for word in site.stdout.readline().split()]
        site.kill()
    assert len(pids) == 2
    wait_until(lambda: all(is_gone(pid) for pid in pids))


def test_a_forked_worker_makes_a_zygote_of_its_own():
    done = run_script("""
import os
from codelabs.sandbox import pool
def double():
    with pool().box("numpy") as box:
        box.load("s", "def f(x): return 2 * x")
        return box.call("s:f", (3,)).value, pool().keeper("numpy").pid
mine = double()
worker = os.fork()
if worker == 0:
    his = double()
    pool().close()
    os._exit(0 if his[0] == 6 and his[1] != mine[1] else 1)
assert os.waitpid(worker, 0)[1] == 0
assert double() == mine
print("well")
""")
    assert (done.stdout, done.returncode) == ("well\n", 0), done.stderr


def test_a_process_that_ends_takes_its_pool_along_without_a_word():
    done = run_script("""
from codelabs.sandbox import pool
pool().box("numpy").load("s", "x = 1")
print(pool().keeper("numpy").pid)
""")
    assert done.stderr == ""
    wait_until(lambda: is_gone(int(done.stdout)))


def test_there_is_one_pool_a_process():
    assert pool() is pool_function()


def test_the_outer_wall_can_be_switched_off(monkeypatch):
    monkeypatch.setenv("SANDBOX_BUBBLEWRAP", "off")
    assert Pool().outer() is False


def test_elsewhere_than_on_linux_there_is_a_reason_and_no_box(own_pool, monkeypatch):
    monkeypatch.setattr(sys, "platform", "darwin")
    with pytest.raises(Unavailable, match="needs Linux"):
        own_pool.box("numpy")


def test_without_a_wall_that_must_stand_there_is_a_reason_and_no_box(own_pool, monkeypatch):
    def missing(**_):
        raise Unavailable("The sandbox needs libseccomp, which is not installed on this host.")

    monkeypatch.setattr(syscalls, "program", missing)
    for _ in range(2):
        with pytest.raises(Unavailable, match="libseccomp"):
            own_pool.box("numpy")


def test_a_wall_that_does_not_stand_stops_the_child_before_anything_runs(own_pool, monkeypatch):
    monkeypatch.setattr(syscalls, "program", lambda **_: b"no filter")
    with pytest.raises(Unavailable, match="does not stand on this host"):
        own_pool.box("numpy")


def test_a_runtime_that_is_not_installed_says_so(own_pool, monkeypatch):
    locate = runtimes._locate
    monkeypatch.setattr(runtimes, "_locate", lambda package: None if package == "torch" else locate(package))
    runtimes.runtime.cache_clear()
    with pytest.raises(Unavailable, match="PyTorch is not installed here, so torch labs cannot run"):
        own_pool.box("torch")
    runtimes.runtime.cache_clear()


def test_granted_threads_run_and_compute(boxes):
    source = """
from concurrent.futures import ThreadPoolExecutor
def total(x):
    with ThreadPoolExecutor(2) as pool:
        return sum(pool.map(lambda row: row.sum(), x))
"""
    with boxes.box("numpy", Limits(threads=2)) as box:
        assert box.load("submission", source).outcome is Outcome.OK
        assert box.call("submission:total", (np.ones((4, 5)),)).value == 20


@pytest.mark.parametrize("name", ["SIGTERM", "SIGQUIT", "SIGINT"])
def test_being_asked_to_end_once_more_while_closing_disturbs_nothing(name):
    done = run_script(f"""
import os, signal, sys
from codelabs.sandbox import pool
from codelabs.sandbox.keeper import Keeper

def end(*_):
    sys.exit(0)

def asked_again(keeper, close=Keeper.close):
    os.kill(os.getpid(), signal.{name})
    close(keeper)

signal.signal(signal.{name}, end)
Keeper.close = asked_again
with pool().box("numpy"):
    print(pool().keeper("numpy").pid)
os.kill(os.getpid(), signal.{name})
""")
    assert (done.returncode, done.stderr) == (0, "")
    wait_until(lambda: is_gone(int(done.stdout)))
