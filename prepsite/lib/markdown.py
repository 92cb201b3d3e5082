"""The one renderer: Markdown with $TeX$ in, sanitised HTML with MathML out, and a list of what is wrong.

Order matters. Markdown runs first and only marks where mathematics stands; math-core turns each formula into MathML;
the whole is then sanitised with an allow-list that knows HTML and MathML Core, so that neither the author's HTML nor a
formula can bring a script, a style or an address of another host onto the page.
"""

import html
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import nh3
from markdown import Markdown
from math_core import LatexError, LatexToMathML

from prepsite.lib import burden, media, tex

# Shorthands that every text may use. Vectors and matrices are bold upright, as in most of the field's papers.
MACROS = {
    "R": r"\mathbb{R}",
    "E": r"\mathbb{E}",
    "Var": r"\operatorname{Var}",
    "diag": r"\operatorname{diag}",
    "softmax": r"\operatorname{softmax}",
    "tr": r"\operatorname{tr}",
    "vec": r"\mathbf{#1}",
    "mat": r"\mathbf{#1}",
    "abs": r"\left|#1\right|",
    "norm": r"\left\lVert#1\right\rVert",
}

_EXTENSIONS = [
    "tables",
    "def_list",
    "footnotes",
    "sane_lists",
    "toc",
    "attr_list",
    "md_in_html",
    "pymdownx.betterem",
    "pymdownx.superfences",
    "pymdownx.highlight",
    "pymdownx.inlinehilite",
    "pymdownx.arithmatex",
    "pymdownx.blocks.admonition",
    "pymdownx.blocks.details",
]
_EXTENSION_CONFIGS: dict[str, dict[str, Any]] = {
    "toc": {"permalink": False},
    "pymdownx.highlight": {"guess_lang": False, "use_pygments": True, "css_class": "code"},
    "pymdownx.arithmatex": {"generic": True},
    "footnotes": {"BACKLINK_TEXT": "↩"},
}

_MATHML_TAGS = frozenset(
    """
    math merror mfrac mi mmultiscripts mn mo mover mpadded mphantom mprescripts mroot mrow ms mspace msqrt
    mstyle msub msubsup msup mtable mtd mtext mtr munder munderover none semantics
    """.split()  # noqa: SIM905
)
_MATHML_ATTRIBUTES = frozenset(
    """
    accent accentunder class columnalign columnspacing columnspan depth dir display displaystyle fence form
    height id largeop linethickness lspace mathvariant maxsize minsize movablelimits rowspacing rowspan rspace
    scriptlevel separator stretchy symmetric voffset width columnlines rowlines intent arg
    """.split()  # noqa: SIM905
)
_HTML_TAGS = frozenset(
    """
    a abbr b blockquote br caption code col colgroup dd del details div dl dt em figcaption figure h1 h2 h3 h4
    h5 h6 hr i img ins kbd li mark ol p pre q s samp section small span strong sub summary sup table tbody td
    tfoot th thead tr u ul var
    """.split()  # noqa: SIM905
)
_MATHML: dict[str, set[str]] = {tag: set(_MATHML_ATTRIBUTES) for tag in _MATHML_TAGS}
_HTML: dict[str, set[str]] = {
    "*": {"class", "id", "title", "lang"},
    "a": {"href"},
    "img": {"src", "alt", "width", "height", "loading"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "ol": {"start", "type"},
    "details": {"open"},
}
_ATTRIBUTES = _MATHML | _HTML

LONGEST_QUOTED = 200  # characters of a formula in the sentence about it
_FORMULA = re.compile(
    r'<(?P<tag>span|div) class="arithmatex">\\(?P<open>[(\[])(?P<tex>.*?)\\[)\]]</(?P=tag)>', re.DOTALL
)
_STYLE = re.compile(r' style="([^"]*)"')
_CELL = re.compile(r"<(t[hd]) style=\"text-align: (left|right|center);\">")
_STATIC = re.compile(r"/static/[\w./-]+")
_PICTURE = re.compile(r'<img(?:\s+[\w-]+="[^"]*")*\s*/?>')
_SHOWN = re.compile(r'<img(?:\s+[\w-]+="[^"]*")*\s*/?>|<audio\b[^>]*></audio>')
_ATTRIBUTE = re.compile(r'([\w-]+)="([^"]*)"')
_ANSI = re.compile(r"\x1b\[[0-9;]*m")


@dataclass(frozen=True)
class Rendered:
    """`html` is safe to put on a page. `problems` are (line, sentence) pairs; line counts from 1, 0 if not known."""

    html: str
    problems: tuple[tuple[int, str], ...] = ()


@cache
def _converter() -> LatexToMathML:
    return LatexToMathML(macros=MACROS, fancy_error=False, unicode_substitution="never")


def formula(source: str, display: bool = False) -> str:
    """One formula as MathML. Raises ValueError with math-core's sentence if it does not parse."""
    if len(source) > burden.LONGEST_FORMULA:
        raise ValueError(f"it is longer than {burden.LONGEST_FORMULA:,} characters")
    try:
        mathml = _converter().convert_with_local_state(source.strip(), displaystyle=display)
    except LatexError as error:
        raise ValueError(_ANSI.sub("", str(error))) from error
    # The Content-Security-Policy forbids style attributes: the few that math-core writes become classes of the design.
    return _STYLE.sub(lambda match: f' class="{_class_for(match[1])}"', mathml)


def formula_as_tex(source: str, display: bool = False) -> str:
    """One formula as TeX for programs that set it themselves: \\( … \\) or \\[ … \\], our macros spelt out."""
    opening, closing = (r"\[", r"\]") if display else (r"\(", r"\)")
    return f"{opening}{html.escape(tex.expand(source.strip(), MACROS), quote=False)}{closing}"


def _class_for(style: str) -> str:
    return "m-" + re.sub(r"[^a-z0-9]+", "-", style.lower()).strip("-")


_kept = threading.local()


def _parser() -> Markdown:
    """This thread's parser, as new: making one costs several times as much as rendering a short text with it."""
    if not hasattr(_kept, "parser"):
        _kept.parser = Markdown(extensions=_EXTENSIONS, extension_configs=_EXTENSION_CONFIGS, output_format="html")
        burden.keep_links_short(_kept.parser)
    parser: Markdown = _kept.parser
    parser.reset()
    return parser


def render(source: str, show: Callable[[str, bool], str] = formula) -> Rendered:
    """Render trusted or untrusted Markdown alike. Never raises: what cannot be rendered is shown as text, and said.

    `show(tex, display)` is how a formula is written; it raises ValueError for one that it cannot write.

    The time grows no faster than the length of a text that is within `burden`'s measure; another is shown as typed.
    """
    if reason := burden.too_much(source):
        return _as_typed(source, reason)
    problems: list[tuple[int, str]] = []

    def line_of(text: str) -> int:
        place = source.find(text.strip())
        return source.count("\n", 0, place) + 1 if place >= 0 else 0

    def written(match: re.Match[str]) -> str:
        source = html.unescape(match["tex"])
        try:
            return show(source, match["open"] == "[")
        except ValueError as error:
            problems.append((line_of(source), f"formula ${_shortened(source.strip())}$: {error}"))
            return f'<code class="broken-formula">{html.escape(source)}</code>'

    try:
        body = _FORMULA.sub(written, _parser().convert(source))
    except RecursionError:
        del _kept.parser  # it may still believe that it stands within those blocks
        return _as_typed(source, "lists, quotes or blocks stand too deep within one another")
    body = _CELL.sub(r'<\1 class="align-\2">', body)
    fences = re.findall(r"^ {0,3}(```+|~~~+)", source, re.MULTILINE)
    if len(fences) % 2:
        problems.append((line_of(fences[-1]), "a code fence is opened and never closed"))
    return Rendered(sanitise(body), tuple(problems))


def _shortened(tex: str) -> str:
    return tex if len(tex) <= LONGEST_QUOTED else f"{tex[:LONGEST_QUOTED]}…"


def _as_typed(source: str, reason: str) -> Rendered:
    return Rendered(f"<pre>{html.escape(source)}</pre>", ((0, reason),))


def inline(source: str) -> Rendered:
    """Like `render`, without the paragraph around a single line: for options, rubric points and table cells."""
    return unwrapped(render(source))


def unwrapped(rendered: Rendered) -> Rendered:
    """The same without the paragraph around it, if it is a single one."""
    match = re.fullmatch(r"\s*<p>(.*)</p>\s*", rendered.html, re.DOTALL)
    if match and "<p>" not in match[1]:
        return Rendered(match[1], rendered.problems)
    return rendered


def _local(tag: str, attribute: str, value: str) -> str | None:
    """Images may only come from this site: nothing on a page is loaded from another host."""
    if tag == "img" and attribute == "src" and not (_STATIC.fullmatch(value) or media.ADDRESS.fullmatch(value)):
        return None
    return value


def _player(match: re.Match[str]) -> str:
    """A picture whose address is that of a sound is one to be listened to."""
    told = dict(_ATTRIBUTE.findall(match[0]))
    if not media.SOUND_ADDRESS.fullmatch(told.get("src", "")):
        return match[0]
    label = told.get("alt") or "Sound"
    return f'<audio controls preload="metadata" src="{told["src"]}" aria-label="{label}"></audio>'


def without_media(body: str) -> str:
    """HTML of this renderer with words in place of a learner's pictures and sounds: for tables and links."""

    def words(match: re.Match[str]) -> str:
        told = dict(_ATTRIBUTE.findall(match[0]))
        if not media.ADDRESS.fullmatch(told.get("src", "")):
            return match[0]
        what, name = (
            ("sound", told.get("aria-label")) if match[0].startswith("<audio") else ("picture", told.get("alt"))
        )
        return f"({what}: {name})" if name else f"({what})"

    return _SHOWN.sub(words, body)


def sanitise(body: str) -> str:
    """The allow-list on its own. No script, style, event handler, form, or address of another host survives."""
    cleaned = nh3.clean(
        body,
        tags=set(_HTML_TAGS | _MATHML_TAGS),
        attributes=_ATTRIBUTES,
        attribute_filter=_local,
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener noreferrer",
        strip_comments=True,
    )
    return _PICTURE.sub(_player, cleaned) if media.PREFIX in cleaned else cleaned
