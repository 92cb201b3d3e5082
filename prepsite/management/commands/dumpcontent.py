"""manage.py dumpcontent: edits made in the admin go back to the content files."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from prepsite import publishing
from prepsite.lib.problems import Unreadable


class Command(BaseCommand):
    help = "Write what was edited in the admin back to its files, where it can be reviewed as a diff."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--root", type=Path, default=settings.CONTENT_DIR, help="the folder of the content files")

    def handle(self, *args: Any, root: Path, verbosity: int, **options: Any) -> None:
        try:
            changed = publishing.dump(root)
        except Unreadable as error:
            for problem in error.problems:
                self.stderr.write(str(problem))
            raise CommandError("These files might be lost; nothing was written.") from error
        for path in changed if verbosity else ():
            self.stdout.write(f"{'written' if path.exists() else 'removed'}: {path.relative_to(root)}")
        if verbosity:
            self.stdout.write(f"{len(changed)} file{'s' * (len(changed) != 1)} changed.")
