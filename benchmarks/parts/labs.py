"""Labs from the content folder, and Django set up around them on a data folder of their own."""

import os
import tempfile
from pathlib import Path

os.environ["DATA_DIR"] = tempfile.mkdtemp(prefix="prepsite-bench-")
os.environ.pop("DATABASE_URL", None)
os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.parts.site"
os.environ["LOG_LEVEL"] = "CRITICAL"

# What is left behind is counted, and other programs use the common folder.
tempfile.tempdir = os.environ["TMPDIR"] = tempfile.mkdtemp(prefix="prepsite-bench-tmp-")

import django

django.setup()

from codelabs import content
from codelabs.content import LabData

FOLDER = Path("fixtures") / "labs"


def lab(slug: str) -> LabData:
    found, problems = content.read(FOLDER / slug)
    if found is None:
        raise ValueError("\n".join(map(str, problems)))
    return found
