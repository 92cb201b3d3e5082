"""A lab as its folder holds it: read strictly, and written back without a needless change."""

from codelabs.content.lab import GIVEN, HIGHEST_NUMBER, PROOF, Equivalent, LabData, Wrong, html
from codelabs.content.reading import identities, normal, parse, read
from codelabs.content.writing import digest, render, write

__all__ = [
    "GIVEN",
    "HIGHEST_NUMBER",
    "PROOF",
    "Equivalent",
    "LabData",
    "Wrong",
    "digest",
    "html",
    "identities",
    "normal",
    "parse",
    "read",
    "render",
    "write",
]
