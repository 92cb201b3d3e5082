"""What an attempt cost, beside what the model answer needs and beside what the lab allows."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from codelabs.sandbox import Limits


@dataclass(frozen=True)
class Measure:
    """One row: a name, and three amounts in words. `share` is the part of the limit that was used, from 0 to 100."""

    name: str
    yours: str
    reference: str
    limit: str
    share: int


def measures(result: Mapping[str, Any], limits: Mapping[str, int]) -> list[Measure]:
    """The rows for a finished result; what was not measured is left out.

    The limit on CPU is one for each case, so the case that took longest stands beside it. Over the cases alone, as
    the reference is measured: reading the code in is not counted.
    """
    allowed = Limits(**limits)
    ran = [case for case in result.get("cases", []) if case.get("cpu_seconds")]
    rows: list[Measure] = []
    if ran:
        rows.append(_cpu("CPU, all cases", ran, sum, None))
        rows.append(_cpu("CPU, slowest case", ran, max, allowed.cpu_seconds))
        memory = result.get("memory_mb", 0.0)
        reference = result.get("reference_memory_mb")
        share = round(100 * memory / allowed.memory_mb)
        told = "" if reference is None else _megabytes(reference)
        rows.append(Measure("Memory, at most", _megabytes(memory), told, f"{allowed.memory_mb} MB", min(100, share)))
    return rows


def _cpu(name: str, cases: list[dict[str, Any]], of: Any, limit: float | None) -> Measure:
    yours = of(case["cpu_seconds"] for case in cases)
    reference = of(case.get("reference_cpu_seconds", 0.0) for case in cases)
    share = 0 if limit is None else min(100, round(100 * yours / limit))
    return Measure(
        name=name,
        yours=_seconds(yours),
        reference=_seconds(reference) if reference else "",
        limit="" if limit is None else f"{limit:g} s",
        share=share,
    )


def _seconds(value: float) -> str:
    return f"{value * 1000:.1f} ms" if value < 0.1 else f"{value:.2f} s"


def _megabytes(value: float) -> str:
    return f"{value:.0f} MB" if value >= 1 else "under 1 MB"
