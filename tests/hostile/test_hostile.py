"""Every attack ends as its header says, inside bubblewrap and without it, and leaves the next submission unharmed.

An attack is a submission to the task "return 2 * x". Its header says what it `expects`: an outcome of the sandbox;
`right` or `wrong` for an answer that arrived and is compared here; or `value` for the literal given below it, mostly
the empty list of what it managed to do. Several, separated by spaces, are all acceptable. `limits`, `runtime`,
`machine` (only there) and `twice` (once more in a fresh box, which must see nothing of the first) are optional.
"""

import ast
import os
import platform
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest

from codelabs.sandbox import Answer, Limits, Outcome, Pool

HERE = Path(__file__).parent
SMALL = Limits(cpu_seconds=0.4, wall_seconds=0.8, memory_mb=200, output_bytes=20_000, answer_bytes=2_000_000)
INPUTS = [np.arange(6.0).reshape(2, 3) + 1, np.full((2, 3), -1.5), np.ones((1, 3))]
MARK = "hostile-left-behind"


@dataclass(frozen=True)
class Attack:
    name: str
    source: str
    header: dict[str, str]

    @property
    def expects(self) -> list[str]:
        return self.header["expects"].split()

    @property
    def runtime(self) -> str:
        return self.header.get("runtime", "numpy")

    @property
    def limits(self) -> Limits:
        given = dict(pair.split("=") for pair in self.header.get("limits", "").split())
        # A busy machine must not turn another outcome into this one, so only who sleeps meets a short wall limit.
        base = SMALL if "wall_time" in self.expects else replace(SMALL, wall_seconds=30)
        patient = self.runtime == "torch" or "cpu_time" not in self.expects
        base = replace(base, cpu_seconds=10) if patient else base
        return replace(base, **{name: type(getattr(SMALL, name))(value) for name, value in given.items()})


def read(path: Path) -> Attack:
    source = path.read_text()
    head = source.split('"""')[1]
    return Attack(f"{path.parent.name}/{path.stem}", source, dict(re.findall(r"^(\w+): (.*)$", head, re.MULTILINE)))


ATTACKS = [read(path) for folder in ("resources", "escape", "forging") for path in sorted((HERE / folder).glob("*.py"))]
HONEST, WRONG = read(HERE / "controls" / "honest.py"), read(HERE / "controls" / "wrong.py")


def test_every_attack_stands_once_in_the_list_that_the_documentation_gives() -> None:
    text = (HERE.parent.parent / "docs" / "sandbox.md").read_text()
    listed = []
    for part in text.partition("### What it holds")[2].partition("\n## ")[0].split("`tests/hostile/")[1:]:
        folder, _, table = part.partition("`")
        rows = re.findall(r"^\|.*\|(.*)\|$", table, re.MULTILINE)
        listed += [f"{folder}/{name}" for row in rows for name in re.findall(r"`(\w+)`", row)]
    assert sorted(listed) == sorted(attack.name for attack in ATTACKS)


@pytest.fixture(scope="module", params=[True, False], ids=["boxed", "bare"])
def hostile_pool(request: pytest.FixtureRequest) -> Iterator[Pool]:
    os.environ["HOSTILE_CANARY"] = "HOSTILE_CANARY secret"
    if request.param and not Pool().outer():
        pytest.skip("bubblewrap cannot build a box on this host")
    pool = Pool(outer=request.param)
    yield pool
    pool.close()
    del os.environ["HOSTILE_CANARY"]


def run(pool: Pool, attack: Attack) -> tuple[str, Answer]:
    """How it ended, in the words of a header."""
    with pool.box(attack.runtime, attack.limits) as box:
        answer = box.load("submission", attack.source)
        if answer.outcome is not Outcome.OK:
            return answer.outcome, answer
        for x in INPUTS:
            answer = box.call("submission:attack", (x.copy(),))
            if answer.outcome is not Outcome.OK:
                return answer.outcome, answer
            if "value" in attack.expects:
                same = answer.value == ast.literal_eval(attack.header["value"])
                return "value" if same else f"managed {answer.value!r}", answer
            if not right(answer, x):
                return "wrong", answer
    return "right", answer


def right(answer: Answer, x: np.ndarray) -> bool:
    """What a grader does: the parent's own comparison, on plain values."""
    return (
        isinstance(answer.value, np.ndarray) and answer.value.dtype == x.dtype and np.array_equal(answer.value, 2 * x)
    )


def bounded(answer: Answer) -> bool:
    said = answer.error.message + answer.error.text if answer.error else ""
    return (
        len(answer.stdout) <= SMALL.output_bytes and len(said) < 65_536 and (answer.stdout + said).encode() is not None
    )


@pytest.mark.parametrize(
    "attack",
    [
        pytest.param(attack, id=attack.name, marks=[pytest.mark.torch] if attack.runtime == "torch" else [])
        for attack in ATTACKS
    ],
)
def test_an_attack_ends_as_expected_and_harms_nobody(hostile_pool: Pool, attack: Attack) -> None:
    if attack.header.get("machine", platform.machine()) != platform.machine():
        pytest.skip(f"an attack on {attack.header['machine']}")
    for _ in range(2 if "twice" in attack.header else 1):
        ended, answer = run(hostile_pool, attack)
        assert ended in attack.expects, answer
        assert bounded(answer)
    assert run(hostile_pool, HONEST)[0] == "right"
    assert run(hostile_pool, WRONG)[0] == "wrong"


def test_nothing_is_left_over(hostile_pool: Pool) -> None:
    run(hostile_pool, HONEST)
    keeper = hostile_pool.keeper("numpy")

    def at_rest() -> bool:
        """All children that wait ahead are there: each keeps files open here."""
        return len(children(keeper.pid)) == keeper.ahead

    wait_until(at_rest)
    open_before = count("/proc/self/fd")
    for _ in range(20):
        run(hostile_pool, HONEST)
        run(hostile_pool, next(attack for attack in ATTACKS if attack.name == "forging/exit_at_once"))
    wait_until(at_rest)
    wait_until(lambda: count("/proc/self/fd") <= open_before)
    assert count(f"/proc/{keeper.pid}/task") == 1
    places = [Path(place) for place in ("/tmp", "/var/tmp", "/dev/shm", "/", ".")]
    assert [place for place in places if (place / MARK).exists()] == []


def count(folder: str) -> int:
    return len(list(Path(folder).iterdir()))


def children(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/task/{pid}/children").read_text().split()


def wait_until(holds) -> None:
    for _ in range(1_000):
        if holds():
            return
        time.sleep(0.01)
    raise AssertionError("it never came to be")


def test_there_are_attacks_enough() -> None:
    assert len(ATTACKS) >= 60
