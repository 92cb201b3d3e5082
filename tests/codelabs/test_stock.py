"""Sittings prepared ahead go out once, never belong to an older lab, and are bounded in number, bytes and age."""

import os
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from codelabs import content, sitting, stock
from codelabs.content import LabData
from codelabs.grading import RUN, SUBMIT, grade_source
from codelabs.paper import LabFault, Paper
from codelabs.sitting import Sitting
from codelabs.stock import Stock
from codelabs.verdict import Verdict
from tests.codelabs.folders import FILES, make_folder


@pytest.fixture
def lab(tmp_path: Path) -> LabData:
    found, problems = content.read(make_folder(tmp_path))
    assert problems == []
    assert found is not None
    return found


@dataclass
class Maker:
    """Prepares empty sittings and remembers them; seconds pass only when told."""

    size: int = 1_000
    now: float = 1_000.0
    made: list[tuple[str, Sitting]] = field(default_factory=list)
    closed: list[Sitting] = field(default_factory=list)
    fault: bool = False

    def prepare(self, lab: LabData) -> Sitting:
        if self.fault:
            self.made.append((lab.slug, Sitting(Paper((), ""))))
            raise LabFault("cases.py")
        made = Sitting(Paper((), lab.title), size=self.size)
        made.close = lambda: self.closed.append(made)  # type: ignore[method-assign]
        self.made.append((lab.slug, made))
        return made

    def clock(self) -> float:
        self.now += 0.001
        return self.now


@pytest.fixture
def maker() -> Maker:
    return Maker()


@pytest.fixture
def shop(maker: Maker, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stock]:
    monkeypatch.setattr(stock, "QUIET_SECONDS", 0)
    made = Stock(maker.prepare, maker.clock)
    yield made
    made.close()


def wait_until(holds: Callable[[], bool]) -> None:
    for _ in range(1_000):
        if holds():
            return
        time.sleep(0.005)
    raise AssertionError("it never came to be")


def in_stock(shop: Stock) -> int:
    return sum(len(shelf.sittings) for shelf in shop._shelves.values())


def test_the_first_who_asks_finds_nothing_and_those_after_find_something(
    shop: Stock, lab: LabData, maker: Maker
) -> None:
    assert shop.take(lab) is None
    wait_until(lambda: in_stock(shop) == stock.PER_LAB)
    assert shop.take(lab) is not None


def test_whoever_reads_a_lab_has_a_sitting_made(shop: Stock, lab: LabData) -> None:
    shop.notice(lab)
    wait_until(lambda: in_stock(shop) == stock.PER_LAB)


def test_no_sitting_is_handed_out_twice(shop: Stock, lab: LabData, maker: Maker) -> None:
    taken: list[Sitting] = []
    enough = threading.Event()

    def take() -> None:
        while not enough.is_set():
            found = shop.take(lab)
            if found is not None:
                taken.append(found)
                if len(taken) > 60:
                    enough.set()

    threads = [threading.Thread(target=take) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({id(one) for one in taken}) == len(taken)
    assert maker.closed == []


def test_what_belongs_to_an_older_text_of_the_lab_is_thrown_away(shop: Stock, lab: LabData, maker: Maker) -> None:
    shop.notice(lab)
    wait_until(lambda: in_stock(shop) == stock.PER_LAB)
    changed = replace(lab, title="Another", files={**lab.files, "cases.py": lab.files["cases.py"] + "\n# other\n"})
    assert shop.take(changed) is None
    assert len(maker.closed) == stock.PER_LAB
    wait_until(lambda: in_stock(shop) == stock.PER_LAB)
    found = shop.take(changed)
    assert found is not None
    assert found.paper.truth == "Another"


def test_what_is_too_old_is_never_handed_out(shop: Stock, lab: LabData, maker: Maker) -> None:
    shop.notice(lab)
    wait_until(lambda: in_stock(shop) == stock.PER_LAB)
    maker.now += stock.AGE_SECONDS + 1
    assert shop.take(lab) is None
    assert len(maker.closed) == stock.PER_LAB


def test_only_the_labs_used_last_are_kept_in_stock(shop: Stock, lab: LabData, maker: Maker) -> None:
    labs = [replace(lab, slug=f"lab-{number}") for number in range(stock.LABS + 3)]
    for each in labs:
        shop.notice(each)
    wait_until(lambda: in_stock(shop) == stock.PER_LAB * stock.LABS)
    assert shop.take(labs[-1]) is not None
    assert shop.take(labs[0]) is None


def test_bytes_are_bounded(shop: Stock, lab: LabData, maker: Maker) -> None:
    maker.size = stock.MOST_BYTES * 2 // 3
    shop.notice(lab)
    wait_until(lambda: len(maker.closed) == 1)
    assert in_stock(shop) == 1


def test_nothing_is_prepared_while_somebody_is_graded(shop: Stock, lab: LabData, maker: Maker) -> None:
    with shop.quiet():
        shop.notice(lab)
        time.sleep(0.1)
        assert maker.made == []
    wait_until(lambda: in_stock(shop) == stock.PER_LAB)


def test_a_lab_with_a_fault_is_not_tried_over_and_over(shop: Stock, lab: LabData, maker: Maker) -> None:
    maker.fault = True
    assert shop.take(lab) is None
    wait_until(lambda: len(maker.made) == 1)
    time.sleep(0.1)
    assert len(maker.made) == 1
    shop.take(lab)
    wait_until(lambda: len(maker.made) == 2)


def test_a_closed_stock_holds_nothing_and_prepares_nothing(shop: Stock, lab: LabData, maker: Maker) -> None:
    shop.notice(lab)
    wait_until(lambda: in_stock(shop) == stock.PER_LAB)
    shop.close()
    assert len(maker.closed) == stock.PER_LAB
    assert shop.take(lab) is None
    time.sleep(0.05)
    assert in_stock(shop) == 0


def test_a_forked_worker_never_gets_a_sitting_of_its_parent(shop: Stock, lab: LabData) -> None:
    shop.notice(lab)
    wait_until(lambda: in_stock(shop) == stock.PER_LAB)
    worker = os.fork()
    if worker == 0:
        os._exit(0 if shop.take(lab) is None else 1)
    assert os.waitpid(worker, 0)[1] == 0
    assert in_stock(shop) == stock.PER_LAB


def test_a_prepared_sitting_grades_as_one_drawn_on_the_spot(lab: LabData) -> None:
    right = grade_source(lab, FILES["solution.py"], SUBMIT, seed=0, sitting=sitting.prepare(lab, 5))
    assert (right.verdict, right.passed, len(right.cases)) == (Verdict.PASSED, 4, 4)
    wrong = grade_source(lab, FILES["wrong/adds.py"], SUBMIT, seed=0, sitting=sitting.prepare(lab, 6))
    assert wrong.diagnosis is not None
    assert wrong.diagnosis.file == "wrong/adds.py"
    run = grade_source(lab, FILES["wrong/adds.py"], RUN, seed=0, sitting=sitting.prepare(lab, 7))
    assert [case.id for case in run.cases] == ["small"]


def test_a_prepared_box_guards_against_banned_names_as_any_other(lab: LabData) -> None:
    plain = "import numpy as np\n\n\ndef scale(x, factor):\n    return np.multiply(x, factor)\n"
    tricky = plain.replace("np.multiply", "getattr(np, 'multi' + 'ply')")
    for source in (plain, tricky):
        report = grade_source(lab, source, SUBMIT, seed=0, sitting=sitting.prepare(lab, 8))
        assert report.verdict is Verdict.FORBIDDEN


def test_a_prepared_box_whose_zygote_has_died_loses_no_submission(lab: LabData) -> None:
    prepared = sitting.prepare(lab, 9)
    assert prepared.box is not None
    prepared.box._child.keeper.process.kill()
    prepared.box._child.keeper.process.wait()
    report = grade_source(lab, FILES["solution.py"], SUBMIT, seed=0, sitting=prepared)
    assert report.verdict is Verdict.PASSED


def test_two_sittings_have_nothing_in_common(lab: LabData) -> None:
    first, second = sitting.prepare(lab, 1), sitting.prepare(lab, 2)
    for one, other in zip(first.paper.questions, second.paper.questions, strict=True):
        assert (one.args[0] != other.args[0]).any()
    assert first.box is not second.box
    assert first.size > sum(question.args[0].nbytes for question in first.paper.questions)
    first.close()
    second.close()
