"""Thousands of submissions, a tenth of them hostile: does anything grow?"""

import itertools
import os
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path

from benchmarks.parts.table import row
from codelabs import sitting
from codelabs.content import LabData
from codelabs.grading import SUBMIT, grade_source
from codelabs.sandbox import pool, proc
from codelabs.stock import Stock
from codelabs.verdict import Verdict

WARM_UP = 200
HOSTILE = Path("tests") / "hostile"
MARK = "hostile-left-behind"  # in the name of every file that an attack tries to make
# Those that end soon; the suite itself runs all of them.
ATTACKS = """
    forging/exit_at_once forging/walk_all_objects forging/answer_ahead forging/object_array forging/lie_about_length
    forging/exception_that_lies escape/kill_the_zygote escape/read_files_of_the_host escape/segmentation_fault
    escape/socket_tcp escape/inherited_descriptors escape/left_in_memory resources/fork_bomb resources/heap_of_arrays
    resources/endless_stdout resources/recursion resources/deep_answer resources/thread_bomb resources/fill_the_disk
    resources/one_vast_array
"""


def run(lab: LabData, number: int) -> bool:
    """Send `number` submissions through as many threads as there are cores."""
    hostile = [_as_submission(lab, HOSTILE / f"{name}.py") for name in ATTACKS.split()]
    seeds = itertools.count()
    stock = Stock(lambda wanted: sitting.prepare(wanted, next(seeds)), time.monotonic)
    _send(lab, hostile, stock, WARM_UP)
    before, keeper = _held(), pool().keeper(lab.runtime)
    start = time.monotonic()
    wrong = _send(lab, hostile, stock, number)
    taken = time.monotonic() - start
    stock.close()
    after = _settled(before)
    same = pool().keeper(lab.runtime) is keeper
    grown = {name: round(after[name] - before[name], 1) for name in before if after[name] > before[name]}
    memory = grown.pop("zygote MB", 0.0)
    holds = same and not grown and memory < 2 and not wrong
    detail = f"zygote {memory:+.1f} MB, grown {grown or 'nothing'}, wrong verdicts {wrong}, {number / taken:.0f}/s"
    return row(f"{number} submissions, a tenth hostile: things that grew", len(grown), "0", holds, detail)


def _send(lab: LabData, hostile: list[str], stock: Stock, number: int) -> int:
    """How many honest submissions did not pass, and how many hostile ones did."""
    places = iter(range(number))
    wrong: Counter[str] = Counter()

    def slot() -> None:
        while (place := next(places, None)) is not None:
            attack = place % 10 == 9
            source = hostile[place // 10 % len(hostile)] if attack else lab.files["solution.py"]
            report = grade_source(lab, source, SUBMIT, seed=place, sitting=stock.take(lab))
            if (report.verdict is Verdict.PASSED) == attack:
                wrong[str(report.verdict)] += 1

    threads = [threading.Thread(target=slot) for _ in range(os.cpu_count() or 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return wrong.total()


def _as_submission(lab: LabData, path: Path) -> str:
    return f"{path.read_text(encoding='utf-8')}\n\ndef {lab.entry}(x, *rest):\n    return attack(x)\n"


def _held() -> dict[str, float]:
    keepers = list(pool()._keepers.values())
    return {
        "zygote MB": sum(proc.private_mb(keeper.pid) for keeper in keepers),
        "open files": _count("/proc/self/fd") + sum(_count(f"/proc/{keeper.pid}/fd") for keeper in keepers),
        "processes": sum(len(_children(keeper.pid)) for keeper in keepers),
        "threads": threading.active_count(),
        "temporary files": _count(tempfile.gettempdir()) + _count("/dev/shm") + len([*Path("/tmp").glob(f"*{MARK}*")]),
    }


def _settled(before: dict[str, float]) -> dict[str, float]:
    """What is held once the last boxes have been buried."""
    for _ in range(50):
        held = _held()
        if all(held[name] <= before[name] for name in ("open files", "processes", "threads")):
            break
        time.sleep(0.1)
    return held


def _count(folder: str) -> int:
    return len(list(Path(folder).iterdir())) if Path(folder).is_dir() else 0


def _children(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
