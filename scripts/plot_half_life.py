"""Draws fixtures/figures/forget-half-life.svg: for how many steps a forget gate keeps half, against its bias.

With a pre-activation b the gate is f = σ(b), a share fⁿ is left after n steps, and the half-life is ln 2 / −ln f. Run
it again with `python scripts/plot_half_life.py`; a test compares the committed figure with what this script draws.
"""

import numpy as np
from chart import FIGURES, Chart

FIGURE = FIGURES / "forget-half-life.svg"
LARGEST = 8
CHART = Chart(
    title="Half-life of a forget gate against its bias",
    description=(
        "The half-life in steps, on a logarithmic scale, for biases from 0 to 8. It is 1 step at bias 0, 2.2 at 1, 14 "
        "at 3, 103 at 5 and 2067 at 8: beyond 2 nearly a straight line, a factor of e for each unit of bias."
    ),
    across="bias of the forget gate",
    last=LARGEST,
    step=2,
    ticks=(0, 1, 2, 3),
    lowest=-0.2,
    highest=3.6,
)


def half_life(bias: float) -> float:
    """Steps after which a share of one half is left."""
    return float(np.log(2) / np.log1p(np.exp(-bias)))


def svg() -> str:
    points = [(bias, float(np.log10(half_life(bias)))) for bias in np.linspace(0, LARGEST, 41)]
    return CHART.svg([(("half-life in steps",), "c", points)])


if __name__ == "__main__":
    FIGURE.write_text(svg())
