"""Why this card comes now, in a sentence or two."""

import datetime as dt

from quizzes.card_log import Shown
from quizzes.scheduling import Settings, State, StudyClock, retrievability
from quizzes.scopes import Mode


def why_now(shown: Shown, at: dt.datetime, clock: StudyClock, settings: Settings, mode: Mode = Mode.DUE) -> str:
    """One or two sentences on why this card comes now."""
    memory, today = shown.memory, clock.day(at)
    if mode is Mode.CRAM:
        return "You are practising: nothing you press here changes when this card comes back."
    if shown.reason:
        return f"A mistake elsewhere brought it to the front: {shown.reason}."
    if memory.state is State.NEW or memory.last_day is None:
        return "It is new, and next in the order in which the topics build on each other."
    if memory.state is not State.REVIEW:
        return "You are learning it in steps of minutes; after the last step it comes back in days."
    recall = round(100 * retrievability(memory, at, clock, settings))
    seen = _days_ago((today - memory.last_day).days)
    aim = round(100 * settings.desired_retention)
    early = memory.due_day is not None and memory.due_day > today
    then = f"cards come back when it nears {aim}%"
    if early and mode is Mode.AHEAD:
        then = "you asked for it early, which counts for less"
    elif early:
        then = "your plan brings it back early, so that it holds on the day"
    return f"You last saw it {seen}. Predicted recall today is {recall}%; {then}."


def _days_ago(days: int) -> str:
    return "earlier today" if days <= 0 else "yesterday" if days == 1 else f"{days} days ago"
