"""Small rows for tests: one question of each type, small enough to read, real enough to look at."""

from typing import Any

from prepsite.lib.markdown import inline, render
from quizzes.models import Choice, Flashcard, Guide, Misconception, Question, RubricPoint, Topic

KINDS = ("single", "multiple", "numeric", "cloze", "output", "bug", "open", "derive")

_PROMPTS = {
    "single": "What is **the same** at all steps? $\\vec{h}_t = \\tanh(\\mat{W}\\vec{h}_{t-1})$",
    "multiple": "Which of these does an LSTM add to a plain recurrent network?",
    "numeric": "A forget gate stays at $0.99$. What fraction of the cell state is left after 500 steps?",
    "cloze": "The candidate uses Gap0standin, the gates use the Gap1standin function.",
    "output": "What does this print?\n\n```python\nprint([1, 2][0])\nprint('done')\n```",
    "bug": "This step is wrong.\n\n```python\ndef step(x, h, W):\n    z = W @ x\n    return z + h\n```\n\n"
    "It explodes on long sequences.",
    "open": "Why does the cell state carry gradients further than a plain hidden state?",
    "derive": "Derive $\\frac{\\partial \\vec{c}_t}{\\partial \\vec{c}_{t-1}}$ along the direct path.",
}
_SPECS: dict[str, dict[str, Any]] = {
    "numeric": {"value": 0.0066, "relative": 0.02, "unit": ""},
    "cloze": {"gaps": [["tanh", "hyperbolic tangent"], ["logistic", "sigmoid"]]},
    "output": {"expected": "1\ndone"},
    "bug": {"lines": [3], "code_lines": 3},
}
ANSWERS: dict[str, dict[str, Any]] = {
    "single": {"choice": "weights"},
    "multiple": {"choices": ["gates", "cell"]},
    "numeric": {"text": "0.0066"},
    "cloze": {"gaps": ["tanh", "sigmoid"]},
    "output": {"text": "1\ndone"},
    "bug": {"lines": [3], "text": "No squashing."},
    "open": {"text": "The path is additive."},
    "derive": {"text": "It is the diagonal of the forget gate."},
}


def make_topic(slug: str = "recurrent-networks", **extra: Any) -> Topic:
    title = slug.replace("-", " ").capitalize()
    made, _ = Topic.objects.get_or_create(
        slug=slug, defaults={"code": slug[:8], "title": title, "summary": f"About {title.lower()}."} | extra
    )
    return made


def make_misconception(slug: str = "rnn-state-shared", **extra: Any) -> Misconception:
    correction = "The weights are shared; the **state** is what changes from step to step."
    fields = {
        "belief": "The hidden state is shared over time.",
        "correction": correction,
        "topic": make_topic(),
    } | extra
    made, _ = Misconception.objects.get_or_create(
        slug=slug, defaults=fields | {"correction_html": render(str(fields["correction"])).html}
    )
    return made


def make_question(kind: str = "single", slug: str = "", *, topic: Topic | None = None, **extra: Any) -> Question:
    """A published question of the given type with everything that its page shows after the answer."""
    slug = slug or f"a-{kind}-question"
    prompt = render(_PROMPTS[kind]).html
    html: dict[str, Any] = {
        "prompt": prompt,
        "answer_short": render(f"The short answer to {slug}.").html,
        "signal": render("Interviewers listen for the word *additive*.").html,
        "follow_ups": [{"text": inline("And with $T = 500$ steps?").html, "answer": "<p>It vanishes.</p>"}],
        "red_flags": [inline("Says that the LSTM cannot forget.").html],
    }
    if kind == "cloze":
        html["prompt_parts"] = prompt.replace("Gap0standin", "Gap1standin").split("Gap1standin")
    if kind in ("open", "derive"):
        html["answer_medium"] = render(f"The answer to {slug} in two minutes.").html
        html["answer_long"] = render(f"The answer to {slug} in five minutes, $\\vec{{c}}_t$ and all.").html
    fields: dict[str, Any] = {
        "title": f"A question of the type {kind}",
        "kind": kind,
        "level": "basic",
        "prompt": _PROMPTS[kind],
        "answer_short": f"The short answer to {slug}.",
        "spec": _SPECS.get(kind, {}),
        "labs": ["lstm-step"],
        "html": html,
    }
    question = Question.objects.create(slug=slug, topic=topic or make_topic(), **fields | extra)
    if kind == "single":
        make_misconception()
        _choice(question, "weights", "The weights $\\mat{W}$ and $\\mat{U}$", correct=True)
        _choice(question, "state", "The hidden state", misconception="rnn-state-shared")
        _choice(question, "nothing", "Nothing")
    if kind == "multiple":
        _choice(question, "gates", "Gates", correct=True)
        _choice(question, "cell", "A cell state", correct=True)
        _choice(question, "attention", "Attention")
        _choice(question, "dropout", "Dropout")
    if kind in ("open", "derive"):
        make_misconception("lstm-never-vanishes", belief="An LSTM never loses gradient.", correction="It fades too.")
        _point(question, "additive", "Says that the path is additive.", 4, misconception="lstm-never-vanishes")
        _point(question, "gate", "Names the forget gate $\\vec{f}_t$.", 2)
        _point(question, "total", "Says that the total derivative has more paths.", 3, line="outstanding")
        _point(question, "clip", "Adds that explosion still needs clipping.", 1, line="outstanding")
    return question


def _choice(question: Question, key: str, text: str, *, correct: bool = False, misconception: str = "") -> None:
    why = f"Because of {key}."
    Choice.objects.create(
        question=question,
        key=key,
        text=text,
        correct=correct,
        why=why,
        misconception=misconception,
        order=question.choices.count(),
        text_html=inline(text).html,
        why_html=inline(why).html,
    )


def _point(
    question: Question, key: str, text: str, weight: int, *, line: str = "adequate", misconception: str = ""
) -> None:
    RubricPoint.objects.create(
        question=question,
        key=key,
        text=text,
        weight=weight,
        line=line,
        misconception=misconception,
        order=question.rubric.count(),
        text_html=inline(text).html,
    )


def make_guide(slug: str = "reading-rnns", **extra: Any) -> Guide:
    body = "Networks read.\n\n## The cell $\\vec{h}_t$\n\nOne cell.\n\n### Shapes\n\nTwo.\n\n## Gradients\n\nThey fade."
    fields = {"title": "Reading with recurrence", "summary": "What recurs, and why.", "topic": make_topic()} | extra
    return Guide.objects.create(slug=slug, body=body, body_html=render(body).html, **fields)


def make_flashcard(slug: str = "what-recurs", **extra: Any) -> Flashcard:
    fields = {"front": "What recurs?", "back": "The state.", "topic": make_topic()} | extra
    return Flashcard.objects.create(
        slug=slug,
        front_html=inline(str(fields["front"])).html,
        back_html=inline(str(fields["back"])).html,
        **fields,
    )
