"""What pages print of a question or a card: every text rendered once, when it is saved."""

from typing import Any

from quizzes.content import cloze, prose, standards
from quizzes.content.data import CardData, QuestionData


def question_html(data: QuestionData) -> dict[str, Any]:
    """`Question.html`: prompt, answer_short, answer_medium, answer_long and signal as blocks; red_flags, conventions
    and references as lists of lines; follow_ups as pairs of a line, `text`, and blocks, `answer`. A cloze question has
    `prompt_parts` as well, the pieces around its gaps; its `prompt` shows blanks. No accepted answer of a gap is in
    either.
    """
    prompt = prose.block(cloze.with_stand_ins(data.prompt) if data.kind == "cloze" else data.prompt).html
    html: dict[str, Any] = {
        "prompt": cloze.filled(prompt, lambda _: cloze.BLANK) if data.kind == "cloze" else prompt,
        "answer_short": prose.block(data.answer_short).html,
        "answer_medium": prose.block(data.answer_medium).html,
        "answer_long": prose.block(data.answer_long).html,
        "signal": prose.block(data.signal).html,
        "red_flags": [prose.inline(flag.text).html for flag in data.red_flags],
        "follow_ups": [
            {"text": prose.inline(one.text).html, "answer": prose.block(one.answer).html} for one in data.follow_ups
        ],
        "conventions": [prose.inline(text).html for text in data.conventions],
        "references": [prose.inline(text).html for text in data.references],
    }
    if data.kind == "cloze":
        html["prompt_parts"] = cloze.pieces(prompt, len(cloze.gaps(data.prompt))) or [html["prompt"]]
    return html


def question_spec(data: QuestionData) -> dict[str, Any]:
    """`Question.spec`, which marking reads: the file's own table, the gaps of a cloze, the length of a bug's code."""
    spec = dict(data.spec)
    if data.kind == "cloze":
        spec["gaps"] = cloze.gaps(data.prompt)
    if data.kind == "bug":
        spec["code_lines"] = standards.code_lines(data.prompt)
    return spec


def card_html(card: CardData) -> tuple[str, str]:
    """The two sides. A cloze card shows a blank in front; its back gives the gap's answer and then the back text."""
    back = prose.block(card.back).html
    if card.kind != "cloze":
        return prose.block(card.front).html, back
    front = prose.block(cloze.with_stand_ins(card.front)).html
    answers = [prose.inline(accepted[0]).html for accepted in cloze.gaps(card.front)]
    shown = "".join(f'<p><strong class="gap">{answer}</strong></p>' for answer in answers)
    return cloze.filled(front, lambda _: cloze.BLANK), f"{shown}\n{back}"
