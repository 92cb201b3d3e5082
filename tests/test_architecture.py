"""The layering rules hold, and a planted breach of each is noticed."""

import shutil
from pathlib import Path

import pytest
from django.conf import settings

from tests import layering

ROOT = Path(settings.BASE_DIR)


def test_the_layers_hold() -> None:
    assert layering.violations(ROOT) == []


def test_every_module_named_in_the_rules_exists() -> None:
    """A rule about a module that has gone guards nothing."""
    names = {module.name for module in layering.modules(ROOT)}
    named = set(layering.RUNGS) | layering.SEE_BOTH | layering.LATE_IMPORTS
    assert named - names == set()


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("tree")
    for app in layering.APPS:
        ignored = shutil.ignore_patterns("static", "templates", "__pycache__", "migrations")
        shutil.copytree(ROOT / app, root / app, ignore=ignored)
    return root


BREACHES = {
    "quizzes import codelabs": ("quizzes/marking.py", "from codelabs.models import Lab"),
    "codelabs import quizzes": ("codelabs/submitting.py", "import quizzes.models"),
    "a third module sees both": ("prepsite/views.py", "import quizzes.models\nimport codelabs.models"),
    "the sandbox knows Django": ("codelabs/sandbox/outcome.py", "from django.conf import settings"),
    "the sandbox knows labs": ("codelabs/sandbox/outcome.py", "from codelabs.verdict import Verdict"),
    "the sandbox knows them by a relative import": ("codelabs/sandbox/outcome.py", "from ..models import Lab"),
    "labkit knows the project": ("codelabs/labkit/cases.py", "import codelabs.verdict"),
    "a pure module knows Django": ("quizzes/scheduling/memory.py", "from django.db import models"),
    "a pure module knows Django in a function": ("quizzes/marking.py", "def f():\n    import django.utils.timezone"),
    "a pure module knows tables": ("quizzes/marking.py", "from quizzes.models import Question"),
    "a pure module reads the clock": ("quizzes/scheduling/memory.py", "import datetime as dt\nx = dt.datetime.now()"),
    "a pure module rolls global dice": ("codelabs/comparing/answers.py", "import random\nx = random.random()"),
    "a model knows an act": ("quizzes/models/card.py", "from quizzes import sessions"),
    "a model reads the clock": ("quizzes/models/card.py", "from django.utils import timezone\nx = timezone.now()"),
    "an act knows a view": ("quizzes/sessions.py", "from quizzes.views import pages"),
    "an act reads the clock": ("codelabs/submitting.py", "from django.utils import timezone\nx = timezone.now()"),
    "a learner's app knows accounts": ("quizzes/views/pages.py", "from prepsite.accounts.models import User"),
    "the ground knows a house": ("prepsite/lib/problems.py", "from quizzes.models import Topic"),
    "a cycle is dodged in a function": ("quizzes/sessions.py", "def f():\n    from quizzes.models import Topic"),
    "the clock by its own name": ("quizzes/sessions.py", "from django.utils.timezone import now\nx = now()"),
    "the clock under another name": ("quizzes/reviewing.py", "import time as t\nx = t.time()"),
    "the clock as a default": ("quizzes/models/card.py", "from django.utils import timezone\nx = dict(d=timezone.now)"),
    "the clock by a renamed class": ("quizzes/sessions.py", "import datetime as dt\nD = dt.datetime\nx = D.now()"),
    "the clock of the database": ("quizzes/sessions.py", "from django.db.models.functions import Now\nx = Now()"),
    "dice by their own name": ("quizzes/marking.py", "from random import choice\nx = choice([1])"),
    "secrets in an act": ("quizzes/sessions.py", "import secrets\nx = secrets.token_hex()"),
    "an act speaks HTTP": ("quizzes/reviewing.py", "from django.http import HttpResponse"),
    "an act knows a view of the site": ("prepsite/publishing.py", "import prepsite.preview"),
    "torch in the web process": ("codelabs/comparing/answers.py", "def f():\n    import torch"),
    "a signal": ("codelabs/views/listing.py", "from django.db.models.signals import post_save"),
    "the site needs its tests": ("quizzes/sessions.py", "from tests.quizzes import factories"),
    "a file is named for a role": ("quizzes/helpers.py", ""),
    "a folder is named for a role": ("codelabs/services/mail.py", ""),
    "a file never stops": ("quizzes/endless.py", "x = 1\n" * 400),
}


@pytest.mark.parametrize("breach", BREACHES)
def test_a_planted_breach_is_noticed(tree: Path, breach: str) -> None:
    name, code = BREACHES[breach]
    path = tree / name
    before = path.read_text() if path.exists() else None
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"{before or ''}\n{code}\n")
    try:
        assert layering.violations_of(tree, layering.read(tree, path))
    finally:
        path.write_text(before) if before is not None else path.unlink()
    if before is not None:
        assert layering.violations_of(tree, layering.read(tree, path)) == []


def test_what_only_types_need_is_no_dependency(tree: Path) -> None:
    path = tree / "quizzes/onlytypes.py"
    path.write_text("from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from quizzes.views import pages\n")
    assert layering.violations_of(tree, layering.read(tree, path)) == []
