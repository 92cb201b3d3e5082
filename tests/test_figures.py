"""The figures of the content: harmless, described, readable in the dark, and the computed ones as scripts draw them."""

import importlib
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parent.parent
FIGURES = sorted((ROOT / "fixtures" / "figures").glob("*.svg"))


@pytest.fixture(scope="module")
def script() -> Iterator[Callable[[str], ModuleType]]:
    """A script by its name, as it is when it runs: with its own folder on the path."""
    sys.path.insert(0, str(ROOT / "scripts"))
    yield importlib.import_module
    sys.path.remove(str(ROOT / "scripts"))


@pytest.fixture(scope="module")
def plot(script: Callable[[str], ModuleType]) -> ModuleType:
    return script("plot_gradients")


def differences(drawn: str, kept: str) -> list[float]:
    """How far the numbers of two figures lie apart, in pixels, once everything else is equal."""
    number = r"-?\d+\.\d+"
    assert re.sub(number, "#", drawn) == re.sub(number, "#", kept)
    pairs = zip(re.findall(number, drawn), re.findall(number, kept), strict=True)
    return [abs(float(a) - float(b)) for a, b in pairs]


@pytest.mark.parametrize("figure", FIGURES, ids=lambda path: path.stem)
def test_a_figure_describes_itself_follows_the_theme_and_loads_nothing(figure: Path) -> None:
    text = figure.read_text()
    assert re.search(r'<title id="t">[^<]+</title>', text)
    assert re.search(r'<desc id="d">[^<]+</desc>', text)
    assert "prefers-color-scheme: dark" in text
    assert "<script" not in text
    assert not re.search(r"""(href|src)=|url\((?!#)|@import|\bon\w+=""", text)


def test_every_figure_is_shown_somewhere() -> None:
    texts = "".join(path.read_text() for path in (ROOT / "fixtures").rglob("*.md"))
    assert [figure.name for figure in FIGURES if f"/static/figures/{figure.name}" not in texts] == []


@pytest.mark.parametrize("name", ["plot_gradients", "plot_spectrum", "plot_half_life"])
def test_a_plot_is_what_its_script_draws(script: Callable[[str], ModuleType], name: str) -> None:
    plot = script(name)
    drawn = plot.svg(plot.curves()) if name == "plot_gradients" else plot.svg()
    assert max(differences(drawn, plot.FIGURE.read_text())) < 0.5  # other machines round other digits


def test_another_curve_would_be_noticed(script: Callable[[str], ModuleType], monkeypatch: pytest.MonkeyPatch) -> None:
    plot = script("plot_half_life")
    monkeypatch.setattr(plot, "half_life", lambda bias: 2.0 ** (bias + 1))
    assert max(differences(plot.svg(), plot.FIGURE.read_text())) > 5


def test_every_plot_has_a_script() -> None:
    named = "".join(path.read_text() for path in (ROOT / "scripts").glob("plot_*.py"))
    plots = [figure.name for figure in FIGURES if 'class="curve' in figure.read_text()]
    assert len(plots) == 3
    assert [name for name in plots if f'"{name}"' not in named] == []


def test_the_descriptions_of_the_computed_figures_give_their_numbers(script: Callable[[str], ModuleType]) -> None:
    spectrum, lives = script("plot_spectrum"), script("plot_half_life")
    norms = [[10**power for _, power in spectrum.norms(matrix, slopes)] for _, _, matrix, slopes in spectrum.CASES]
    assert norms[0][-1] == pytest.approx(1.5e9, rel=0.02)
    assert max(norms[1]) == pytest.approx(19, abs=0.5)
    assert norms[1][-1] == pytest.approx(7, abs=0.1)
    assert norms[2][-1] == pytest.approx(0.04, abs=0.005)
    assert norms[3][-1] == pytest.approx(2e-16, rel=0.05)
    assert [round(lives.half_life(bias), 1) for bias in (0, 1)] == [1.0, 2.2]
    assert [round(lives.half_life(bias)) for bias in (3, 5, 8)] == [14, 103, 2067]


def test_the_description_of_the_plot_gives_the_measured_shares(plot: ModuleType) -> None:
    last = {label: float(values[-1]) for label, _, values in plot.curves()}
    assert last["RNN, fresh W"] == pytest.approx(-25, abs=0.5)
    assert last["LSTM, forget bias 0"] == pytest.approx(-21, abs=0.5)
    assert last["RNN, orthogonal W"] == pytest.approx(-7, abs=0.5)
    assert last["GRU, update bias 3"] == pytest.approx(-2, abs=0.25)
    assert last["LSTM, forget bias 3"] == pytest.approx(0, abs=0.25)
