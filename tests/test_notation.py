"""One notation in all content: U reads the input, W carries the state, whatever the cell."""

import re
from pathlib import Path

import pytest

FIXTURES = Path(__file__).parent.parent / "fixtures"
SUBSCRIPT = r"(?:_\{?\w+\}?)?"
FRAMEWORK = r"(?!_\{(?:ih|xh)\}|_x)"  # names that say themselves what they read
SPACE = r"(?:\s|\\,)*"
WRONG = (
    re.compile(r"\\mat\{W\}" + FRAMEWORK + SUBSCRIPT + SPACE + r"\\vec\{x\}_t"),
    re.compile(r"\\mat\{U\}" + SUBSCRIPT + SPACE + r"\\vec\{h\}_\{t-1\}"),
    re.compile(r"\\mat\{U\}_[ifgoznrp]" + SPACE + r"\\vec\{h\}(?!_\{t-1\})"),
    re.compile(r"\\mat\{W\}_[ifgoznrp]" + SPACE + r"\\vec\{x\}(?!_t)"),
)


def slips(text: str) -> list[str]:
    return [found for pattern in WRONG for found in pattern.findall(text)]


def test_w_carries_the_state_and_u_reads_the_input() -> None:
    files = [path for path in FIXTURES.rglob("*") if path.suffix in {".md", ".toml"}]
    assert len(files) > 200
    found = {str(path.relative_to(FIXTURES)): slips(path.read_text()) for path in files}
    assert {path: some for path, some in found.items() if some} == {}


@pytest.mark.parametrize(
    "slip",
    [r"\mat{W}\vec{x}_t", r"\mat{W}_p\,\vec{x}_t", r"\mat{U}_f \vec{h}", r"\mat{U}\vec{h}_{t-1}", r"\mat{W}_n\vec{x}"],
)
def test_a_slip_would_be_found(slip: str) -> None:
    assert slips(f"$\\tanh({slip} + \\vec{{b}})$") == [slip]


def test_other_matrices_are_left_alone() -> None:
    for right in (
        r"\mat{W}_{ih}\,\vec{x}_t",
        r"\mat{W}\vec{h}_{t-1}",
        r"\mat{U}_i\vec{x}_t",
        r"\mat{W}_q\vec{x}",
        r"\mat{U}\vec{h}_j",
    ):
        assert slips(right) == []
