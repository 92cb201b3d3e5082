"""From a wrong answer to the card about it, with nothing replaced: real lab, real sandbox, real pages."""

import tomllib
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from codelabs import content, loading
from codelabs.models import Submission
from prepsite.accounts.models import User
from tests.quizzes.factories import make_flashcard, make_misconception, make_question

LABS = Path(settings.BASE_DIR) / "fixtures" / "labs"
SWAPPED = """\
import numpy as np


def lstm_step(x, h, c, W, b):
    s = lambda a: 1 / (1 + np.exp(-a))
    z = np.einsum("khn,bn->kbh", W, np.hstack([x, h])) + b[:, None]
    new = s(z[1]) * c + s(z[0]) * np.tanh(z[2])
    return s(z[3]) * np.tanh(new), new
"""


@pytest.mark.django_db
def test_swapped_gates_are_named_explained_and_bring_their_card_to_the_next_review(
    alice: User, django_capture_on_commit_callbacks: Any
) -> None:
    lab, problems = content.read(LABS / "lstm-step")
    assert problems == []
    assert lab is not None
    loading.store([lab])
    slug = "lstm-input-forget-swapped"
    make_misconception(slug)
    about = make_question("open", "gates-in-order")
    make_flashcard("an-earlier-card", front="An earlier card", order=0)
    make_flashcard("order-of-gates", front="Which gate comes first?", misconception=slug, question=about, order=9)
    client = Client()
    client.force_login(alice)

    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("codelabs:submit", args=["lstm-step"]), {"source": SWAPPED, "kind": "submit"})
    submission = Submission.objects.get()
    assert (submission.verdict, submission.misconception) == ("failed", slug)
    page = client.get(submission.get_absolute_url()).content.decode()
    assert "This behaves exactly like swapping the input and forget gates." in page
    assert "The forget gate multiplies the <strong>old</strong> cell" in page
    assert about.get_absolute_url() in page
    assert "A card about it is now at the front of your queue" in page

    review = client.get(reverse("quizzes:review")).content.decode()
    assert "Which gate comes first?" in review
    assert "from your lab “LSTM step with composite gates”" in review
    assert review.index("Which gate comes first?") < review.index("An earlier card")


def test_every_mistake_of_every_lab_has_a_card_that_mends_it() -> None:
    root = Path(settings.BASE_DIR) / "fixtures"
    decks = "".join(path.read_text() for path in [*root.glob("cards/*.md"), *root.glob("questions/*/*.md")])
    known = {line.split(":", 1)[1].strip() for line in decks.splitlines() if line.strip().startswith("Misconception:")}
    for path in sorted(LABS.glob("*/lab.toml")):
        missing = {entry["misconception"] for entry in tomllib.loads(path.read_text()).get("wrong", [])} - known
        assert not missing, f"{path.parent.name}: {missing}"
