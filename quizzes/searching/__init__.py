"""The search language for cards: `topic:lstm level:advanced is:due lapses>3`. Pure: text in, a tree out.

terms    what can be searched for, with the values each field takes; the help page is written from it
tokens   a text cut into words, signs and quoted phrases, each with its position
parser   the tree, or BadSearch with a sentence and the position it is about
"""

from quizzes.searching.parser import parse
from quizzes.searching.terms import FIELDS, FLAGS, NUMBERS, STATES, And, BadSearch, Field, Not, Or, Search, Text

__all__ = [
    "FIELDS",
    "FLAGS",
    "NUMBERS",
    "STATES",
    "And",
    "BadSearch",
    "Field",
    "Not",
    "Or",
    "Search",
    "Text",
    "parse",
]
