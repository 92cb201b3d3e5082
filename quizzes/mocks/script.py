"""The script of a mock interview: which stages it has and how long each may take. Pure."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, Self

from quizzes.roles import role_of


class StageKind(StrEnum):
    WARM_UP = "warm-up"
    DEPTH = "depth"
    DERIVE = "derive"
    CODE = "code"
    DESIGN = "design"

    @property
    def label(self) -> str:
        return _TITLES[self]

    @property
    def says(self) -> str:
        """What the interviewer wants here."""
        return _SAYS[self]


_TITLES = {
    StageKind.WARM_UP: "Warm-up",
    StageKind.DEPTH: "In depth",
    StageKind.DERIVE: "Derivation",
    StageKind.CODE: "Code",
    StageKind.DESIGN: "Design",
}
_SAYS = {
    StageKind.WARM_UP: "A basic question. Answer it in the first sentence, then say why. Keep it short.",
    StageKind.DEPTH: "Say what it is, why it holds, and where it stops holding. Follow-up questions come after it.",
    StageKind.DERIVE: "Write the steps; give every shape and say which convention you use.",
    StageKind.CODE: "Say what you are doing while you do it.",
    StageKind.DESIGN: "Ask yourself for the constraints first, then choose, then say what you gave up.",
}

LENGTHS: Mapping[int, Mapping[StageKind, int]] = {
    20: {StageKind.WARM_UP: 2, StageKind.DEPTH: 6, StageKind.DERIVE: 4, StageKind.CODE: 4, StageKind.DESIGN: 4},
    45: {StageKind.WARM_UP: 3, StageKind.DEPTH: 11, StageKind.DERIVE: 7, StageKind.CODE: 15, StageKind.DESIGN: 9},
    60: {StageKind.WARM_UP: 3, StageKind.DEPTH: 13, StageKind.DERIVE: 9, StageKind.CODE: 25, StageKind.DESIGN: 10},
}
"""Minutes of each stage, by the length of the whole interview. Scoring one's answers is not on the clock."""
FOLLOW_UPS = {20: 1, 45: 2, 60: 3}
FOLLOW_UP_MINUTES = 2
SPEAKING_SECONDS = {"30 seconds": 30, "2 minutes": 120, "5 minutes": 300}
_SPEAK_FOR = {StageKind.WARM_UP: 30, StageKind.DEPTH: 120, StageKind.DERIVE: 300, StageKind.DESIGN: 300}


@dataclass(frozen=True)
class LabOutcome:
    """What came of a lab stage: the best share of cases passed (0 to 1), None if the lab was withdrawn before anything
    was submitted; the belief behind the latest mistake that was recognised, and how many cards it brought forward; what
    a pass said of the lab's own card; how often something was submitted; and whether the solution was shown meanwhile,
    after which nothing counts."""

    score: float | None = 0.0
    belief: str = ""
    cards: int = 0
    memory: str = ""
    tries: int = 0
    shown: bool = False


@dataclass(frozen=True)
class Stage:
    """One stage of a drawn script. `position` is that of its question in the session; None for a lab, named by `lab`.

    `opened_at` and `closed_at` are instants in ISO 8601, of a lab stage only: a question's item keeps its own times.
    `score` to `shown` are a lab's LabOutcome.
    """

    kind: StageKind
    minutes: int
    position: int | None = None
    lab: str = ""
    lab_title: str = ""
    opened_at: str = ""
    closed_at: str = ""
    score: float | None = None
    belief: str = ""
    cards: int = 0
    memory: str = ""
    tries: int = 0
    shown: bool = False

    @property
    def speak_for(self) -> int:
        """Seconds that an answer said aloud should take: those of its kind, or the longest that fit into the stage."""
        most = min(_SPEAK_FOR.get(self.kind, 120), 60 * self.minutes)
        return max(seconds for seconds in SPEAKING_SECONDS.values() if seconds <= most)

    @property
    def is_lab(self) -> bool:
        return bool(self.lab)

    @property
    def withdrawn(self) -> bool:
        """Whether its lab could not be worked on: it counts neither way."""
        return self.is_lab and bool(self.closed_at) and self.score is None

    @property
    def minutes_taken(self) -> float | None:
        """Of a lab stage that has ended."""
        if not self.opened_at or not self.closed_at:
            return None
        return (
            dt.datetime.fromisoformat(self.closed_at) - dt.datetime.fromisoformat(self.opened_at)
        ).total_seconds() / 60


@dataclass(frozen=True)
class Script:
    """What one mock interview consists of, as `QuizSession.script` holds it."""

    minutes: int
    role: str
    level: str
    spoken: bool
    stages: tuple[Stage, ...]

    @property
    def role_title(self) -> str:
        return role_of(self.role).title

    @property
    def follow_ups(self) -> int:
        return FOLLOW_UPS.get(self.minutes, 1)

    def minutes_to_answer(self, stage: Stage) -> int:
        """Of a stage's minutes, those of the first answer; each follow-up has FOLLOW_UP_MINUTES of its own."""
        return stage.minutes - (FOLLOW_UP_MINUTES * self.follow_ups if stage.kind is StageKind.DEPTH else 0)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        stages = tuple(Stage(**{**stage, "kind": StageKind(stage["kind"])}) for stage in data["stages"])
        return cls(data["minutes"], data["role"], data["level"], data["spoken"], stages)
