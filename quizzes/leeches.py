"""Leeches: cards that are forgotten again and again. Named, never punished: usually the idea is missing, not the
memory.

The threshold is Anki's: at the eighth lapse, and then at every fourth one.
"""

LEECH_LAPSES = 8
AGAIN_EVERY = 4


def is_leech(lapses: int) -> bool:
    return lapses >= LEECH_LAPSES


def just_noticed(before: int, after: int) -> bool:
    """Whether the latest rating is the one at which it is worth saying (again)."""
    return after > before and is_leech(after) and (after - LEECH_LAPSES) % AGAIN_EVERY == 0
