"""Is this answer the expected one, and if not, how do they differ?

difference  what may differ, and what may be said about it
answers     one value against another, within a tolerance
unchanged   one value against another, bit for bit
words       how an answer is spoken of
steps       what a script gave, step by step
"""

from codelabs.comparing.answers import PICTURE_SIDE, Closeness, closely, compare
from codelabs.comparing.difference import Difference, Kind
from codelabs.comparing.steps import compare_steps, raised_types
from codelabs.comparing.unchanged import changed, same
from codelabs.comparing.words import RETURNED

__all__ = [
    "PICTURE_SIDE",
    "RETURNED",
    "Closeness",
    "Difference",
    "Kind",
    "changed",
    "closely",
    "compare",
    "compare_steps",
    "raised_types",
    "same",
]
