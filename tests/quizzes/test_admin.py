"""Carol is staff: what she writes in the admin is held to what files are held to, and is kept."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from prepsite.accounts.models import User
from quizzes import loading
from quizzes.models import Concept, Deck, Flashcard, Guide, Misconception, Question, Topic
from tests.quizzes import samples

pytestmark = pytest.mark.django_db


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = samples.write(tmp_path / "fixtures")
    content, problems = loading.read(root)
    assert problems == []
    loading.store(content)
    return root


@pytest.fixture
def carol(client: Client) -> Client:
    client.force_login(User.objects.create_superuser("carol@example.org", "a long pass phrase"))
    return client


def form_of(carol: Client, row: Any) -> dict[str, Any]:
    """What a browser would send if Carol saved the page as it opened."""
    page = carol.get(address(row))
    assert page.status_code == 200
    admin_form = page.context["adminform"].form
    values: dict[str, Any] = {}
    forms = [admin_form]
    for inline in page.context["inline_admin_formsets"]:
        forms += [inline.formset.management_form, *inline.formset.forms]
    for form in forms:
        for bound in form:
            value = bound.value()
            if isinstance(value, bool):
                values |= {bound.html_name: "on"} if value else {}
            elif isinstance(value, list):
                values[bound.html_name] = [getattr(one, "pk", one) for one in value]
            elif value is not None:
                values[bound.html_name] = value
    return values


def address(row: Any) -> str:
    return reverse(f"admin:quizzes_{row._meta.model_name}_change", args=[row.pk])


def save(carol: Client, row: Any, **changes: Any) -> Any:
    """Post the page with changes; a double underscore stands for the hyphen of an inline's fields."""
    values = form_of(carol, row) | {name.replace("__", "-"): value for name, value in changes.items()}
    return carol.post(address(row), {name: value for name, value in values.items() if value is not None})


def errors(response: Any) -> dict[str, list[str]]:
    found = dict(response.context["adminform"].form.errors)
    for inline in response.context["inline_admin_formsets"]:
        found["parts"] = [*found.get("parts", []), *inline.formset.non_form_errors()]
        for form in inline.formset.forms:
            for name, sentences in form.errors.items():
                found[f"part {name}"] = list(sentences)
    return {name: list(sentences) for name, sentences in found.items() if sentences}


@pytest.mark.parametrize("model", [Question, Topic, Concept, Misconception, Guide, Deck, Flashcard])
def test_every_kind_of_content_can_be_found_and_opened(root: Path, carol: Client, model: Any) -> None:
    name = model._meta.model_name
    page = carol.get(reverse(f"admin:quizzes_{name}_changelist"), {"q": "r"})
    assert page.status_code == 200
    assert carol.get(address(model.objects.first())).status_code == 200
    assert carol.get(reverse(f"admin:quizzes_{name}_add")).status_code == 200


@pytest.mark.parametrize(
    "slug", [Path(name).stem for name in samples.FILES if name.startswith("questions/") and name.endswith(".md")]
)
def test_saving_a_question_as_it_opened_changes_nothing(root: Path, carol: Client, slug: str) -> None:
    question = Question.objects.get(slug=slug)
    assert save(carol, question).status_code == 302
    after = Question.objects.get(pk=question.pk)
    assert (after.version, after.edited_here) == (1, False)
    assert loading.dump(root) == []


def test_an_edit_is_a_new_version_with_new_html_and_goes_back_to_its_file(root: Path, carol: Client) -> None:
    question = Question.objects.get(slug="shared-weights")
    response = save(carol, question, answer_short="The *same* weights,\r\nat every step.")
    assert response.status_code == 302
    after = Question.objects.get(pk=question.pk)
    assert (after.version, after.edited_here) == (2, True)
    assert "<em>same</em>" in after.html["answer_short"]
    assert after.revisions.count() == 2
    path = root / "questions/recurrence/shared-weights.md"
    assert loading.dump(root) == [path]
    assert path.read_text() == samples.SINGLE.replace("The weights.", "The *same* weights,\nat every step.")


def test_choices_and_rubric_are_edited_with_their_question(root: Path, carol: Client) -> None:
    question = Question.objects.get(slug="shared-weights")
    assert save(carol, question, choices__0__text="All its weights.").status_code == 302
    choice = question.choices.get(key="weights")
    assert choice.text_html == "All its weights."
    assert Question.objects.get(pk=question.pk).version == 2


def test_lists_and_tables_are_edited_in_the_notation_of_files(root: Path, carol: Client) -> None:
    question = Question.objects.get(slug="what-is-left")
    changes = {
        "red_flags": "- Says all of it.\r\n  Misconception: inputs-shared\r\n- Says none.",
        "follow_ups": "- And after ten more?\r\n  Answer: As before.\r\n- Why?\r\n  Answer: So.",
        "conventions": "natural logarithm\r\n\r\nno clipping",
        "table": "value = 0.5\r\ntolerance = 0.1",
    }
    assert save(carol, question, **changes).status_code == 302
    after = Question.objects.get(pk=question.pk)
    assert after.red_flags == [
        {"text": "Says all of it.", "misconception": "inputs-shared"},
        {"text": "Says none.", "misconception": ""},
    ]
    assert after.follow_ups == [
        {"text": "And after ten more?", "answer": "As before."},
        {"text": "Why?", "answer": "So."},
    ]
    assert after.conventions == ["natural logarithm", "no clipping"]
    assert after.spec == {"value": 0.5, "tolerance": 0.1}


REFUSED = [
    ("shared-weights", {"answer_short": ""}, "answer_short", "“Answer” is missing"),
    ("shared-weights", {"prompt": "One\n\nTwo $\\frac{1$"}, "prompt", "Line 3: Formula"),
    ("shared-weights", {"prompt": "# A heading"}, "prompt", "two number signs"),
    ("shared-weights", {"prompt": "a\n\n+++\n\nb"}, "__all__", "As a file this would"),
    ("shared-weights", {"answer_short": "```python\nx"}, "answer_short", "never closed"),
    ("shared-weights", {"answer_short": "![](/static/a.png)"}, "answer_short", "no alternative text"),
    ("shared-weights", {"kind": "multiple", "choices__0__correct": None}, "parts", "No right choice"),
    ("shared-weights", {"choices__1__correct": "on"}, "parts", "2 right choices"),
    ("shared-weights", {"choices__0__text": "Its weights.\nNote: all"}, "part text", "Unknown field “Note:”"),
    ("shared-weights", {"choices__0__why": "$\\frac{1$"}, "part why", "Formula"),
    ("shared-weights", {"choices__0__misconception": "cooking"}, "part misconception", "no misconception “cooking”"),
    ("shared-weights", {"table": "value = 3"}, "table", "has no table"),
    ("shared-weights", {"concepts": []}, "concepts", "required"),
    ("shared-weights", {"slug": "which-two"}, "slug", "already exists"),
    ("what-is-an-rnn", {"rubric__0__weight": "4"}, "parts", "sum to 11; they must sum to 10"),
    ("what-is-an-rnn", {"answer_long": ""}, "answer_long", "“Five minutes” is missing"),
    ("what-is-an-rnn", {"follow_ups": "- One?"}, "follow_ups", "1 follow-ups"),
    ("what-is-an-rnn", {"follow_ups": "One?"}, "follow_ups", "Line 1: “list” is a list"),
    ("what-is-an-rnn", {"follow_ups": "- One?\n  Answer: 1.\n- Two?"}, "follow_ups", "Line 3: The follow-up has no"),
    (
        "what-is-an-rnn",
        {"red_flags": "- One\n  Misconception: cooking"},
        "red_flags",
        "Unknown misconception “cooking”",
    ),
    ("what-is-left", {"table": "value = 3"}, "table", "neither “tolerance” nor “relative”"),
    ("what-is-left", {"table": "value = "}, "table", "Line 1: malformed TOML"),
    ("what-is-left", {"table": "valu = 3\ntolerance = 1"}, "table", "Unknown key “valu”"),
    ("what-is-left", {"check_source": "assert ("}, "check_source", "Line 1: not valid Python"),
    ("fill-in", {"prompt": "Nothing to fill"}, "prompt", "no gap"),
    ("find-the-bug", {"table": "lines = [9]"}, "table", "line 9 is outside the code"),
]


@pytest.mark.parametrize(("slug", "changes", "field", "sentence"), REFUSED)
def test_what_a_file_may_not_say_is_refused_beside_its_field(
    root: Path, carol: Client, slug: str, changes: dict[str, Any], field: str, sentence: str
) -> None:
    question = Question.objects.get(slug=slug)
    response = save(carol, question, **changes)
    assert response.status_code == 200
    found = errors(response)
    assert any(sentence.lower() in one.lower() for one in found.get(field, [])), found
    assert Question.objects.get(pk=question.pk).version == 1


def test_a_draft_may_be_saved_before_it_is_complete(root: Path, carol: Client) -> None:
    question = Question.objects.get(slug="what-is-an-rnn")
    assert save(carol, question, answer_long="", status="draft").status_code == 302


def test_a_new_question_is_written_to_a_file_of_its_own(root: Path, carol: Client) -> None:
    values = {
        "title": "Written here", "slug": "written-here", "status": "published", "kind": "numeric", "level": "basic",
        "topic": Topic.objects.get(slug="recurrence").pk, "concepts": [Concept.objects.get(slug="rnn").pk],
        "facet": "concept", "performance": "say", "minutes": "3", "order": "9", "prompt": "How many?",
        "answer_short": "Two.", "table": "value = 2\ntolerance = 0", "choices-TOTAL_FORMS": "0",
        "choices-INITIAL_FORMS": "0", "rubric-TOTAL_FORMS": "0", "rubric-INITIAL_FORMS": "0",
    }  # fmt: skip
    assert carol.post(reverse("admin:quizzes_question_add"), values).status_code == 302
    question = Question.objects.get(slug="written-here")
    assert (question.version, question.edited_here, question.revisions.count()) == (1, True, 1)
    assert loading.dump(root) == [root / "questions/recurrence/written-here.md"]
    assert loading.read(root)[1] == []


def test_a_guide_a_misconception_and_a_topic_are_rendered_and_marked_as_edited(root: Path, carol: Client) -> None:
    guide, belief, topic = Guide.objects.get(), Misconception.objects.get(), Topic.objects.get(slug="basics")
    assert save(carol, guide, body="Read *this*.").status_code == 302
    assert save(carol, belief, correction="It shares *weights*.").status_code == 302
    assert save(carol, topic, title="Foundations").status_code == 302
    guide.refresh_from_db()
    belief.refresh_from_db()
    topic.refresh_from_db()
    assert (guide.version, guide.edited_here, "<em>this</em>" in guide.body_html) == (2, True, True)
    assert (belief.edited_here, "<em>weights</em>" in belief.correction_html) == (True, True)
    assert topic.edited_here
    assert {path.name for path in loading.dump(root)} == {"recurrent-networks.md", "recurrence.toml", "topics.toml"}
    assert loading.read(root)[1] == []


def test_a_broken_guide_is_refused_beside_its_text(root: Path, carol: Client) -> None:
    response = save(carol, Guide.objects.get(), body="Fine.\n\n# Not fine\n\n[x](nowhere)")
    assert "level-one heading" in " ".join(errors(response)["body"])
    assert "Line 5: The link nowhere is relative" in " ".join(errors(response)["body"])


def test_a_card_s_edit_is_an_edit_of_its_question_s_file(root: Path, carol: Client) -> None:
    card = Flashcard.objects.get(slug="shared-weights--what-is-shared")
    assert save(carol, card, back="All its weights.").status_code == 302
    card.refresh_from_db()
    assert (card.version, card.back_html) == (2, "<p>All its weights.</p>")
    question = Question.objects.get(slug="shared-weights")
    assert (question.edited_here, question.version) == (True, 2)
    assert loading.dump(root) == [root / "questions/recurrence/shared-weights.md"]


def test_a_card_s_edit_in_a_deck_is_an_edit_of_the_deck(root: Path, carol: Client) -> None:
    assert save(carol, Flashcard.objects.get(slug="timeline--lstm"), back="In 1997.").status_code == 302
    assert loading.dump(root) == [root / "cards/timeline.md"]


def test_a_cloze_card_without_its_gap_is_refused(root: Path, carol: Client) -> None:
    card = Flashcard.objects.get(slug="shared-weights--the-squashing")
    assert "exactly one gap" in " ".join(errors(save(carol, card, front="No gap"))["front"])


def test_a_new_card_takes_its_identity_from_its_deck_and_key(root: Path, carol: Client) -> None:
    values = {
        "deck": Deck.objects.get().pk,
        "key": "gru",
        "kind": "basic",
        "front": "GRU?",
        "back": "2014.",
        "order": "99",
    }
    assert carol.post(reverse("admin:quizzes_flashcard_add"), values).status_code == 302
    card = Flashcard.objects.get(slug="timeline--gru")
    assert (card.topic.slug, card.back_html) == ("recurrence", "<p>2014.</p>")
    loading.dump(root)
    assert loading.read(root)[1] == []
    assert "- `gru` GRU?\n  Back: 2014." in (root / "cards/timeline.md").read_text()


def test_nothing_that_learners_have_a_history_of_can_be_deleted(root: Path, carol: Client) -> None:
    for row in (Question.objects.first(), Guide.objects.first(), Flashcard.objects.first(), Deck.objects.first()):
        assert row is not None
        assert carol.post(reverse(f"admin:quizzes_{row._meta.model_name}_delete", args=[row.pk])).status_code == 403


def test_the_slug_of_a_topic_is_chosen_once(root: Path, carol: Client) -> None:
    topic = Topic.objects.get(slug="basics")
    save(carol, topic, slug="foundations")
    assert Topic.objects.get(pk=topic.pk).slug == "basics"


@pytest.mark.parametrize(
    ("model", "changes", "words"),
    [
        (Guide, {"slug": "Not_A_Slug"}, "not a slug"),
        (Guide, {"body": "a\n\n+++\n\nb"}, "never closed"),
        (Guide, {"minutes": "500"}, "must be a whole number from 1 to 240"),
        (Topic, {"summary": "x" * 500}, "longer than 400 characters"),
        (Deck, {"slug": "Not_A_Slug"}, "must be a slug"),
        (Deck, {"order": "4000"}, "3000 is the most"),
        (Question, {"slug": "Not_A_Slug"}, "not a slug"),
        (Question, {"minutes": "500"}, "must be a whole number from 1 to 120"),
    ],
)
def test_what_could_not_be_read_again_from_its_file_is_refused(
    root: Path, carol: Client, model: Any, changes: dict[str, Any], words: str
) -> None:
    response = save(carol, model.objects.first(), **changes)
    assert response.status_code == 200
    assert words in str(errors(response))


def test_a_summary_of_several_lines_becomes_one(root: Path, carol: Client) -> None:
    assert save(carol, Guide.objects.get(), summary="One.\r\nTwo.").status_code == 302
    assert Guide.objects.get().summary == "One. Two."


def test_a_new_deck_gets_its_file_with_its_first_card(root: Path, carol: Client) -> None:
    values = {"title": "New", "slug": "new", "status": "published", "topic": Topic.objects.first(), "level": "basic"}
    topic = Topic.objects.get(slug="recurrence")
    response = carol.post(reverse("admin:quizzes_deck_add"), values | {"topic": topic.pk, "order": "1"})
    assert response.status_code == 302
    assert loading.dump(root) == []
    deck = Deck.objects.get(slug="new")
    card = {"deck": deck.pk, "key": "one", "kind": "basic", "front": "One?", "back": "1.", "order": "0"}
    assert carol.post(reverse("admin:quizzes_flashcard_add"), card).status_code == 302
    assert loading.dump(root) == [root / "cards/new.md"]
    assert loading.read(root)[1] == []


def test_a_broken_list_or_table_is_named_without_talk_of_json(root: Path, carol: Client) -> None:
    for slug, changes in (
        ("what-is-an-rnn", {"follow_ups": "not a list"}),
        ("what-is-left", {"table": "value ="}),
        ("what-is-left", {"red_flags": "- Says all.", "follow_ups": "- And?", "answer_short": ""}),
    ):
        page = save(carol, Question.objects.get(slug=slug), **changes).content.decode()
        assert "errorlist" in page
        assert "valid JSON" not in page


def test_a_lab_that_does_not_exist_is_refused_beside_its_field(root: Path, carol: Client) -> None:
    question = Question.objects.get(slug="what-is-an-rnn")
    page = save(carol, question, labs="nope-lab").content.decode()
    assert "There is no lab “nope-lab”." in page
    question.refresh_from_db()
    assert "nope-lab" not in question.labs
