"""How many submissions a second are graded with every slot busy, beside what the cores could do at best."""

import os
import threading
import time
from pathlib import Path

from benchmarks.parts.table import row
from codelabs.content import LabData
from codelabs.grading import SUBMIT, grade_source
from codelabs.sandbox import pool

TICK = os.sysconf("SC_CLK_TCK")


def run(lab: LabData, *, seconds: float) -> bool:
    """Every submission with a paper of its own, drawn on the spot: what the stock saves a learner is no less work."""
    cores = len(os.sched_getaffinity(0))
    grade_source(lab, lab.files["solution.py"], SUBMIT, seed=0)
    before, start, done = cpu_seconds(), time.monotonic(), []

    def slot(first: int) -> None:
        seed = first
        while time.monotonic() - start < seconds:
            grade_source(lab, lab.files["solution.py"], SUBMIT, seed=seed)
            seed += 1_000
            done.append(seed)

    threads = [threading.Thread(target=slot, args=(number,)) for number in range(2 * cores)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    taken = time.monotonic() - start
    time.sleep(0.2)  # until the last boxes have been buried, and so counted
    rate, each = len(done) / taken, (cpu_seconds() - before) / len(done)
    reached = rate * each / cores
    detail = f"{rate:.1f} a second, {1_000 * each:.1f} ms of CPU each, {cores} cores"
    return row("submissions a second, of cores / CPU seconds each", reached, ">= 0.7", reached >= 0.7, detail)


def cpu_seconds() -> float:
    """Of this process, and of the zygotes with all the children that they have buried."""
    total = time.process_time()
    for keeper in list(pool()._keepers.values()):
        fields = Path(f"/proc/{keeper.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        total += sum(int(field) for field in fields[11:15]) / TICK
    return total
