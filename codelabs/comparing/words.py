"""How an answer is spoken of: what kind of thing it is, which part of it is meant, and its value in short.

Values come from a learner's box and may be anything; no sentence grows with them.
"""

from typing import Any

import numpy as np

from codelabs.sandbox import Tensor

RETURNED = "what your function returned"
NUMBERS = (bool, int, float, complex, np.bool_, np.number)
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth")


def whose(number: Any) -> str:
    return "a number of NumPy's" if isinstance(number, np.generic | np.ndarray) else "a plain Python number"


def named(value: Any) -> str:
    """What kind of thing this is, in words."""
    if value is None:
        return "None"
    if isinstance(value, Tensor):
        return f"a tensor of shape {tuple(value.array.shape)}"
    if isinstance(value, np.ndarray) and value.ndim:
        return f"an array of shape {value.shape}"
    if isinstance(value, bool | np.bool_):
        return "a truth value"
    if isinstance(value, complex | np.complexfloating):
        return "a complex number"
    if isinstance(value, (*NUMBERS, np.ndarray)):
        return "a number"
    if isinstance(value, tuple | list):
        return f"a {type(value).__name__} of {len(value)}"
    names: dict[type, str] = {str: "a string", bytes: "bytes", dict: "a dictionary"}
    return names.get(type(value), "something else")


def part(where: str, position: int, length: int) -> str:
    """Part number `position` (from 0) of the `length` that the thing at `where` has."""
    if where != RETURNED:
        return f"{where}, part {position + 1}"
    nth = _ORDINALS[position] if position < len(_ORDINALS) else f"number {position + 1}"
    return f"the {nth} of the {length} returned values" if length > 1 else "the returned value"


def counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def short(value: Any) -> str:
    """The value as Python shows it, in 60 characters at most."""
    if isinstance(value, np.ndarray | np.generic):
        value = value.item() if value.ndim == 0 else value.tolist()
    try:
        text = f"{value:.6g}" if isinstance(value, float) else repr(value)
    except ValueError:  # an integer with more digits than Python prints
        text = "a number of thousands of digits"
    return text if len(text) <= 60 else text[:57] + "…"


def opening(text: str) -> str:
    """The same as the beginning of a sentence."""
    return text[:1].upper() + text[1:]
