"""The figures of the content: harmless, described, readable in the dark; the computed one is as its script draws it."""

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parent.parent
FIGURES = sorted((ROOT / "fixtures" / "figures").glob("*.svg"))


@pytest.fixture(scope="module")
def plot() -> ModuleType:
    spec = importlib.util.spec_from_file_location("plot_gradients", ROOT / "scripts" / "plot_gradients.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


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


def test_the_plot_is_what_its_script_draws(plot: ModuleType) -> None:
    drawn, kept = plot.svg(plot.curves()), plot.FIGURE.read_text()
    number = r"-?\d+\.\d+"
    assert re.sub(number, "#", drawn) == re.sub(number, "#", kept)
    differences = [
        abs(float(a) - float(b)) for a, b in zip(re.findall(number, drawn), re.findall(number, kept), strict=True)
    ]
    assert max(differences) < 0.5  # pixels: other machines round other digits


def test_the_description_of_the_plot_gives_the_measured_shares(plot: ModuleType) -> None:
    last = {label: float(values[-1]) for label, _, values in plot.curves()}
    assert last["RNN, fresh W"] == pytest.approx(-25, abs=0.5)
    assert last["LSTM, forget bias 0"] == pytest.approx(-21, abs=0.5)
    assert last["RNN, orthogonal W"] == pytest.approx(-7, abs=0.5)
    assert last["GRU, update bias 3"] == pytest.approx(-2, abs=0.25)
    assert last["LSTM, forget bias 3"] == pytest.approx(0, abs=0.25)
