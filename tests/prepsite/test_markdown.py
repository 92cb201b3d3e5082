"""The one renderer: what it shows, what it refuses, what it reports."""

import pytest

from prepsite.lib.markdown import formula, inline, render


def test_mathematics_becomes_mathml_inline_and_as_a_block() -> None:
    html = render("Inline $a_t$ and\n\n$$\\frac{1}{2}$$\n").html
    assert "<math><msub><mi>a</mi><mi>t</mi></msub></math>" in html
    assert '<math display="block"><mfrac><mn>1</mn><mn>2</mn></mfrac></math>' in html


def test_a_price_in_dollars_is_not_mathematics() -> None:
    assert "<math" not in render("It costs $5 and then $6 more.").html


def test_code_keeps_its_dollars_and_its_colours() -> None:
    html = render("```python\nx = '$a$'\n```\n").html
    assert "<math" not in html
    assert '<span class="s1">' in html


def test_a_broken_formula_is_shown_as_text_and_reported_with_its_line() -> None:
    rendered = render("fine $x$\n\nbroken $\\frac{1$ here")
    assert rendered.problems[0][0] == 3
    assert "\\frac{1" in rendered.problems[0][1]
    assert "broken-formula" in rendered.html


def test_an_unknown_command_is_an_error_and_never_printed_silently() -> None:
    with pytest.raises(ValueError, match="mystery"):
        formula(r"\mystery{x}")


def test_a_fence_that_is_never_closed_is_reported() -> None:
    assert "never closed" in render("text\n\n```python\nx = 1\n").problems[0][1]


@pytest.mark.parametrize(
    "attack",
    [
        "<script>alert(1)</script>",
        "<b onclick='alert(1)'>x</b>",
        "[x](javascript:alert(1))",
        "<iframe src='https://example.org'></iframe>",
        "<form action='/x'><input></form>",
        "<style>body{display:none}</style>",
        "<p style='position:fixed'>x</p>",
        "<svg><script>alert(1)</script></svg>",
        "<math><mtext><script>alert(1)</script></mtext></math>",
        '<math href="javascript:alert(1)"><mi>x</mi></math>',
        r"$\text{<script>alert(1)</script>}$",
        r"$\href{javascript:alert(1)}{x}$",
        '<span class="arithmatex">\\(\\text{<img src=x onerror=alert(1)>}\\)</span>',
        "![x](https://example.org/track.png)",
        "<img src='//example.org/track.png'>",
        "<object data='x'></object><embed src='x'>",
        "<base href='https://example.org/'>",
        "<meta http-equiv='refresh' content='0;url=https://example.org'>",
        '<a href="data:text/html,<script>alert(1)</script>">x</a>',
    ],
)
def test_nothing_that_runs_or_reaches_another_host_survives(attack: str) -> None:
    html = render(attack).html.lower()
    for forbidden in (
        "<script",
        "onclick",
        "onerror=alert(1)>",
        'href="javascript',
        "<iframe",
        "<form",
        "<style",
        " style=",
        "<object",
        "<embed",
        "<base",
        "<meta",
        'src="http',
        "src='http",
        "//example.org/track",
        'href="data:',
    ):
        assert forbidden not in html, html


def test_images_of_this_site_stay() -> None:
    assert 'src="/static/figures/lstm.svg"' in render("![An LSTM cell](/static/figures/lstm.svg)").html


def test_no_style_attribute_is_left_because_the_security_policy_forbids_it() -> None:
    html = render("$$\\begin{aligned} a &= b \\\\ c &= d \\end{aligned}$$\n\n| a | b |\n|:--|--:|\n| 1 | 2 |\n").html
    assert " style=" not in html
    assert 'class="align-right"' in html


def test_a_single_line_can_be_rendered_without_its_paragraph() -> None:
    assert inline("the *same* $W$").html == "the <em>same</em> <math><mi>W</mi></math>"
    assert inline("one\n\ntwo").html.count("<p>") == 2
