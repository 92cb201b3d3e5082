"""The site's own settings, with one more view: a bare one, to compare with."""

from prepsite.settings import *  # noqa: F403

ROOT_URLCONF = "benchmarks.parts.urls"
