"""manage.py checklabs [SLUG …]: prove labs straight from their files. Needs no database."""

import argparse
import secrets
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from codelabs.content import LabData
from codelabs.loading import read
from codelabs.proving import Check, prove
from codelabs.sandbox import Unavailable

FAILED, USAGE = 1, 2


class Command(BaseCommand):
    help = (
        "Prove labs: the solution and the alternative pass, the starter fails, and every wrong solution fails and is "
        "recognised as its own mistake. Exit status: 0 all hold, 1 something does not, 2 usage."
    )
    requires_system_checks = []

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("slug", nargs="*", help="labs to prove; all by default")
        parser.add_argument("--seed", type=int, help="draw the same cases again (default: fresh ones)")

    def handle(self, *args: Any, **options: Any) -> None:
        labs, problems = read(settings.CONTENT_DIR / "labs")
        wanted = set(options["slug"])
        if unknown := wanted - {lab.slug for lab in labs} - {slug for slug in wanted if _mentions(problems, slug)}:
            raise CommandError(f"there is no lab {', '.join(sorted(unknown))}", returncode=USAGE)
        for problem in problems:
            if not wanted or any(_mentions([problem], slug) for slug in wanted):
                self.stderr.write(str(problem))
        labs = [lab for lab in labs if not wanted or lab.slug in wanted]
        bad = (bool(problems) and not wanted) or any(_mentions(problems, slug) for slug in wanted)
        seed = options["seed"] if options["seed"] is not None else secrets.randbits(32)
        total = sum(len(lab.wrong) + 4 for lab in labs)
        with tqdm(total=total, desc="checklabs", unit="check", leave=False, disable=None) as progress:
            for lab in labs:
                bad |= not self._prove(lab, seed, progress)
        if bad:
            raise CommandError("Some labs do not hold.", returncode=FAILED)

    def _prove(self, lab: LabData, seed: int, progress: "tqdm[Any]") -> bool:
        checks: list[Check] = []
        try:
            for check in prove(lab, seed=seed):
                checks.append(check)
                progress.update()
        except Unavailable as absent:
            # Elsewhere this lab is proven; a host that cannot run it has not shown it to be wrong.
            with progress.external_write_mode():
                self.stdout.write(f"{lab.slug}: not proven here. {absent.reason}")
            return True
        with progress.external_write_mode():
            self.stdout.write("\n".join(table(lab, checks, seed)))
        return not any(check.problem for check in checks)


def table(lab: LabData, checks: list[Check], seed: int) -> list[str]:
    """One line a file, and the score: how many known mistakes the cases refuse and recognise."""
    width = max(len(check.file) for check in checks)
    lines = [f"{lab.slug} (lab {lab.number}, seed {seed})"]
    for check in checks:
        lines.append(f"  {'✗' if check.problem else '✓'} {check.file:<{width}}  {check.found}")
        if check.problem:
            lines.append(f"      should be: {check.expected}; {check.problem}")
    wrong = [check for check in checks if check.file.startswith("wrong/")]
    lines.append(f"  {sum(not check.problem for check in wrong)} of {len(lab.wrong)} known mistakes refused and named")
    return lines


def _mentions(problems: list[Any], slug: str) -> bool:
    return any(f"/labs/{slug}/" in problem.file or problem.file.endswith(f"/labs/{slug}") for problem in problems)
