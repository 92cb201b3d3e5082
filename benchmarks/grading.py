"""What a verdict costs: beside a fresh Python in the same box, beside a bare fork, and with every slot busy.

Ours and theirs take turns within one run, so that a busy moment hits both; a quiet machine gives the best figures.
`--soak [N]` sends N submissions (10,000), a tenth of them hostile, through the grader and looks for what grows.
"""

import argparse
import sys
import time

from benchmarks.parts import labs, soak, throughput
from benchmarks.parts.rival import Fork, fresh
from benchmarks.parts.table import ratio
from codelabs import sitting
from codelabs.content import LabData
from codelabs.grading import SUBMIT, grade_source
from codelabs.verdict import Verdict

NUMPY, TORCH = ("rnn-cell", "lstm-step"), "clip-global-norm"
PAUSE_SECONDS = 0.05  # between turns, as between learners; what was put off is done meanwhile
SHORT_SOAK, LONG_SOAK = 1_000, 10_000


def verdict(lab: LabData, seed: int) -> tuple[float, sitting.Sitting]:
    """Seconds from handing in the model answer to its report, with all walls, on a paper prepared ahead."""
    prepared = sitting.prepare(lab, seed)
    time.sleep(PAUSE_SECONDS)
    start = time.perf_counter()
    report = grade_source(lab, lab.files["solution.py"], SUBMIT, seed=0, sitting=prepared)
    taken = time.perf_counter() - start
    if report.verdict is not Verdict.PASSED:
        raise RuntimeError(f"{lab.slug}: {report.verdict} {report.reason or report.message}")
    return taken, prepared


def beside_fresh(slug: str, *, times: int, least: float) -> bool:
    lab = labs.lab(slug)
    verdict(lab, 0)
    ours, theirs = [], []
    for turn in range(times):
        taken, prepared = verdict(lab, turn)
        ours.append(taken)
        time.sleep(PAUSE_SECONDS)
        theirs.append(fresh(lab, lab.files["solution.py"], prepared.paper))
    return ratio(f"{slug}: faster than a fresh Python in the same box", ours, theirs, least=least)


def beside_fork(slug: str, *, times: int, most: float) -> bool:
    lab = labs.lab(slug)
    rival = Fork(lab)
    ours, theirs = [], []
    for turn in range(times):
        taken, prepared = verdict(lab, turn)
        time.sleep(PAUSE_SECONDS)
        beside = rival.seconds(lab.files["solution.py"], prepared.paper)
        if turn:  # the first turn warms both
            ours.append(taken)
            theirs.append(beside)
    rival.close()
    return ratio(f"{slug}: beside a bare fork that runs the same cases", ours, theirs, most=most)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--soak", nargs="?", type=int, const=LONG_SOAK, metavar="N", help="only the long run")
    options = parser.parse_args()
    if options.soak:
        return 0 if soak.run(labs.lab(NUMPY[0]), options.soak) else 1
    held = [beside_fresh(slug, times=15, least=20) for slug in NUMPY]
    held.append(beside_fresh(TORCH, times=5, least=100))
    held += [beside_fork(slug, times=60, most=1.5) for slug in NUMPY]
    held.append(throughput.run(labs.lab(NUMPY[0]), seconds=6))
    held.append(soak.run(labs.lab(NUMPY[0]), SHORT_SOAK))
    return 0 if all(held) else 1


if __name__ == "__main__":
    sys.exit(main())
