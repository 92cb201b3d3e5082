"""What a verdict is measured against.

`fresh` is the same grader and the same box, in which a Python is started and the runtime imported for each submission.
`Fork` is a warm process without walls that forks for each submission and only runs the cases: no wire, no comparison.
"""

import pickle
import subprocess
import sys
import time
from typing import Any
from unittest import mock

from codelabs import examining
from codelabs.content import LabData
from codelabs.grading import mark
from codelabs.paper import Paper
from codelabs.sandbox import Pool, Tensor, runtimes
from codelabs.sandbox.launching import ENVIRONMENT
from codelabs.verdict import Verdict

# Runs in the rival's process: reads source, entry and calls, and answers nothing but that it has run them.
RUN = """
import importlib, os, pickle, sys, time

def thaw(value):
    if isinstance(value, tuple) and value and isinstance(value[0], str) and value[0] == "tensor":
        import torch
        return torch.from_numpy(value[1]).requires_grad_(value[2])
    if isinstance(value, (tuple, list)):
        return type(value)(map(thaw, value))
    return value

def run(source, calls):
    module = {}
    exec(compile(source, "submission.py", "exec"), module)
    for name, args, kwargs in calls:
        module[name](*args, **kwargs)
"""
FORK = f"""{RUN}
import gc
sys.path.append(sys.argv[1])
from codelabs.sandbox import warm
warm.warm_numpy()
torch = None
if sys.argv[2] == "torch":
    import torch
    torch.set_num_threads(1)
    warm.warm_torch(torch)
warm.as_new(torch)
gc.collect()
gc.freeze()
while True:
    source, calls = pickle.load(sys.stdin.buffer)
    calls = thaw(calls)
    start = time.perf_counter()
    child = os.fork()
    if child == 0:
        run(source, calls)
        os._exit(0)
    ended = os.waitpid(child, 0)[1]
    sys.stdout.write(f"{{time.perf_counter() - start if ended == 0 else -1}}\\n")
    sys.stdout.flush()
"""


def calls_of(paper: Paper) -> list[Any]:
    """The paper's cases as plain calls."""
    if any(question.steps or question.judge or question.cost for question in paper.questions):
        raise ValueError("this lab's cases are more than calls; choose another for the benchmark")
    return [(question.call, _frozen(question.args), dict(question.kwargs)) for question in paper.questions]


def _frozen(value: Any) -> Any:
    if isinstance(value, Tensor):
        return ("tensor", value.array, value.requires_grad)
    if isinstance(value, tuple | list):
        return type(value)(map(_frozen, value))
    return value


def fresh(lab: LabData, source: str, paper: Paper) -> float:
    """Seconds from starting a box with a fresh Python to the verdict. Nothing is warmed up or forked ahead."""
    start = time.perf_counter()
    own = Pool(ahead=0, warm_up=False)
    with mock.patch.object(examining, "pool", return_value=own):
        report = mark(lab, paper, source, name_mistake=True)
    taken = time.perf_counter() - start
    own.close()
    if report.verdict is not Verdict.PASSED:
        raise RuntimeError(f"{lab.slug}: {report.verdict}")
    return taken


class Fork:
    """A warm process that forks when told, without walls."""

    def __init__(self, lab: LabData) -> None:
        command = [sys.executable, "-c", FORK, *_where(lab)]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=ENVIRONMENT | {"PYTHONPATH": "."}
        )

    def seconds(self, source: str, paper: Paper) -> float:
        """From before the fork until the child has run the cases and is buried."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        pickle.dump((source, calls_of(paper)), self._process.stdin)
        self._process.stdin.flush()
        taken = float(self._process.stdout.readline())
        if taken < 0:
            raise RuntimeError("the rival could not run the cases")
        return taken

    def close(self) -> None:
        self._process.kill()
        self._process.wait()


def _where(lab: LabData) -> tuple[str, str]:
    return runtimes.runtime(lab.runtime).packages[lab.runtime], lab.runtime
