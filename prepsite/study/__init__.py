"""The bridge for learners: the one package where learning sees both quizzes and codelabs."""

from prepsite.study.agenda import NamedDay, TrackRecord, named, track_record
from prepsite.study.mastery_map import TopicMastery, mastery_of
from prepsite.study.mock_labs import lab_outcome, mock_labs
from prepsite.study.offer import Offer, offer
from prepsite.study.planned import planned_today
from prepsite.study.preparation import Preparation, begin_day, keep_reading, preparation
from prepsite.study.rewriting import lab_memory
from prepsite.study.shelf import LabShelf, lab_shelf
from prepsite.study.time_spent import lab_seconds, quiz_seconds
from prepsite.study.titles import lab_titles
from prepsite.study.today import Step, StepState, Today, clock_of, today
from prepsite.study.topic_page import TopicPage, focus, topic_page
from prepsite.study.topics import TopicRow, topic_map
from prepsite.study.verdicts import lab_graded

__all__ = [
    "LabShelf",
    "NamedDay",
    "Offer",
    "Preparation",
    "Step",
    "StepState",
    "Today",
    "TopicMastery",
    "TopicPage",
    "TopicRow",
    "TrackRecord",
    "begin_day",
    "clock_of",
    "focus",
    "keep_reading",
    "lab_graded",
    "lab_memory",
    "lab_outcome",
    "lab_seconds",
    "lab_shelf",
    "lab_titles",
    "mastery_of",
    "mock_labs",
    "named",
    "offer",
    "planned_today",
    "preparation",
    "quiz_seconds",
    "today",
    "topic_map",
    "topic_page",
    "track_record",
]
