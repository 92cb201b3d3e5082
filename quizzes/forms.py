"""What learners send: the choice of a quiz, and answers of every kind."""

import re
from typing import Any

from django import forms
from django.http import QueryDict

from quizzes import beginning, marking
from quizzes.asked import Asked
from quizzes.models import Topic
from quizzes.models.question import Kind, Level


class QuizForm(forms.Form):
    """Topics, levels and types left empty mean all of them."""

    topics = forms.MultipleChoiceField(
        required=False, error_messages={"invalid_choice": "There is no topic “%(value)s”."}
    )
    levels = forms.MultipleChoiceField(required=False, choices=Level.choices)
    kinds = forms.MultipleChoiceField(required=False, choices=Kind.choices)
    number = forms.IntegerField(
        label="How many questions",
        min_value=1,
        max_value=beginning.MOST_QUESTIONS,
        initial=5,
        error_messages={
            "required": "Say how many questions you want.",
            "invalid": "Write the number of questions in digits.",
            "min_value": "A quiz has at least one question.",
            "max_value": "A quiz has at most %(limit_value)s questions.",
        },
    )
    minutes = forms.IntegerField(
        label="Time limit in minutes",
        required=False,
        min_value=1,
        max_value=beginning.MOST_MINUTES,
        error_messages={
            "invalid": "Write the minutes in digits, or leave the field empty for no limit.",
            "min_value": "A time limit has at least one minute; leave the field empty for no limit.",
            "max_value": "A time limit has at most %(limit_value)s minutes.",
        },
    )

    seconds = forms.IntegerField(
        label="Seconds for each question",
        required=False,
        min_value=10,
        max_value=3600,
        error_messages={
            "invalid": "Write the seconds in digits, or leave the field empty for no limit.",
            "min_value": "A question has at least ten seconds; leave the field empty for no limit.",
            "max_value": "A question has at most %(limit_value)s seconds; leave the field empty for no limit.",
        },
    )
    adaptive = forms.BooleanField(label="Find my level", required=False)

    def __init__(self, *args: Any, topics: list[Topic], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["topics"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(topic.slug, topic.title) for topic in topics]

    def filters(self) -> beginning.Filters:
        """What is asked for, as far as it is valid: a page that counts along may ask before everything is filled in."""
        given = self.cleaned_data
        return beginning.Filters(
            topics=given.get("topics", ()),
            levels=given.get("levels", ()),
            kinds=given.get("kinds", ()),
            number=given.get("number") or 1,
            minutes=given.get("minutes"),
            seconds=given.get("seconds"),
            adaptive=bool(given.get("adaptive")),
        )


def answer_from(post: QueryDict, asked: Asked) -> dict[str, Any]:
    """The answer that a form holds, in the form of quizzes.marking. Never raises: whether it can be marked is not asked
    here, because drafts come this way as well.
    """
    if asked.kind == Kind.SINGLE:
        return {"choice": _text(post, "choice")[:80]}
    if asked.kind == Kind.MULTIPLE:
        ticked = dict.fromkeys(_plain(key)[:80] for key in post.getlist("choices"))
        return {"choices": list(ticked)[: len(asked.options) + 1]}
    if asked.kind == Kind.CLOZE:
        return {"gaps": [_text(post, f"gap_{number}") for number in range(1, asked.gap_count + 1)]}
    if asked.kind == Kind.BUG:
        return {"lines": _line_numbers(post), "text": _text(post, "text")}
    return {"text": _text(post, "text")}


def check_length(answer: dict[str, Any]) -> None:
    """Raise marking.MalformedAnswer with a plain sentence if a text is too long to be committed."""
    if said := too_long(answer):
        raise marking.MalformedAnswer(f"{said} It is still in the form below: shorten it, please.")


def check_draft(answer: dict[str, Any]) -> None:
    """Raise marking.MalformedAnswer if a text is too long even for a draft."""
    if _longest(answer) > marking.LONGEST_DRAFT:
        check_length(answer)


def too_long(answer: dict[str, Any]) -> str:
    """A sentence if a text is too long to be committed."""
    longest = _longest(answer)
    if longest <= marking.LONGEST_TEXT:
        return ""
    return f"The answer has {longest:,} characters, and at most {marking.LONGEST_TEXT:,} can be committed."


def _longest(answer: dict[str, Any]) -> int:
    return max(map(len, [str(answer.get("text", "")), *map(str, answer.get("gaps", ()))]))


class EmptyGaps(marking.MalformedAnswer):
    """Some gaps are filled and others are not. The learner may have pressed Enter too early, or may mean it."""

    def __init__(self, number: int) -> None:
        said = "One gap is empty." if number == 1 else f"{number} gaps are empty."
        super().__init__(f"{said} Nothing is committed yet: fill what you can, or commit as it is.")


def check_gaps(post: QueryDict, answer: dict[str, Any]) -> None:
    """Raise EmptyGaps for a cloze text filled in part, unless the form says that this is meant. A text that is wholly
    empty is for marking to refuse.
    """
    empty = sum(not gap.strip() for gap in answer.get("gaps", ()))
    if 0 < empty < len(answer.get("gaps", ())) and "with-gaps" not in post:
        raise EmptyGaps(empty)


def _text(post: QueryDict, name: str) -> str:
    return _plain(post.get(name, ""))


def _plain(text: str) -> str:
    # No keyboard types a NUL, PostgreSQL cannot store one, and browsers send every line end as CR LF.
    return text.replace("\0", "").replace("\r\n", "\n")


def _line_numbers(post: QueryDict) -> list[int]:
    numbers = (int(line) for line in post.getlist("lines") if re.fullmatch(r"[0-9]{1,4}", line))
    return sorted(set(numbers))
