"""The whole proof of a lab in one go, for `checklabs`: its files, the mutants of its model answer, its figures."""

import math
from dataclasses import dataclass
from typing import Any

from codelabs import proofs
from codelabs.content import LabData
from codelabs.grading import mark
from codelabs.mutating import LOWEST_SCORE, Mutation, mutate
from codelabs.paper import LabFault, Paper, set_paper
from codelabs.proving import Check, prove_on
from codelabs.sandbox import Unavailable
from codelabs.verdict import Verdict

RIGHT = ("solution.py", "alternative.py")


@dataclass(frozen=True)
class Audit:
    """`absent` says why this host could not prove the lab. `proof` is what to keep of it, empty if it does not hold."""

    slug: str
    number: int
    seed: int
    checks: tuple[Check, ...] = ()
    mutation: Mutation | None = None
    proof: dict[str, Any] | None = None
    absent: str = ""

    @property
    def holds(self) -> bool:
        return not any(check.problem for check in self.checks)


def audit(lab: LabData, seed: int, *, with_mutants: bool = True) -> Audit:
    """Prove the lab on the cases of this seed. Never raises for what its files do."""
    try:
        paper = set_paper(lab, seed)
        checks = list(prove_on(lab, paper))
        mutation = mutate(lab, paper) if with_mutants and _sound(checks) else None
    except LabFault as fault:
        return Audit(lab.slug, lab.number, seed, (Check("cases.py", "a paper", "failed", str(fault)),))
    except Unavailable as absent:
        return Audit(lab.slug, lab.number, seed, absent=absent.reason)
    if mutation is not None:
        checks.append(_score(mutation))
    holds = mutation is not None and not any(check.problem for check in checks)
    proof = _figures(lab, paper, mutation) if mutation is not None and holds else None
    return Audit(lab.slug, lab.number, seed, tuple(checks), mutation, proof)


def false_failures(lab: LabData, seeds: list[int]) -> list[str]:
    """What right answers were refused for, on the cases of these seeds: there should be none."""
    found = []
    for seed in seeds:
        try:
            paper = set_paper(lab, seed)
            for file in RIGHT:
                report = mark(lab, paper, lab.files[file], name_mistake=False)
                said = [f"{case.id}: {case.message}" for case in report.cases if case.verdict is not Verdict.PASSED]
                if report.verdict is not Verdict.PASSED:
                    found.append(f"{file} with seed {seed}: {'; '.join(said) or report.reason}")
        except LabFault as fault:
            found.append(f"seed {seed}: {fault}")
        except Unavailable:
            return found
    return found


def _sound(checks: list[Check]) -> bool:
    """Whether the model answer passes; mutants of another are no use."""
    return not any(check.problem for check in checks if check.file in ("cases.py", "solution.py"))


def _score(mutation: Mutation) -> Check:
    counted = mutation.total - len(mutation.explained)
    found = f"{mutation.killed} of {counted} automatic mutants refused ({mutation.score:.1%})"
    if mutation.explained:
        found += f", {len(mutation.explained)} explained as equivalent"
    problems = [f"lab.toml explains {name!r}, which is no surviving mutant" for name in mutation.unfounded]
    if mutation.score < LOWEST_SCORE:
        problems.insert(0, "too few; add a case, or explain in lab.toml why a survivor is right")
    return Check("mutants", f"at least {LOWEST_SCORE:.0%} refused", found, "; ".join(problems))


def _figures(lab: LabData, paper: Paper, mutation: Mutation) -> dict[str, Any]:
    seconds = sum(question.seconds for question in paper.questions)
    return {
        "digest": proofs.digest(lab),
        "cases": len(paper.questions),
        "hidden": sum(not question.visible for question in paper.questions),
        "mistakes": len(lab.wrong),
        "mutants": mutation.total,
        "killed": mutation.killed,
        "explained": len(mutation.explained),
        "cpu_seconds": float(f"{seconds:.2g}") if math.isfinite(seconds) else 0.0,
    }
