"""Our macros spelt out for other programs."""

import pytest

from prepsite.lib import tex
from prepsite.lib.markdown import MACROS, formula_as_tex, render


@pytest.mark.parametrize(
    ("ours", "plain"),
    [
        (r"\vec{h}_t", r"\mathbf{h}_t"),
        (r"\vec h_t", r"\mathbf{h}_t"),
        (r"\mat{W}\vec{h}_{t-1}", r"\mathbf{W}\mathbf{h}_{t-1}"),
        (r"\norm{\vec{x} - \abs{y}}", r"\left\lVert\mathbf{x} - \left|y\right|\right\rVert"),
        (r"\softmax(\mat{Q}\mat{K}^\top)", r"\operatorname{softmax}(\mathbf{Q}\mathbf{K}^\top)"),
        (r"\vec\alpha", r"\mathbf{\alpha}"),
        (r"\vector", r"\vector"),
        (r"a \\vec", r"a \\vec"),  # a line break and a word, not a macro
        (r"\vec{\{a\}}", r"\mathbf{\{a\}}"),
        (r"\vec{cut", r"\mathbf{cut}"),
        (r"\vec", r"\mathbf{}"),
        ("x < y", "x < y"),
    ],
)
def test_macros_are_spelt_out(ours: str, plain: str) -> None:
    assert tex.expand(ours, MACROS) == plain


def test_a_text_can_keep_its_formulas_as_tex() -> None:
    shown = render("Where $\\vec{a} < b$ and\n\n$$\n\\R\n$$\n\n<script>x</script>", formula_as_tex).html
    assert r"\(\mathbf{a} &lt; b\)" in shown
    assert r"\[\mathbb{R}\]" in shown
    assert "script" not in shown
