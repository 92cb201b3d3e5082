"""Do the cases notice small changes to the model answer? The share that they notice is the lab's mutation score.

Each mutant runs in a box of its own, like a learner's submission, up to the first case that it fails. The case that
last told a mutant from the model answer is asked first: most mutants end with one question.
"""

from dataclasses import dataclass, replace

from codelabs.content import LabData
from codelabs.examining import Examinee
from codelabs.judging import Jury, difference, overspent
from codelabs.mutants import Mutant, mutants
from codelabs.paper import Paper, Question
from codelabs.sandbox import Outcome, Unavailable

LOWEST_SCORE = 0.95
_CPU_SECONDS, _WALL_SECONDS = 2, 6  # a mutant that runs on is noticed, and need not have all of the lab's time


@dataclass(frozen=True)
class Mutation:
    """`survivors` are neither noticed nor explained; `explained` are said to be equivalent in lab.toml.

    `unfounded` are the names in lab.toml that no surviving mutant has.
    """

    total: int
    killed: int
    survivors: tuple[Mutant, ...]
    explained: tuple[Mutant, ...]
    unfounded: tuple[str, ...]

    @property
    def score(self) -> float:
        """The share of the mutants that are noticed, of those not explained as equivalent."""
        counted = self.total - len(self.explained)
        return self.killed / counted if counted else 1.0


def mutate(lab: LabData, paper: Paper) -> Mutation:
    """Put every mutant of the model answer to the cases. Raises Unavailable without a box, LabFault for the judge's."""
    every = mutants(lab.files["solution.py"])
    questions = sorted(paper.questions, key=lambda question: bool(question.cost))
    survived: list[Mutant] = []
    with Jury(lab) as jury:
        for mutant in every:
            killer = _killer(lab, paper.scripted, questions, mutant.source, jury)
            if killer is None:
                survived.append(mutant)
            elif not killer.cost:
                questions.remove(killer)
                questions.insert(0, killer)
    said = {entry.mutant for entry in lab.equivalent}
    return Mutation(
        total=len(every),
        killed=len(every) - len(survived),
        survivors=tuple(mutant for mutant in survived if mutant.name not in said),
        explained=tuple(mutant for mutant in survived if mutant.name in said),
        unfounded=tuple(sorted(said - {mutant.name for mutant in survived})),
    )


def _killer(lab: LabData, scripted: bool, questions: list[Question], source: str, jury: Jury) -> Question | None:
    """The first question on which this code does not pass."""
    seconds = {
        "cpu_seconds": min(_CPU_SECONDS, lab.limits.get("cpu_seconds", _CPU_SECONDS)),
        "wall_seconds": min(_WALL_SECONDS, lab.limits.get("wall_seconds", _WALL_SECONDS)),
    }
    brief = replace(lab, limits={**lab.limits, **seconds}, banned=())
    with Examinee(brief, source, scripted=scripted) as examinee:
        for question in questions:
            answer = examinee.ask(question)
            if answer is not None and answer.outcome is Outcome.BROKEN:
                raise Unavailable("The sandbox failed twice on our side.")
            if answer is None or answer.outcome is not Outcome.OK:
                return question
            if difference(question, answer, lab.parameters, jury) is not None:
                return question
            if question.cost and overspent(question, answer, examinee, jury) is not None:
                return question
    return None
