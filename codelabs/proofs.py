"""The proof of a lab as it is kept in its folder: what was proven, and of which files. Pure.

`digest` is taken over everything that the proof depends on; a lab whose digest is another one has no proof.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

from codelabs.content import LabData

KEYS = ("digest", "cases", "hidden", "mistakes", "mutants", "killed", "explained", "cpu_seconds")


_HEAD = """\
# The labs and their proofs

Made by `manage.py checklabs --write`. A lab is proven by what its cases refuse: every known mistake (a wrong solution
in its folder, recognised as itself) and every automatic mutant of its model answer (another operator, constant, axis,
comparison or order of arguments, a dropped statement). Mutants that are right all the same are explained in the lab's
`lab.toml` and do not count. The score is the share of the others that the cases refuse. The last column is the model
answer's processor time over all cases, on the machine of the proof.

"""


def digest(lab: LabData) -> str:
    """SHA-256 of the lab's Python files and of what lab.toml says that grading depends on."""
    said = {
        "files": dict(sorted(lab.files.items())),
        "entry": lab.entry,
        "runtime": lab.runtime,
        "limits": dict(sorted(lab.limits.items())),
        "banned": lab.banned,
        "wrong": [(wrong.file, wrong.misconception) for wrong in lab.wrong],
        "equivalent": [entry.mutant for entry in lab.equivalent],
    }
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def fresh(lab: LabData) -> Mapping[str, Any]:
    """The proof of the lab as it is now; empty if there is none or if it is another lab's or an older one's."""
    return lab.proof if lab.proof.get("digest") == digest(lab) else {}


def score(proof: Mapping[str, Any]) -> float:
    """The share of the automatic mutants that the cases notice, of those not explained as equivalent."""
    counted = proof["mutants"] - proof["explained"]
    return float(proof["killed"] / counted) if counted else 1.0


def per_cent(proof: Mapping[str, Any]) -> str:
    """The score as it is shown: never rounded up to 100."""
    share = score(proof)
    return "100 %" if share == 1 else f"{int(share * 1_000) / 10:.1f} %"


def text(proof: Mapping[str, Any]) -> str:
    """The file, with one key a line."""
    return json.dumps({key: proof[key] for key in KEYS}, indent=2) + "\n"


def table(labs: Iterable[LabData]) -> str:
    """docs/labs.md: one line for each lab, in the order of their numbers."""
    lines = [
        *_HEAD.splitlines(),
        "| | lab | cases | of them hidden | mistakes | automatic mutants | explained | score | reference CPU seconds |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for lab in labs:
        proof = fresh(lab)
        if proof:
            figures = [proof[key] for key in ("cases", "hidden", "mistakes", "mutants", "explained")]
            shown = [*map(str, figures), per_cent(proof), f"{proof['cpu_seconds']:g}"]
        else:
            shown = ["not proven yet", *[""] * 6]
        lines.append(f"| {lab.number} | `{lab.slug}` {lab.title} | {' | '.join(shown)} |")
    return "\n".join(lines) + "\n"
