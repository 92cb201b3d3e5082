"""Reading what learners type: numbers in their many spellings, words whatever their case, spacing and TeX."""

import math
import re
import unicodedata

_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾ⁿ", "0123456789+-()n")
_SUPERSCRIPT_RUN = re.compile("[⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾ⁿᵀ]+")
_NUMBER = r"[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?"
_LONGEST_NUMBER = 100  # characters


class NotANumber(ValueError):  # noqa: N818 - the message is a sentence for the learner
    """The text is not one number. The message says what to write instead."""


def as_number(text: str, *, unit: str = "") -> float:
    """The number that `text` means: 0.5, .5, 1e-3, 2.5·10⁻³, 10^6, 1/3, 12 %, 3 152 384, or any with its unit.

    A percent sign divides by 100, unless the question asks for percent. Raises NotANumber with a plain sentence.
    """
    if len(text) > _LONGEST_NUMBER:
        raise NotANumber("Write just the number.")
    plain = _plain_number(text)
    percent = 1.0
    if unit and (without := _without_unit(plain, _plain_number(unit))) is not None:
        plain = without
    elif plain.endswith("%"):
        plain, percent = plain[:-1].strip(), 100.0
    # Thin and ordinary spaces between groups of three digits are how many people write 3 152 384.
    plain = re.sub(r"(?<=\d) (?=\d{3}(?!\d))", "", plain)
    if "," in plain:
        raise NotANumber(
            "Write the decimal point as a dot and leave out separators of thousands: 0.5 rather than 0,5; 1000 rather "
            "than 1,000."
        )
    match = re.fullmatch(rf"({_NUMBER})(?: ?/ ?({_NUMBER}))?", plain)
    if match is None:
        hint = f", alone or with its unit “{unit}”" if unit else ""
        raise NotANumber(f"“{text.strip()}” is not a number. Write it like 0.25, 1/4, 25 % or 2.5e-1{hint}.")
    divisor = float(match[2]) if match[2] else 1.0
    if divisor == 0:
        raise NotANumber("A fraction cannot have zero below the line.")
    value = float(match[1]) / divisor / percent
    if not math.isfinite(value):
        raise NotANumber("That number is too large to be read.")
    return value


def _plain_number(text: str) -> str:
    """Signs, spaces, powers of ten and TeX in their plain spelling: `2.5·10⁻¹⁴` becomes `2.5e-14`."""
    text = _SUPERSCRIPT_RUN.sub(lambda run: "^" + run[0].translate(_SUPERSCRIPTS), text.strip().strip("$").lower())
    text = unicodedata.normalize("NFKC", text)
    text = text.replace("−", "-").replace("–", "-").replace("\\%", "%").replace("\u2044", "/")
    text = re.sub(r"\\(?:times|cdot)|[×·⋅]", "*", text)
    text = re.sub(r"\\[,;: ]|\\,|[\s~]+", " ", text)
    text = re.sub(r"^\s*(?:=|≈|about|approx\.?|\\approx)\s*", "", text)
    text = re.sub(r"(\d\.?) ?\* ?10 ?(?:\^|\*\*) ?\{?\(?([+-]?\d+)\)?\}?", r"\1e\2", text)
    text = re.sub(r"(?<![\d.])10 ?(?:\^|\*\*) ?\{?\(?([+-]?\d+)\)?\}?", r"1e\1", text)
    text = re.sub(r"([+-]) (?=[\d.])", r"\1", text)
    return re.sub(r" {2,}", " ", text).strip()


def _without_unit(plain: str, unit: str) -> str | None:
    """The text before the unit, in singular or plural; None if it does not end in it."""
    for ending in sorted({unit, unit + "s", unit.removesuffix("s")} - {""}, key=len, reverse=True):
        if plain.endswith(ending) and re.search(r"[\d. ]$", plain[: -len(ending)]):
            return plain[: -len(ending)].strip()
    return None


def lines_of(text: str) -> list[str]:
    """The lines of a program's output, without white space at their ends and without empty lines at the end."""
    lines = [line.rstrip() for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    while lines and not lines[-1]:
        lines.pop()
    return lines


def same_words(given: str, accepted: str) -> bool:
    """Whether two short answers agree but for case, white space and the way of writing mathematics."""
    ours, theirs = _essence(given), _essence(accepted)
    if ours == theirs:
        return bool(theirs)
    try:
        return as_number(given) == as_number(accepted)
    except NotANumber:
        return False


_GREEK = {chr(code): unicodedata.name(chr(code)).split()[-1].lower() for code in range(0x3B1, 0x3CA) if code != 0x3C2}
_GREEK |= {capital.upper(): name for capital, name in _GREEK.items()} | {"λ": "lambda", "Λ": "lambda"}
_TEX_WORDS = {
    "times": "*",
    "cdot": "*",
    "odot": "⊙",
    "circ": "⊙",
    "top": "T",
    "leq": "≤",
    "geq": "≥",
    "le": "≤",
    "ge": "≥",
}
_TEX_WORDS |= {"infty": "∞", "partial": "∂", "nabla": "∇", "sum": "∑", "neq": "≠", "ne": "≠", "left": "", "right": ""}
_TEX_WORDS |= {"varphi": "phi", "varepsilon": "epsilon", "lVert": "‖", "rVert": "‖"}
_TEX_WORDS |= dict.fromkeys(
    "mathbf mathrm mathit mathsf mathcal mathbb boldsymbol operatorname text textbf textit vec mat quad qquad".split(),  # noqa: SIM905
    "",
)


def _essence(text: str) -> str:
    text = _SUPERSCRIPT_RUN.sub(lambda run: "^" + run[0].translate(_SUPERSCRIPTS).replace("ᵀ", "T"), text)
    text = re.sub(r"\\([,;:! ])", "", text)
    text = re.sub(r"\\([A-Za-z]+)", lambda word: _TEX_WORDS.get(word[1], word[1]), text)
    text = "".join(_GREEK.get(character, character) for character in unicodedata.normalize("NFKC", text))
    text = text.replace("−", "-").replace("–", "-").replace("·", "*").replace("⋅", "*").replace("×", "*")
    # A hyphen within words is a matter of taste; a minus between letters is not.
    text = re.sub(r"(?<=[^\W\d_]{2})-(?=[^\W\d_]{2})", "", text)
    text = re.sub(r"[\s$`{}_\\]", "", text).replace("**", "^")
    return text.rstrip(".!").casefold()
