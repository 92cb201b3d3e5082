"""What a visible case shows of itself, as text: what went in, what was expected, what came out, what was printed."""

from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Any

import numpy as np

from codelabs.comparing import raised_types
from codelabs.labkit.script import MARK
from codelabs.paper import Question
from codelabs.sandbox import Answer, Tensor
from codelabs.verdict import Verdict

SHOWN = 2_000  # characters of each value, print and traceback on a page
CUT = "\n… and more, which is not shown"
_ITEMS = 200  # of an array, before it is summarised


def shown_of(question: Question, verdict: Verdict, answer: Answer, names: tuple[str, ...]) -> dict[str, Any]:
    """What a visible case shows: what went in, what was expected, what came out, what was printed."""
    shown: dict[str, Any] = {}
    if answer.stdout:
        shown["stdout"] = beginning(answer.stdout)
    if answer.error is not None and answer.error.text:
        shown["traceback"] = ending(answer.error.text)
    if verdict is not Verdict.PASSED:
        inputs = _steps(question) if question.steps else _arguments(question, names)
        shown["inputs"] = [{"name": name, "text": text} for name, text in inputs]
        if not question.judge:
            shown["expected"] = text_of(_given(question, question.expected))
    if verdict is Verdict.FAILED:
        shown["actual"] = text_of(_given(question, answer.value))
    return shown


def _arguments(question: Question, names: tuple[str, ...]) -> list[tuple[str, str]]:
    labels = [*names, *(f"argument {place + 1}" for place in range(len(names), len(question.args)))]
    given = [*zip(labels, question.args, strict=False), *question.kwargs.items()]
    return [(name, text_of(value)) for name, value in given]


def _steps(question: Question) -> list[tuple[str, str]]:
    """Each step of a script as a line: what is done, and with what."""
    lines = []
    for number, step in enumerate(question.steps, 1):
        named = step.get("kwargs", {})
        given = [*map(_written, step.get("args", ())), *(f"{name}={_written(item)}" for name, item in named.items())]
        said = str(step["text"])
        if step["do"] == "call" and said.endswith("(…)"):
            said = f"{said[:-3]}({', '.join(given)})"
        elif given and step["do"] != "call":  # of a block that is left, nobody wants to see the three None
            said = f"{said} = {', '.join(given)}"
        lines.append((f"step {number}", f"{step['keep']} = {said}" if step["keep"] not in ("", said) else said))
    return lines


def _written(value: Any) -> str:
    """A value within a step; what only the box works out is written as it was."""
    if isinstance(value, Mapping) and MARK in value:
        return _expression(value)
    return text_of(value)


def _expression(node: Mapping[str, Any]) -> str:
    kind = node[MARK]
    if kind in ("kept", "name"):
        return str(node["name"])
    if kind == "attribute":
        return f"{_expression(node['of'])}.{node['name']}"
    if kind == "item":
        return f"{_expression(node['of'])}[{node['key']!r}]"
    return f"{_expression(node['of'])}({', '.join(map(_written, node['args']))})"


def _given(question: Question, value: Any) -> Any:
    """An answer as it is shown: of a script's records only what was seen in each compared step."""
    if not question.steps or not isinstance(value, list):
        return value
    seen = [_seen(record) for record in value]
    return seen[0] if len(seen) == 1 else seen


def _seen(record: Any) -> Any:
    if not isinstance(record, dict):
        return record
    if raised := raised_types(record):
        return f"raises {raised[0][:60]}"
    return record.get("value", record.get("items"))


def beginning(text: str, most: int = SHOWN) -> str:
    """The text as it can be shown. Of a long one the beginning, which says that it is not all."""
    return readable(text if len(text) <= most else text[:most].removesuffix("\n") + CUT)


def ending(text: str) -> str:
    """The same for a traceback, whose end matters most; it begins with a whole line."""
    if len(text) <= SHOWN:
        return readable(text)
    last = text[-SHOWN:]
    return readable("…\n" + (last.partition("\n")[2] or last))


def readable(text: str) -> str:
    """Without NUL, which no page shows and PostgreSQL does not keep."""
    return text.replace("\x00", "␀")


def text_of(value: Any, depth: int = 0) -> str:
    """A value as a learner would print it, arrays to four decimals, cut to a readable length.

    The value may be hostile: what is looked at is bounded before it is printed, not after.
    """
    if isinstance(value, Tensor):
        text = f"tensor({text_of(value.array)}, dtype={value.dtype})"
    elif isinstance(value, np.ndarray) and value.ndim > 3 and value.size > _ITEMS:
        text = f"an array of shape {value.shape}"  # NumPy's own summary grows without bound in the number of axes
    elif isinstance(value, np.ndarray):
        text = np.array2string(value, precision=4, suppress_small=True, threshold=_ITEMS, separator=", ")
    elif isinstance(value, tuple | list | dict) and depth > 2:
        text = "…"
    elif isinstance(value, tuple | list):
        text = _joined(text_of(item, depth + 1) for item in value[:20]) + (", …" if len(value) > 20 else "")
        text = f"({text})" if isinstance(value, tuple) else f"[{text}]"
    elif isinstance(value, dict):
        pairs = (f"{text_of(key)}: {text_of(item, depth + 1)}" for key, item in islice(value.items(), 20))
        text = "{" + _joined(pairs) + "}"
    elif isinstance(value, str | bytes):
        text = repr(value[:SHOWN])
    else:
        text = repr(value)
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"


def _joined(texts: Iterable[str]) -> str:
    """As many of the texts as can be shown. The others are not even made: thousands of arrays take seconds to print."""
    taken: list[str] = []
    room = SHOWN
    for text in texts:
        taken.append(text)
        room -= len(text)
        if room < 0:
            break
    return ",\n".join(taken)
