"""manage.py loadcontent: the content files become rows."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from prepsite import publishing
from prepsite.lib.problems import Taken


class Command(BaseCommand):
    help = "Load all content files. With any problem, lists every one of them, loads nothing and exits with 1."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--root", type=Path, default=settings.CONTENT_DIR, help="the folder of the content files")
        parser.add_argument(
            "--overwrite", action="store_true", help="give up edits made in the admin where a file says otherwise"
        )

    def handle(self, *args: Any, root: Path, overwrite: bool, verbosity: int, **options: Any) -> None:
        everything, problems = publishing.read(root)
        if problems:
            for problem in problems:
                self.stderr.write(str(problem))
            raise CommandError(
                f"{len(problems)} problem{'s' * (len(problems) != 1)} in the content; nothing was loaded."
            )
        try:
            stored = publishing.store(everything, overwrite=overwrite)
        except Taken as error:
            raise CommandError(f"{error} Nothing was loaded.") from error
        for name in stored.retired:
            self.stdout.write(f"retired, for its file is gone: {name}")
        for name in stored.kept:
            self.stdout.write(f"kept as it was edited in the admin: {name}")
        if stored.kept:
            self.stdout.write("dumpcontent writes these edits to the files; loadcontent --overwrite gives them up.")
        if verbosity:
            self.stdout.write(
                f"Content: {len(stored.created)} new, {len(stored.updated)} changed, "
                f"{len(stored.unchanged)} as before, {len(stored.kept)} kept, {len(stored.retired)} retired."
            )
