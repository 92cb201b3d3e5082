"""After an upgrade, `manage.py prepare` loads content again: a mended sanitiser must reach what is stored."""

import io
import shutil
from importlib import metadata
from pathlib import Path

import pytest
from django.conf import settings as site
from pytest_django import Settings

from prepsite.management.commands import prepare
from quizzes.models import Topic
from tests.quizzes import samples

pytestmark = pytest.mark.django_db


@pytest.fixture
def code(tmp_path: Path, settings: Settings) -> Path:
    """A site with a map of topics as its content; the folder is a copy of the code that renders."""
    for name in prepare.RENDERER_FILES:
        for path in site.BASE_DIR.glob(name):
            copy = tmp_path / "code" / path.relative_to(site.BASE_DIR)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, copy)
    settings.BASE_DIR = tmp_path / "code"
    settings.CONTENT_DIR = tmp_path / "fixtures"
    settings.CONTENT_DIR.mkdir()
    (settings.CONTENT_DIR / "topics.toml").write_text(samples.TOPICS)
    settings.DATA_DIR = tmp_path
    return tmp_path / "code"


def load() -> str:
    """What the step that loads content says."""
    out = io.StringIO()
    prepare.Command(stdout=out).load_content()
    return out.getvalue()


def test_content_is_loaded_once(code: Path) -> None:
    assert load().startswith("Loading content.")
    assert Topic.objects.count() == 2
    assert load() == ""


@pytest.mark.parametrize(
    "name", ["prepsite/lib/markdown.py", "prepsite/lib/burden.py", "quizzes/content/html.py", "codelabs/content/lab.py"]
)
def test_another_renderer_loads_content_again(code: Path, name: str) -> None:
    load()
    with (code / name).open("a") as file:
        file.write("# mended\n")
    assert load().startswith("Loading content.")
    assert load() == ""


@pytest.mark.parametrize("package", ["Markdown", "math-core", "nh3", "pymdown-extensions"])
def test_another_version_of_what_renders_loads_content_again(
    code: Path, package: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    load()
    before = metadata.version
    monkeypatch.setattr(metadata, "version", lambda name: "999" if name == package else before(name))
    assert load().startswith("Loading content.")
    assert load() == ""
