"""Draws fixtures/figures/radius-and-singular-value.svg: products of Jacobians that the spectral radius misjudges.

Each curve is the largest singular value of (slopes · W)ⁿ against n. Draw it with `python scripts/plot_spectrum.py`;
a test compares the committed figure with what this script draws.
"""

from collections.abc import Sequence

import numpy as np
from chart import FIGURES, Chart

FIGURE = FIGURES / "radius-and-singular-value.svg"
STEPS = 30
CHART = Chart(
    title="Spectral radius and what the gradient does",
    description=(
        "The norm of the product of n Jacobians, up to 30. A matrix with radius 0 grows to ten to the 9 when one unit "
        "is saturated. One with radius 0.9 and a large singular value first grows to 19, and stands at about 7 after "
        "30 steps. 0.9 times the identity falls to 0.04. A matrix with radius 3 falls to ten to the minus 16 with "
        "slopes of 0.1."
    ),
    across="steps",
    last=STEPS,
    step=10,
    ticks=(-15, -10, -5, 0, 5, 10),
    lowest=-17,
    highest=11,
)
CASES = (
    (("ρ = 0, σ = 4,", "one unit saturated"), "bad", [[2, -2], [2, -2]], (0, 1)),
    (("ρ = 0.9, σ = 5.2",), "v", [[0.9, 5], [0, 0.9]], (1, 1)),
    (("ρ = σ = 0.9",), "c", [[0.9, 0], [0, 0.9]], (1, 1)),
    (("ρ = σ = 3,", "slopes 0.1"), "c dash", [[3, 0], [0, 3]], (0.1, 0.1)),
)


def norms(matrix: Sequence[Sequence[float]], slopes: Sequence[float]) -> list[tuple[float, float]]:
    """(n, log10 of the largest singular value of the n-th power), from n = 0."""
    jacobian = np.diag(slopes) @ np.array(matrix, dtype=float)
    powers = (np.linalg.matrix_power(jacobian, n) for n in range(STEPS + 1))
    return [(n, float(np.log10(np.linalg.norm(power, 2)))) for n, power in enumerate(powers)]


def svg() -> str:
    return CHART.svg([(label, style, norms(matrix, slopes)) for label, style, matrix, slopes in CASES])


if __name__ == "__main__":
    FIGURE.write_text(svg())
