"""manage.py checklabs [SLUG …]: prove labs straight from their files. Needs no database."""

import argparse
import json
import os
import secrets
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any, TypeVar

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from codelabs import proofs
from codelabs.auditing import Audit, audit, false_failures
from codelabs.content import PROOF, LabData
from codelabs.loading import read

FAILED, USAGE = 1, 2
T = TypeVar("T")


class Command(BaseCommand):
    help = (
        "Prove labs: the solution and the alternative pass, the starter fails, every wrong solution fails and is "
        "recognised as its own mistake, and the cases refuse automatic mutants of the solution. Exit status: 0 all "
        "hold, 1 something does not, 2 usage."
    )
    requires_system_checks = []

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("slug", nargs="*", help="labs to prove; all by default")
        parser.add_argument("--seed", type=int, help="draw the same cases again (default: fresh ones)")
        parser.add_argument("--seeds", type=int, metavar="N", help="only solution and alternative, on N fresh seeds")
        parser.add_argument("--no-mutants", action="store_true", help="leave out automatic mutants and stored proofs")
        parser.add_argument("--write", action="store_true", help=f"store each proof as {PROOF}, and docs/labs.md")
        parser.add_argument("--json", action="store_true", help="print one JSON object instead of tables")
        parser.add_argument("--jobs", type=int, default=len(os.sched_getaffinity(0)), help="processes to work with")

    def handle(self, *args: Any, **options: Any) -> None:
        labs, problems = read(settings.CONTENT_DIR / "labs")
        wanted = set(options["slug"])
        if unknown := wanted - {lab.slug for lab in labs} - {slug for slug in wanted if _mentions(problems, slug)}:
            raise CommandError(f"there is no lab {', '.join(sorted(unknown))}", returncode=USAGE)
        mentioned = [one for one in problems if not wanted or any(_mentions([one], slug) for slug in wanted)]
        for problem in mentioned:
            self.stderr.write(str(problem))
        chosen = [lab for lab in labs if not wanted or lab.slug in wanted]
        self.jobs = max(1, min(options["jobs"], len(chosen)))
        bad = self._seeds(chosen, options["seeds"]) if options["seeds"] else self._audits(chosen, options)
        if (options["write"] or not wanted) and not options["no_mutants"] and not options["seeds"]:
            bad |= self._table(options["write"])
        if bad or mentioned:
            raise CommandError("Some labs do not hold.", returncode=FAILED)

    def _audits(self, labs: list[LabData], options: dict[str, Any]) -> bool:
        seed = options["seed"] if options["seed"] is not None else secrets.randbits(32)
        act = partial(audit, seed=seed, with_mutants=not options["no_mutants"])
        bad = False
        said: list[dict[str, Any]] = []
        for lab, found in self._each(labs, act):
            lines = table(found, len(lab.wrong))
            if options["write"] and found.proof is not None:
                store(lab, found.proof)
            elif not options["no_mutants"] and found.holds and not found.absent and not proofs.fresh(lab):
                lines.append(f"      no proof of these files is stored: checklabs {lab.slug} --write")
                bad = True
            bad |= not found.holds
            said.append(as_json(found))
            if not options["json"]:
                self.stdout.write("\n".join(lines))
        if options["json"]:
            said.sort(key=lambda one: one["number"])
            self.stdout.write(json.dumps({"labs": said, "holds": not bad}, indent=2))
        return bad

    def _seeds(self, labs: list[LabData], count: int) -> bool:
        seeds = [secrets.randbits(32) for _ in range(count)]
        bad = False
        for lab, found in self._each(labs, partial(false_failures, seeds=seeds)):
            self.stdout.write(f"{lab.slug}: {len(found)} false failures on {count} seeds")
            for line in found:
                self.stdout.write(f"  {line}")
            bad |= bool(found)
        return bad

    def _table(self, write: bool) -> bool:
        """docs/labs.md, where these labs are the site's own; whether it is of other proofs."""
        page = Path(settings.BASE_DIR) / "docs" / "labs.md"
        if not page.parent.is_dir() or Path(settings.BASE_DIR) / "fixtures" != settings.CONTENT_DIR:
            return False
        labs, _ = read(settings.CONTENT_DIR / "labs")
        text = proofs.table(labs)
        if page.exists() and page.read_text(encoding="utf-8") == text:
            return False
        if write:
            page.write_text(text, encoding="utf-8")
            return False
        self.stderr.write("docs/labs.md is not made of these proofs: checklabs --write")
        return True

    def _each(self, labs: list[LabData], act: Callable[[LabData], T]) -> Iterator[tuple[LabData, T]]:
        """Each lab with what `act` finds, as it is done, with a progress bar; in several processes for several labs."""
        with _workers(self.jobs) as workers, tqdm(total=len(labs), desc="checklabs", unit="lab", disable=None) as bar:
            for lab, found in _done(workers, labs, act):
                bar.update()
                with bar.external_write_mode():
                    yield lab, found


@contextmanager
def _workers(jobs: int) -> Iterator[Executor | None]:
    """Processes with sandbox pools of their own; None where one process does."""
    if jobs == 1:
        yield None
        return
    with ProcessPoolExecutor(jobs, mp_context=get_context("fork")) as workers:
        yield workers


def _done(workers: Executor | None, labs: list[LabData], act: Callable[[LabData], T]) -> Iterator[tuple[LabData, T]]:
    if workers is None:
        yield from ((lab, act(lab)) for lab in labs)
        return
    # The largest first, so that no process is left alone with one at the end.
    largest = sorted(labs, key=lambda lab: -len(lab.files["solution.py"]))
    running = {workers.submit(act, lab): lab for lab in largest}
    for future in as_completed(running):
        yield running[future], future.result()


def store(lab: LabData, proof: dict[str, Any]) -> None:
    """Write the proof into the lab's folder, unless it says what is there but for the seconds."""
    timeless = {**proof, "cpu_seconds": 0}
    if {**lab.proof, "cpu_seconds": 0} != timeless:
        path = settings.CONTENT_DIR / "labs" / lab.slug / PROOF
        path.write_text(proofs.text(proof), encoding="utf-8")


def table(found: Audit, mistakes: int) -> list[str]:
    """One line a file, the known mistakes that are refused and recognised, and each surviving mutant."""
    if found.absent:
        # Elsewhere this lab is proven; a host that cannot run it has not shown it to be wrong.
        return [f"{found.slug}: not proven here. {found.absent}"]
    width = max(len(check.file) for check in found.checks)
    lines = [f"{found.slug} (lab {found.number}, seed {found.seed})"]
    for check in found.checks:
        lines.append(f"  {'✗' if check.problem else '✓'} {check.file:<{width}}  {check.found}")
        if check.problem:
            lines.append(f"      should be: {check.expected}; {check.problem}")
    if found.mutation is not None:
        for mutant in found.mutation.survivors:
            lines.append(f"      survives: {mutant.name}")
            lines += [f"        {mutant.line:>3} - {mutant.before}", f"            + {mutant.after}"]
    wrong = [check for check in found.checks if check.file.startswith("wrong/")]
    lines.append(f"  {sum(not check.problem for check in wrong)} of {mistakes} known mistakes refused and named")
    return lines


def as_json(found: Audit) -> dict[str, Any]:
    mutation = found.mutation
    return {
        "lab": found.slug,
        "number": found.number,
        "seed": found.seed,
        "holds": found.holds and not found.absent,
        "absent": found.absent,
        "checks": [vars(check) for check in found.checks],
        "proof": found.proof,
        "score": mutation.score if mutation is not None else None,
        "survivors": [
            {"mutant": one.name, "line": one.line, "before": one.before, "after": one.after}
            for one in (mutation.survivors if mutation is not None else ())
        ],
    }


def _mentions(problems: list[Any], slug: str) -> bool:
    return any(f"/labs/{slug}/" in problem.file or problem.file.endswith(f"/labs/{slug}") for problem in problems)
