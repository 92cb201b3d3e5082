"""Which known mistake is this? Compared by what the code does, never by what it looks like. Pure."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet

from codelabs.comparing import closely, same
from codelabs.content import LabData, Wrong
from codelabs.paper import Behaviour, Question


def diagnose(
    lab: LabData,
    questions: Sequence[Question],
    failed: AbstractSet[str],
    seen: Mapping[str, Behaviour],
    known: Mapping[str, Sequence[Behaviour]],
) -> Wrong | None:
    """The first wrong solution that does the same as the learner's code on every question that both answered.

    `failed` holds the ids of the questions that the learner's code got wrong, `seen` what it did by question id, and
    `known` what each wrong solution did, in the order of the questions.
    """
    for wrong in lab.wrong:
        theirs = known.get(wrong.file, ())
        if len(theirs) == len(questions) and _alike(questions, failed, seen, theirs):
            return wrong
    return None


def _alike(
    questions: Sequence[Question],
    failed: AbstractSet[str],
    seen: Mapping[str, Behaviour],
    theirs: Sequence[Behaviour],
) -> bool:
    # Too slow and otherwise right is a mistake as well: that of the wrong solution that is right in all of these.
    telling = bool(failed) and not failed & {question.id for question in questions}
    for question, other in zip(questions, theirs, strict=True):
        mine = seen.get(question.id)
        if mine is None:
            continue  # it was stopped before it did anything to compare
        if not _same(question, mine, other):
            return False
        # An exception of the same type is too little to go by; at least one wrong answer has to agree.
        telling = telling or (question.id in failed and not mine.raised)
    return telling


def _same(question: Question, mine: Behaviour, other: Behaviour) -> bool:
    if mine.raised or other.raised:
        return mine.raised == other.raised
    if closely(other.value, mine.value, question.closeness) is not None:
        return False
    if len(mine.arguments) != len(other.arguments):
        return False
    # Which arguments were changed is part of the behaviour, and so is what they were changed to.
    return all(
        same(before, left) == same(before, right) and closely(right, left, question.closeness) is None
        for before, left, right in zip(question.handed, mine.arguments, other.arguments, strict=False)
    )
