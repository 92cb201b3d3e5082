"""Receipts as content: Python beside a text that proves it, and whether all numbers of the text stand in it."""

import io
import re
import tokenize
from collections.abc import Iterator

from quizzes.content.data import QuestionData, ReceiptData

ENDING = ".check.py"
# Numbers that somebody computed: with a decimal point, or large enough to be written in groups of three digits.
_NUMBER = re.compile(r"(?<![\w.,/-])(\d{1,3}(?:(?:,|\\,|\{,\})\d{3})+(?:\.\d+)?|\d+\.\d+)(?!\w)")
_LINK = re.compile(r"\]\([^)]*\)")


def of_question(question: QuestionData) -> ReceiptData:
    """A question's receipt proves what is said after the prompt; the numbers of the prompt and of what is asked next
    are data."""
    said = [question.answer_short, question.answer_medium, question.answer_long, question.signal]
    said += [text for choice in question.choices for text in (choice.text, choice.why)]
    said += [point.text for point in question.rubric]
    said += [follow_up.answer for follow_up in question.follow_ups]
    said += [text for card in question.cards for text in (card.front, card.back)]
    given = "\n".join([question.prompt, *question.conventions])
    return ReceiptData(question.place.file, "\n\n".join(said), question.check_source, given)


def path_of(file: str) -> str:
    """A receipt lies beside the text that it proves: bptt.md, bptt.check.py."""
    return file.rpartition(".")[0] + ENDING


def unproven(receipt: ReceiptData) -> list[str]:
    """The numbers of a text, as they are written there, that its receipt never mentions."""
    mentioned = {*_mentioned(receipt.source), *(_value(number) for number in _numbers(receipt.given))}
    found = dict.fromkeys(number for number in _numbers(receipt.text) if _value(number) not in mentioned)
    return list(found)


def _numbers(text: str) -> list[str]:
    """Outside code blocks, which are run or read as they are, and addresses."""
    lines, fenced = [], False
    for line in text.split("\n"):
        fence = line.lstrip().startswith(("```", "~~~"))
        fenced ^= fence
        lines.append("" if fenced or fence else _LINK.sub("]", line))
    return _NUMBER.findall("\n".join(lines))


def _value(number: str) -> float:
    return float(re.sub(r"[^\d.]", "", number))


def _mentioned(source: str) -> Iterator[float]:
    """The numbers of a program, those in its strings included."""
    try:
        for token in tokenize.generate_tokens(io.StringIO(source).readline):
            if token.type == tokenize.NUMBER and re.fullmatch(r"[\d_]+(\.[\d_]*)?(e[+-]?\d+)?", token.string):
                yield float(token.string)
                yield float(token.string.partition("e")[0])  # 2.7e-5 stands for 2.7 · 10⁻⁵
            elif token.type == tokenize.STRING:
                yield from (float(number) for number in re.findall(r"\d+(?:\.\d+)?", token.string))
    except (tokenize.TokenError, IndentationError):
        return  # said elsewhere: it is no Python
