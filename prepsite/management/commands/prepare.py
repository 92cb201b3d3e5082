"""Makes the site ready to serve: tables, content, static files, an administrator. What is done is skipped."""

import hashlib
import json
from collections.abc import Callable, Iterable
from importlib import metadata
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder

# What turns content into the HTML of its rows: after a change of any of these, content is loaded and rendered again.
RENDERER_FILES = ("prepsite/lib/markdown.py", "prepsite/lib/burden.py", "quizzes/content/*.py", "codelabs/content/*.py")
RENDERER_PACKAGES = ("Markdown", "Pygments", "math-core", "nh3", "pymdown-extensions")


class Command(BaseCommand):
    help = "Migrates, loads content, collects static files and makes an administrator on first use."
    requires_system_checks = ()  # whatever is wrong is said by the steps themselves, in the order in which it matters

    def handle(self, *args: Any, **options: Any) -> None:
        self.migrate()
        self.load_content()
        self.collect_static()
        call_command("createadmin", if_none=True, stdout=self.stdout)

    def migrate(self) -> None:
        executor = MigrationExecutor(connection)
        if plan := executor.migration_plan(executor.loader.graph.leaf_nodes()):
            self.stdout.write(f"Bringing the database up to date ({len(plan)} steps).")
            call_command("migrate", interactive=False, verbosity=0)

    def load_content(self) -> None:
        files = (path for path in settings.CONTENT_DIR.rglob("*") if path.is_file() and path.suffix != ".pyc")
        # The database's birthday is part of the key: a new database is filled although no file has changed.
        first = MigrationRecorder(connection).migration_qs.order_by("applied").first()
        born = first.applied.isoformat() if first is not None else ""
        self.once(
            "content",
            digest(files) + renderer() + born,
            "Loading content.",
            lambda: call_command("loadcontent", stdout=self.stdout),
        )

    def collect_static(self) -> None:
        files = (Path(storage.path(name)) for finder in get_finders() for name, storage in finder.list([]))
        self.once(
            "static",
            digest(files) + settings.STORAGES["staticfiles"]["BACKEND"],
            "Collecting static files.",
            lambda: call_command("collectstatic", interactive=False, clear=True, verbosity=0),
            redo=not settings.STATIC_ROOT.is_dir(),
        )

    def once(self, name: str, key: str, saying: str, act: Callable[[], object], *, redo: bool = False) -> None:
        """Run `act` unless it has run with this key; the stamp lives beside the data that it speaks of."""
        stamp: Path = settings.DATA_DIR / "stamps" / name
        if not redo and stamp.is_file() and stamp.read_text() == key:
            return
        self.stdout.write(saying)
        self.stdout.flush()
        act()
        stamp.parent.mkdir(exist_ok=True)
        stamp.write_text(key)


def renderer() -> str:
    """SHA-256 over the code that renders content and the versions of the packages that it renders with."""
    files = digest(path for name in RENDERER_FILES for path in settings.BASE_DIR.glob(name))
    versions = [(name, metadata.version(name)) for name in RENDERER_PACKAGES]
    return hashlib.sha256(json.dumps([files, versions]).encode()).hexdigest()


def digest(files: Iterable[Path]) -> str:
    """SHA-256 over names and contents, in the order of their names."""
    total = hashlib.sha256()
    for path in sorted(files):
        total.update(str(path).encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()
