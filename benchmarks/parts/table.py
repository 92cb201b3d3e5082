"""A row of the table: what was measured, its spread, what it must reach, and whether it does."""

import statistics
from collections.abc import Sequence


def spread(seconds: Sequence[float]) -> str:
    """Median and quartiles in milliseconds."""
    low, middle, high = (1_000 * value for value in statistics.quantiles(seconds, n=4))
    return f"{middle:.1f} ms ({low:.1f} to {high:.1f})"


def row(name: str, value: float, must: str, holds: bool, detail: str = "") -> bool:
    print(
        f"   {name:58}{value:8.2f}   must be {must:8} {'holds' if holds else 'DOES NOT HOLD':14} {detail}", flush=True
    )
    return holds


def ratio(name: str, ours: Sequence[float], theirs: Sequence[float], *, least: float = 0, most: float = 0) -> bool:
    """Theirs over ours where ours must be `least` times faster, ours over theirs where `most` is allowed."""
    mine, other = statistics.median(ours), statistics.median(theirs)
    detail = f"ours {spread(ours)}, theirs {spread(theirs)}"
    if least:
        return row(name, other / mine, f">= {least:g}x", other / mine >= least, detail)
    return row(name, mine / other, f"<= {most:g}x", mine / other <= most, detail)
