"""manage.py checkcontent: lint of all content, and its receipts."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from codelabs.sandbox import pool
from prepsite import publishing, receipts
from prepsite.coverage import checking, mapping
from prepsite.lib.problems import Problem
from quizzes.content import files

USAGE = 2


class Command(BaseCommand):
    help = "Check every content file and run the receipts in the sandbox; lists every problem, exit 1 if there is any."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("only", nargs="*", help="look only at files whose path contains one of these texts")
        parser.add_argument("--root", type=Path, default=settings.CONTENT_DIR, help="the folder of the content files")
        parser.add_argument("--fix", action="store_true", help="rewrite files that are not in canonical form")
        parser.add_argument("--no-receipts", action="store_true", help="do not run the receipts")

    def handle(
        self, *args: Any, only: list[str], root: Path, fix: bool, no_receipts: bool, verbosity: int, **options: Any
    ) -> None:
        def meant(name: str) -> bool:
            return not only or any(part in name for part in only)

        everything, problems = publishing.read(root)
        promised, in_mapping = mapping.read(root)
        coverage = checking.check(everything, promised)
        problems += [*in_mapping, *coverage.problems]
        broken = {problem.file for problem in problems}
        there = {*(f"{root.name}/{path.relative_to(root)}" for path in root.rglob("*")), *broken}
        if idle := [part for part in only if not any(part in name for name in there)]:
            raise CommandError(f"no path below {root.name}/ contains {' or '.join(map(repr, idle))}", returncode=USAGE)
        for path, text in files.not_canonical(root, everything.content).items():
            name = f"{root.name}/{path.relative_to(root)}"
            if fix and name not in broken and meant(name):
                path.write_text(text, encoding="utf-8", newline="\n")
                self.stdout.write(f"rewritten: {name}")
            elif name not in broken:
                problems.append(Problem(name, 0, "is not in canonical form; checkcontent --fix rewrites it"))
        problems += receipts.unproven(everything.content)
        texts = [one for one in receipts.of(everything.content) if meant(one.file)]
        proved = receipts.Receipts(0, ())
        if not no_receipts:
            proved = receipts.check(texts, pool())
        for skipped in proved.skipped:
            self.stderr.write(f"note: {skipped}")
        found = sorted(problem for problem in {*problems, *proved.problems} if meant(problem.file))
        for problem in found:
            self.stderr.write(str(problem))
        if found:
            raise CommandError(f"{len(found)} problem{'s' * (len(found) != 1)} in the content.")
        if verbosity:
            content = everything.content
            cards = sum(len(one.cards) for one in content.with_cards)
            self.stdout.write(
                f"{len(content.topics)} topics, {len(content.guides)} guides, {len(content.questions)} questions, "
                f"{cards} cards and {len(everything.labs)} labs are sound; {proved.run} receipts hold."
            )
            if promised.file:
                self.stdout.write(f"{coverage}; {coverage.concepts} core concepts in four performances.")
            if not no_receipts and not only:
                self.stdout.write("No published question is without answer, rubric (open, derive) and receipt.")
