"""manage.py grade SLUG FILE [--json]: grade a file exactly as the site does."""

import argparse
import json
import secrets
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from codelabs import content, submitting
from codelabs.content import LabData
from codelabs.grading import RUN, SUBMIT, grade_source
from codelabs.loading import data_of
from codelabs.models import Lab
from codelabs.report import Report
from codelabs.verdict import Verdict

PASSED, NOT_PASSED, USAGE = 0, 1, 2


class Command(BaseCommand):
    help = "Grade a file against a lab, exactly as the site does. Exit status: 0 passed, 1 not passed, 2 usage."
    requires_system_checks = []

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("slug", help="the lab, from the database or else from CONTENT_DIR/labs")
        parser.add_argument("file", type=Path, help="the Python file to grade")
        parser.add_argument("--run", action="store_true", help="only the visible cases, as the Run button does")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        lab = _lab(options["slug"])
        report = grade_source(
            lab, _source(options["file"]), RUN if options["run"] else SUBMIT, seed=secrets.randbits(63)
        )
        if options["json"]:
            self.stdout.write(json.dumps(report.as_json(), ensure_ascii=False))
        else:
            self._tell(report)
        if report.message:
            self.stderr.write(report.message)
        if report.reason and report.reason != report.message:
            self.stderr.write(report.reason)
        raise SystemExit(PASSED if report.verdict is Verdict.PASSED else NOT_PASSED)

    def _tell(self, report: Report) -> None:
        for case in report.cases:
            mark = "✓" if case.verdict is Verdict.PASSED else "✗"
            self.stdout.write(f"{mark} {case.id} ({'visible' if case.visible else 'hidden'}): {case.verdict}")
            if case.message:
                self.stdout.write(f"    {case.message}")
        if report.diagnosis is not None:
            self.stdout.write(f"\n{report.diagnosis.says}\n{report.diagnosis.why}")
        self.stdout.write(
            f"\n{report.verdict}: {report.passed} of {len(report.cases)} cases, {report.cpu_seconds:.3f} s of CPU, "
            f"{report.memory_mb:.0f} MB, {report.seconds:.2f} s in all"
        )


def _lab(slug: str) -> LabData:
    try:
        row = Lab.objects.filter(slug=slug).prefetch_related("files").first()
    except DatabaseError:  # not migrated yet: the files are enough
        row = None
    if row is not None:
        return data_of(row)
    folder = settings.CONTENT_DIR / "labs" / slug
    if not folder.is_dir():
        raise CommandError(f"there is no lab {slug!r}", returncode=USAGE)
    lab, problems = content.read(folder)
    if lab is None:
        raise CommandError("\n".join(map(str, problems)), returncode=USAGE)
    return lab


def _source(path: Path) -> str:
    try:
        source = path.read_text(encoding="utf-8")
        submitting.check(source)
    except OSError as error:
        raise CommandError(f"cannot read {path}: {error.strerror}", returncode=USAGE) from error
    except UnicodeDecodeError as error:
        raise CommandError(f"{path} is not UTF-8 text", returncode=USAGE) from error
    except submitting.Refused as refusal:
        raise CommandError(str(refusal), returncode=USAGE) from refusal
    return source
