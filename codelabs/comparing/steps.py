"""What the steps of a script gave, against what they should have given."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from codelabs.comparing.answers import Closeness, closely
from codelabs.comparing.difference import Difference, Kind


def compare_steps(
    steps: Sequence[Mapping[str, Any]], expected: Sequence[Mapping[str, Any]], actual: Any, by: Closeness
) -> Difference | None:
    """The first step that gave something else. `actual` comes from the learner's box and may be anything."""
    compared = [(number, str(step["text"])) for number, step in enumerate(steps, 1) if step.get("compared")]
    if not isinstance(actual, list) or len(actual) != len(compared):
        return Difference(Kind.STRUCTURE, "What came back is not what the steps of this case give.")
    for (number, text), want, got in zip(compared, expected, actual, strict=True):
        place = f"step {number}, `{text}`"
        if not isinstance(got, dict):
            return Difference(Kind.STRUCTURE, f"In {place}, what came back is not built as expected.")
        if "raised" in want or "raised" in got:
            found = _raised(want, got, place)
        elif "items" in want:
            found = _items(want, got, place, by)
        else:
            found = closely(want["value"], got.get("value"), by, f"what {place} gave")
        if found is not None:
            return replace(found, at=f"In {place}: ")
    return None


def raised_types(record: Mapping[str, Any]) -> list[str]:
    """The names of the types that a step raised, innermost first. Whatever else a box puts there is none: to compare
    with an array fails, and to print one may take minutes."""
    found = record.get("raised")
    return [name for name in found if isinstance(name, str)] if isinstance(found, list) else []


def _raised(want: Mapping[str, Any], got: Mapping[str, Any], place: str) -> Difference | None:
    expected, found = want.get("raised"), raised_types(got)
    if expected is None:
        return Difference(Kind.RAISED, f"In {place}, an exception was raised where none is right.")
    if expected[0] in found:
        return None
    raised = f"{found[0][:60]} was raised" if found else "nothing was raised"
    return Difference(Kind.RAISED, f"In {place}, {raised}; expected {expected[0]}.")


def _items(want: Mapping[str, Any], got: Mapping[str, Any], place: str, by: Closeness) -> Difference | None:
    items = got.get("items")
    if isinstance(items, list) and len(items) != len(want["items"]):
        said = f"In {place}, {len(items)} came, not {len(want['items'])}."
        return Difference(Kind.STRUCTURE, said)
    return closely(want["items"], items, by, f"what {place} gave")
