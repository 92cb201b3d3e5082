"""What a question must have to be published, and the look over all its texts: for files and the admin alike."""

import ast
import re

from prepsite.lib.problems import Problem
from quizzes.content import cloze, prose
from quizzes.content.data import CardData, DeckData, GuideData, MisconceptionData, Place, QuestionData
from quizzes.content.fields import Problems
from quizzes.content.sections import level_one_heading

BY_RUBRIC = ("open", "derive")
BY_CHOICE = ("single", "multiple")
OUT_OF_TEN, TO_BE_ADEQUATE = 10, 6
FOLLOW_UPS = 3


def check_question(data: QuestionData, problems: Problems) -> None:
    """Everything about a question that can be said without looking at other files."""
    check_answers(data, problems)
    check_choices(data, problems)
    check_rubric(data, problems)
    check_type(data, problems)
    check_texts(data, problems)
    check_cards(data.cards, problems)
    check_receipt(data.check_source, data.place, problems)


def check_answers(data: QuestionData, problems: Problems) -> None:
    """A draft may lack answers, choices and points; what is published may not."""
    place = data.place
    if data.status != "published":
        return
    if not data.prompt:
        problems.add(place.line("prompt"), "the question has no prompt")
    if not data.answer_short:
        problems.add(place.line("answer_short"), "the section “Answer” is missing")
    for one in data.follow_ups:
        if not one.answer:
            problems.add(one.at, "the follow-up has no “Answer:”")
    if data.kind not in BY_RUBRIC:
        return
    for name, attribute in (("Two minutes", "answer_medium"), ("Five minutes", "answer_long")):
        if not getattr(data, attribute):
            problems.add(
                place.line(attribute), f"the section “{name}” is missing; a question of type {data.kind} needs it"
            )
    if not data.red_flags:
        problems.add(
            place.line("Red flags"), f"the section “Red flags” is missing; a question of type {data.kind} needs it"
        )
    if len(data.follow_ups) < FOLLOW_UPS:
        problems.add(place.line("Follow-ups"), f"{len(data.follow_ups)} follow-ups; an open question has {FOLLOW_UPS}")


def check_choices(data: QuestionData, problems: Problems) -> None:
    if data.status != "published":
        return
    line = data.place.line("Choices")
    if data.kind not in BY_CHOICE:
        if data.choices:
            problems.add(line, f"“Choices” belong to single and multiple choice; this question is of type {data.kind}")
        return
    right = sum(choice.correct for choice in data.choices)
    if len(data.choices) < 2:
        problems.add(line, f"{len(data.choices)} choices; a question of type {data.kind} needs two or more")
    elif data.kind == "single" and right != 1:
        problems.add(line, f"{right or 'no'} right choices; a single choice has exactly one")
    elif data.kind == "multiple" and not right:
        problems.add(line, "no right choice; a multiple choice has at least one")


def check_rubric(data: QuestionData, problems: Problems) -> None:
    if data.status != "published":
        return
    line = data.place.line("Rubric")
    if not data.rubric:
        if data.kind in BY_RUBRIC:
            problems.add(line, f"the section “Rubric” is missing; a question of type {data.kind} needs it")
        return
    total = sum(point.weight for point in data.rubric)
    adequate = sum(point.weight for point in data.rubric if point.line == "adequate")
    if total != OUT_OF_TEN:
        problems.add(line, f"the weights of the rubric sum to {total}; they must sum to {OUT_OF_TEN}")
    if adequate != TO_BE_ADEQUATE:
        problems.add(line, f"the weights of the adequate line sum to {adequate}; they must sum to {TO_BE_ADEQUATE}")


def check_type(data: QuestionData, problems: Problems) -> None:
    place = data.place
    if data.kind == "numeric" and "tolerance" not in data.spec and "relative" not in data.spec:
        problems.add(place.line("numeric"), "the number has neither “tolerance” nor “relative”")
    if data.kind == "cloze":
        _check_gaps(data, problems)
    if data.kind == "bug" and data.prompt:
        last = code_lines(data.prompt)
        if not last:
            problems.add(place.line("prompt"), "the prompt has no code block to find a bug in")
        for number in data.spec.get("lines", ()):
            if last and number > last:
                problems.add(place.line("bug"), f"line {number} is outside the code, which has {last} lines")
        named = lines_named_first(data.answer_short)
        if named and named != set(data.spec.get("lines", ())):
            said = ", ".join(map(str, sorted(named)))
            problems.add(
                place.line("answer_short"), f"the answer begins with line {said}, and the key names other lines"
            )


def _check_gaps(data: QuestionData, problems: Problems) -> None:
    line = data.place.line("prompt")
    gaps = cloze.gaps(data.prompt)
    empty = cloze.empty_gap_lines(data.prompt)
    for number in empty:
        problems.add(line + number - 1, "a gap is empty; write one as {{answer|another answer}}")
    if not gaps and not empty:
        problems.add(line, "a cloze question has no gap; write one as {{answer|another answer}}")
    elif gaps and cloze.pieces(prose.block(cloze.with_stand_ins(data.prompt)).html, len(gaps)) is None:
        where = ", ".join(str(line + number - 1) for number in cloze.gap_lines(data.prompt))
        problems.add(line, f"a gap stands where it cannot be filled in, as within a formula or a link (lines {where})")


def lines_named_first(answer: str) -> set[int]:
    """The lines that an answer begins with: 5, 6 and 7 of “Lines 5, 6 and 7 multiply”; none if it begins otherwise."""
    found = re.match(r"\W*lines? (\d+(?:(?:, | and |, and )\d+)*)", answer, re.IGNORECASE)
    return set(map(int, re.findall(r"\d+", found[1]))) if found else set()


def code_lines(prompt: str) -> int:
    """The number of lines of the first code block of a prompt; 0 if it has none."""
    return len(first_code(prompt).split("\n")) if first_code(prompt) else 0


def first_code(prompt: str) -> str:
    """The first code block of a prompt, without its fences."""
    lines = prompt.split("\n")
    for number, line in enumerate(lines):
        if line.startswith(("```", "~~~")):
            fence = line[: len(line) - len(line.lstrip(line[0]))]
            ends = (n for n in range(number + 1, len(lines)) if lines[n].strip() == fence)
            return "\n".join(lines[number + 1 : next(ends, len(lines))])
    return ""


def texts_of(data: QuestionData) -> list[tuple[str, str, int]]:
    """Every Markdown text of a question: what it is, the text as it is rendered, and its line."""
    place = data.place
    prompt = cloze.with_stand_ins(data.prompt) if data.kind == "cloze" else data.prompt
    texts = [("", prompt, place.line("prompt"))]
    texts += [
        ("", getattr(data, name), place.line(name))
        for name in ("answer_short", "answer_medium", "answer_long", "signal")
    ]
    for choice in data.choices:
        texts += [(f"choice `{choice.key}`", choice.text, choice.at), (f"choice `{choice.key}`", choice.why, choice.at)]
    texts += [(f"rubric point `{point.key}`", point.text, point.at) for point in data.rubric]
    texts += [("red flag", flag.text, flag.at) for flag in data.red_flags]
    for one in data.follow_ups:
        texts += [("follow-up", one.text, one.at), ("answer to a follow-up", one.answer, one.at)]
    texts += [("convention", text, place.line("conventions")) for text in data.conventions]
    texts += [("reference", text, place.line("references")) for text in data.references]
    return [text for text in texts if text[1]]


def check_texts(data: QuestionData, problems: Problems) -> None:
    for within, text, line in texts_of(data):
        prose.check(text, line, problems, within=within)


def check_cards(cards: tuple[CardData, ...], problems: Problems) -> None:
    for card in cards:
        within = f"card `{card.key}`"
        gaps = cloze.gaps(card.front)
        empty = cloze.empty_gap_lines(card.front) if card.kind == "cloze" else []
        for number in empty:
            problems.add(card.at + number - 1, f"{within}: a gap is empty; write it as {{{{answer|another answer}}}}")
        if card.kind == "cloze" and len(gaps) != 1 and not empty:
            problems.add(card.at, f"{within}: a cloze card has exactly one gap; this one has {len(gaps)}")
        elif (
            card.kind == "cloze"
            and not empty
            and cloze.pieces(prose.block(cloze.with_stand_ins(card.front)).html, 1) is None
        ):
            problems.add(card.at, f"{within}: the gap stands where it cannot be shown, as within a formula or a link")
        prose.check(
            cloze.with_stand_ins(card.front) if card.kind == "cloze" else card.front, card.at, problems, within=within
        )
        prose.check(card.back, card.at, problems, within=within)


def check_deck(data: DeckData, problems: Problems) -> None:
    check_cards(data.cards, problems)


def check_guide(data: GuideData, problems: Problems) -> None:
    prose.check(data.body, data.place.line("body"), problems)
    if level_one_heading(data.body):
        problems.add(data.place.line("body"), "the title is the page's one level-one heading; begin sections with ##")


def check_misconception(data: MisconceptionData, problems: Problems) -> None:
    prose.check(data.correction, data.place.line("correction"), problems)


def check_receipt(source: str, place: Place, problems: Problems) -> None:
    """A receipt is Python; whether its assertions hold is for the sandbox to find out."""
    if not source:
        return
    try:
        tree = ast.parse(source)
    except SyntaxError as error:
        problems.found.append(receipt_problem(place.file, error.lineno or 0, f"not valid Python: {error.msg}"))
        return
    except ValueError as error:
        problems.found.append(receipt_problem(place.file, 0, f"not valid Python: {error}"))
        return
    if not any(isinstance(node, ast.Assert) for node in ast.walk(tree)):
        problems.found.append(receipt_problem(place.file, 0, "the receipt asserts nothing"))


def receipt_problem(question_file: str, line: int, message: str) -> Problem:
    return Problem(receipt_path(question_file), line, message)


def receipt_path(question_file: str) -> str:
    """The receipt of a question lies beside it: what-is-shared.md, what-is-shared.check.py."""
    return question_file.rpartition(".")[0] + ".check.py"
