"""A line chart on a logarithmic scale as SVG: readable in both themes, each curve named at its end, nothing loaded."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

FIGURES = Path(__file__).resolve().parent.parent / "fixtures" / "figures"
LEFT, RIGHT, TOP, BOTTOM = 62, 396, 22, 300  # the plot's edges in pixels
STYLE = """
    text { font-family: system-ui, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif; font-size: 14px;
           fill: #1d2330; }
    .s { fill: #5d6675; }
    .grid { stroke: #e4e1d9; } .axis { stroke: #8a8f99; fill: none; }
    .curve { fill: none; stroke-width: 2.4; stroke-linejoin: round; }
    .c { stroke: #1b7f4d; } .v { stroke: #8a5a00; } .bad { stroke: #b3372f; } .dash { stroke-dasharray: 7 5; }
    @media (prefers-color-scheme: dark) {
      text { fill: #e8e6e1; } .s { fill: #9aa3b2; } .grid { stroke: #2c323d; } .axis { stroke: #6b7484; }
      .c { stroke: #6fd39b; } .v { stroke: #f0c060; } .bad { stroke: #ff9a8f; }
    }
"""


@dataclass(frozen=True)
class Chart:
    """`ticks` are the powers of ten that are labelled, `lowest` and `highest` the powers at the edges."""

    title: str
    description: str
    across: str  # what the horizontal axis counts
    last: float  # its right end; it begins at 0
    step: int  # between its labels
    ticks: Sequence[int]
    lowest: float
    highest: float

    def x(self, value: float) -> float:
        return LEFT + (RIGHT - LEFT) * value / self.last

    def y(self, power: float) -> float:
        return TOP + (BOTTOM - TOP) * (self.highest - power) / (self.highest - self.lowest)

    def svg(self, curves: Sequence[tuple[Sequence[str], str, Sequence[tuple[float, float]]]]) -> str:
        """`curves` hold (lines of the label, style, points); a point is (value, power of ten)."""
        lines = [
            '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 560 352" width="560" height="352" role="img" '
            'aria-labelledby="t d">',
            f'  <title id="t">{self.title}</title>',
            f'  <desc id="d">{self.description}</desc>',
            f"  <style>{STYLE}  </style>",
            *self._axes(),
        ]
        for label, style, points in curves:
            path = " L".join(f"{self.x(value):.1f} {self.y(power):.1f}" for value, power in points)
            lines.append(f'  <path class="curve {style}" d="M{path}"/>')
            end = self.y(points[-1][1]) + 5
            for number, text in enumerate(label):
                lines.append(f'  <text x="{RIGHT + 10}" y="{end + 17 * number:.1f}">{text}</text>')
        return "\n".join([*lines, "</svg>", ""])

    def _axes(self) -> list[str]:
        lines = []
        for power in self.ticks:
            y = self.y(power)
            lines.append(f'  <path class="grid" d="M{LEFT} {y:.1f} H{RIGHT}"/>')
            sign = "−" if power < 0 else ""
            name = f'10<tspan dy="-6" font-size="10">{sign}{abs(power)}</tspan>' if power else "1"
            lines.append(f'  <text class="s" x="{LEFT - 8}" y="{y + 5:.1f}" text-anchor="end">{name}</text>')
        lines.append(f'  <path class="axis" d="M{LEFT} {TOP} V{BOTTOM} H{RIGHT}"/>')
        for value in range(0, int(self.last) + 1, self.step):
            x = self.x(value)
            lines.append(f'  <text class="s" x="{x:.1f}" y="{BOTTOM + 20}" text-anchor="middle">{value}</text>')
        middle = (LEFT + RIGHT) / 2
        lines.append(f'  <text class="s" x="{middle}" y="{BOTTOM + 42}" text-anchor="middle">{self.across}</text>')
        return lines
