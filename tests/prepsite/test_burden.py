"""No text, however odd, keeps the renderer busy for long or ends the process."""

import inspect
import subprocess
import sys
import time

import pytest

from prepsite.lib import burden
from prepsite.lib.markdown import render


def seconds(source: str) -> float:
    """Processor time of rendering, the better of two."""
    times = []
    for _ in range(2):
        start = time.thread_time()
        render(source)
        times.append(time.thread_time() - start)
    return min(times)


@pytest.mark.parametrize(
    "sign",
    ["[", "![", "[x](", "[a][", "[x](<'", "(", "*", "**a ", "_", "`a ``b ", "<a ", "<![", "<http://", "$", "$a ", r"\(",
     r"\[", "> ", "- ", "> - ", "{: a", "|", "&", "a_b *c "],
)  # fmt: skip
def test_twice_the_text_takes_about_twice_the_time(sign: str) -> None:
    small, large = (seconds(sign * (size // len(sign))) for size in (12_000, 24_000))
    assert large < max(3 * small, 0.2)


@pytest.mark.parametrize("sign", ["[", "![", "[a][", "[x]("])
def test_brackets_just_within_the_measure_grow_no_faster_than_the_text(sign: str) -> None:
    small, large = (seconds((sign + "x" * 18) * count) for count in (500, 1_000))
    assert large < max(3 * small, 0.2)


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("x" * 50_001, "longer than 50,000 characters"),
        ("[" * 20_000, "more than 2,000 opening brackets"),
        ("<a " * 2_000, "more than 500 HTML tags"),
        ("<![CDATA[" * 50, "more than 20 HTML declarations"),
        (r"\(" * 2_000, "openings of formulas"),
        ("> " * 40, "quotes within quotes"),
    ],
)
def test_what_is_beyond_the_measure_is_shown_as_typed_and_said(source: str, reason: str) -> None:
    rendered = render(source)
    assert rendered.html.startswith("<pre>")
    assert "<a" not in rendered.html
    assert reason in rendered.problems[0][1]


def test_blocks_too_deep_for_the_parser_are_shown_as_typed_and_said() -> None:
    source = "\n".join(f"{'    ' * depth}- a" for depth in range(100))
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(len(inspect.stack()) + 150)
    try:
        rendered = render(source)
    finally:
        sys.setrecursionlimit(limit)
    assert rendered.html.startswith("<pre>")
    assert "too deep" in rendered.problems[0][1]
    assert render("- a").html == render("- a\n").html


@pytest.mark.parametrize("opening", ["{", r"\sqrt", "x^{", r"\frac{"])
def test_a_formula_nested_without_end_does_not_end_the_process(opening: str) -> None:
    count = 48_000 // (len(opening) + 1)
    code = (
        f"from prepsite.lib.markdown import render; print(render('$' + {opening!r} * {count} + '}}' * {count} + '$'))"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=60)
    assert said.returncode == 0, said.stderr
    assert len(render(f"${opening * 300}$").html) < 5_000


def test_a_formula_beyond_the_measure_is_a_problem_that_does_not_repeat_it_all() -> None:
    [(_, message)] = render("$" + "x" * (burden.LONGEST_FORMULA + 1) + "$").problems
    assert "longer than 2,000 characters" in message
    assert len(message) < 400


def test_a_link_of_usual_length_stays_a_link() -> None:
    assert '<a href="https://example.org/' in render(f"[{'word ' * 50}](https://example.org/{'x' * 300})").html
