"""Files become rows, all or none; edits made here are kept; what has gone is retired; dumping writes edits back."""

from pathlib import Path

import pytest

from prepsite.lib.problems import Taken, Unreadable
from prepsite.lib.tally import Summary
from prepsite.lib.versioned import Status
from quizzes import editing, loading
from quizzes.content.cards import card_id
from quizzes.models import Concept, Deck, Flashcard, Guide, Misconception, Question, Revision, Topic
from tests.quizzes import samples

pytestmark = pytest.mark.django_db


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return samples.write(tmp_path / "fixtures")


def load(root: Path, *, overwrite: bool = False) -> Summary:
    content, problems = loading.read(root)
    assert problems == []
    return loading.store(content, overwrite=overwrite)


def change(root: Path, name: str, old: str, new: str) -> Path:
    path = next(root.rglob(name))
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))
    return path


def test_everything_is_loaded_with_its_rendered_html(root: Path) -> None:
    summary = load(root)
    assert len(summary.created) == 13
    question = Question.objects.get(slug="shared-weights")
    assert (question.kind, question.topic.slug, question.version) == ("single", "recurrence", 1)
    assert question.html["answer_short"] == "<p>The weights.</p>"
    assert [choice.key for choice in question.choices.all()] == ["weights", "inputs"]
    assert "<math" in question.choices.get(key="weights").text_html
    assert question.choices.get(key="inputs").misconception == "inputs-shared"
    assert question.revisions.get().source == samples.SINGLE
    card = Flashcard.objects.get(slug="shared-weights--what-is-shared")
    assert card.uuid == card_id(str(question.uuid), "what-is-shared")
    assert (card.question, card.key, card.order) == (question, "what-is-shared", 10)
    assert [one.slug for one in card.concepts.all()] == ["rnn"]
    assert Question.objects.get(slug="what-is-left").spec == {"value": 0.0066, "relative": 0.02}
    assert Question.objects.get(slug="what-is-left").check_source == samples.RECEIPT
    assert "<math" in Guide.objects.get().body_html
    assert "<strong>weights</strong>" in Misconception.objects.get().correction_html
    assert [topic.slug for topic in Topic.objects.get(slug="recurrence").prerequisites.all()] == ["basics"]
    assert Deck.objects.get().flashcards.count() == 2


def test_loading_twice_changes_nothing(root: Path) -> None:
    load(root)
    before = list(Question.objects.order_by("pk").values())
    again = load(root)
    assert (again.created, again.updated, again.retired, again.kept) == ((), (), (), ())
    assert list(Question.objects.order_by("pk").values()) == before
    assert Revision.objects.count() == Question.objects.count()


def test_a_changed_file_makes_a_new_version_and_keeps_the_old_text(root: Path) -> None:
    load(root)
    change(root, "shared-weights.md", "The weights.", "The weights, at every step.")
    summary = load(root)
    assert summary.updated == ("question shared-weights",)
    question = Question.objects.get(slug="shared-weights")
    assert question.version == 2
    assert [revision.version for revision in question.revisions.all()] == [2, 1]
    assert question.revisions.get(version=1).source == samples.SINGLE
    assert Flashcard.objects.get(slug="shared-weights--what-is-shared").version == 1


def test_a_changed_card_alone_gets_a_new_version(root: Path) -> None:
    load(root)
    change(root, "shared-weights.md", "Back: Its weights.", "Back: All its weights.")
    load(root)
    assert Flashcard.objects.get(slug="shared-weights--what-is-shared").version == 2
    assert Flashcard.objects.get(slug="shared-weights--the-squashing").version == 1


def test_a_renamed_file_is_the_same_question(root: Path) -> None:
    load(root)
    before = Question.objects.get(slug="shared-weights")
    cards = set(before.flashcards.values_list("pk", flat=True))
    change(root, "recurrent-networks.md", "/questions/shared-weights/", "/questions/what-is-shared/")
    path = root / "questions/recurrence/shared-weights.md"
    path.rename(path.with_name("what-is-shared.md"))
    summary = load(root)
    after = Question.objects.get(slug="what-is-shared")
    assert after.pk == before.pk
    assert set(after.flashcards.values_list("pk", flat=True)) == cards
    assert after.flashcards.filter(slug="what-is-shared--what-is-shared").exists()
    assert summary.retired == ()


def test_two_questions_may_swap_their_slugs(root: Path) -> None:
    load(root)
    first, second = (root / f"questions/recurrence/{name}.md" for name in ("shared-weights", "which-two"))
    one, two = first.read_text(), second.read_text()
    first.write_text(two)
    second.write_text(one)
    load(root)
    assert str(Question.objects.get(slug="which-two").uuid).endswith("3a02")
    assert str(Question.objects.get(slug="shared-weights").uuid).endswith("3a14")


def test_what_vanishes_from_the_files_is_retired_and_comes_back_with_its_file(root: Path) -> None:
    load(root)
    path = root / "questions/recurrence/which-two.md"
    text = path.read_text()
    path.unlink()
    deck = root / "cards/timeline.md"
    deck.unlink()
    summary = load(root)
    assert summary.retired == ("question which-two", "deck timeline")
    assert Question.objects.get(slug="which-two").status == Status.RETIRED
    assert set(Flashcard.objects.filter(deck__isnull=False).values_list("status", flat=True)) == {Status.RETIRED}
    assert load(root).retired == ()
    path.write_text(text)
    deck.write_text(samples.DECK)
    assert set(load(root).updated) == {"question which-two", "deck timeline"}
    question = Question.objects.get(slug="which-two")
    assert (question.status, question.version) == (Status.PUBLISHED, 1)
    assert set(Flashcard.objects.filter(deck__isnull=False).values_list("status", flat=True)) == {Status.PUBLISHED}


def test_a_new_question_may_take_the_slug_of_a_retired_one(root: Path) -> None:
    load(root)
    path = change(root, "which-two.md", "8d3a14", "8d3a77")
    load(root)
    assert str(Question.objects.get(slug=path.stem).uuid).endswith("3a77")
    retired = Question.objects.get(slug__startswith="which-two-")
    assert (retired.status, str(retired.uuid)[-4:]) == (Status.RETIRED, "3a14")


def test_a_card_that_vanishes_is_retired(root: Path) -> None:
    load(root)
    change(root, "timeline.md", "- `forget-gate` When did the forget gate come?\n  Back: 2000.\n", "")
    load(root)
    assert Flashcard.objects.get(slug="timeline--forget-gate").status == Status.RETIRED


def test_topics_concepts_and_misconceptions_are_retired_and_come_back(root: Path) -> None:
    load(root)
    change(root, "topics.toml", '\n[[topic.concept]]\nslug = "tensors"\ntitle = "Tensors"\n', "")
    summary = load(root)
    assert "topic basics" in summary.updated
    assert Concept.objects.get(slug="tensors").retired
    assert list(Topic.objects.in_order().with_prerequisites().get(slug="basics").concepts.all()) == []
    (root / "topics.toml").write_text(samples.TOPICS)
    load(root)
    assert not Concept.objects.get(slug="tensors").retired


def test_topics_may_swap_their_codes(root: Path) -> None:
    load(root)
    swapped = samples.TOPICS.replace('"M1"', '"MX"').replace('"M2"', '"M1"').replace('"MX"', '"M2"')
    (root / "topics.toml").write_text(swapped)
    load(root)
    assert Topic.objects.get(slug="basics").code == "M2"


def edit(name: str, **changes: str) -> Question:
    """As the admin does it."""
    question = Question.objects.get(slug=name)
    for field, value in changes.items():
        setattr(question, field, value)
    question.save()
    editing.question_edited(question)
    return Question.objects.get(pk=question.pk)


def test_an_edit_made_here_is_a_new_version_rendered_again(root: Path) -> None:
    load(root)
    question = edit("shared-weights", answer_short="The *same* weights.")
    assert question.version == 2
    assert question.edited_here
    assert "<em>same</em>" in question.html["answer_short"]
    assert "The *same* weights." in question.revisions.first().source  # type: ignore[union-attr]


def test_an_edit_made_here_is_kept_and_named_unless_overwriting(root: Path) -> None:
    load(root)
    edit("shared-weights", answer_short="Edited here.")
    change(root, "shared-weights.md", "The weights.", "Edited there.")
    assert load(root).kept == ("question shared-weights",)
    assert Question.objects.get(slug="shared-weights").answer_short == "Edited here."
    assert load(root, overwrite=True).updated == ("question shared-weights",)
    question = Question.objects.get(slug="shared-weights")
    assert (question.answer_short, question.version, question.edited_here) == ("Edited there.", 3, False)


def test_a_question_made_here_is_never_retired_for_want_of_a_file(root: Path) -> None:
    load(root)
    (root / "questions/recurrence/which-two.md").unlink()
    edit("which-two", signal="Made here.")
    assert load(root).kept == ("question which-two",)
    assert load(root, overwrite=True).kept == ("question which-two",)


def test_dumping_writes_edits_back_to_the_same_files_and_touches_no_other(root: Path) -> None:
    load(root)
    stamps = {path: path.stat().st_mtime_ns for path in root.rglob("*") if path.is_file()}
    edit("shared-weights", answer_short="Edited here.")
    path = root / "questions/recurrence/shared-weights.md"
    assert loading.dump(root) == [path]
    assert path.read_text() == samples.SINGLE.replace("The weights.", "Edited here.")
    assert all(other.stat().st_mtime_ns == stamp for other, stamp in stamps.items() if other != path)
    assert loading.dump(root) == []
    summary = load(root)
    assert (summary.updated, summary.kept) == ((), ())


def test_dumping_to_an_empty_folder_writes_every_file_byte_for_byte(root: Path, tmp_path: Path) -> None:
    load(root)
    loading.dump(tmp_path / "elsewhere")
    written = {
        path.relative_to(tmp_path / "elsewhere").as_posix(): path.read_text()
        for path in (tmp_path / "elsewhere").rglob("*")
        if path.is_file()
    }
    assert written == samples.FILES


def test_a_question_renamed_here_leaves_no_second_file_behind(root: Path) -> None:
    load(root)
    edit("what-is-left", slug="how-much-is-left")
    loading.dump(root)
    names = {path.name for path in (root / "questions/recurrence").iterdir()}
    assert {"how-much-is-left.md", "how-much-is-left.check.py"} <= names
    assert not {"what-is-left.md", "what-is-left.check.py"} & names
    assert load(root).updated == ()


def test_a_receipt_removed_here_is_removed_there(root: Path) -> None:
    load(root)
    edit("what-is-left", check_source="")
    assert loading.dump(root) == [root / "questions/recurrence/what-is-left.check.py"]


def test_labels_edited_here_are_kept_and_written_back(root: Path) -> None:
    load(root)
    topic = Topic.objects.get(slug="basics")
    topic.title = "Foundations"
    topic.edited_here = True
    topic.save()
    belief = Misconception.objects.get()
    belief.correction = "It shares its weights."
    belief.edited_here = True
    belief.save()
    assert load(root).kept == ("topic basics", "misconception inputs-shared")
    assert loading.dump(root) == [root / "misconceptions/recurrence.toml", root / "topics.toml"]
    assert (root / "topics.toml").read_text() == samples.TOPICS.replace("Basics", "Foundations")
    assert load(root).kept == ()


def test_an_edited_question_does_not_lose_its_slug_to_a_new_one(root: Path) -> None:
    load(root)
    edit("which-two", slug="taken-here")
    text = samples.MULTIPLE.replace("3a14", "3a55")
    (root / "questions/recurrence/taken-here.md").write_text(text)
    with pytest.raises(Taken, match="taken-here"):
        load(root)
    assert not Question.objects.filter(uuid__endswith="3a55").exists()


@pytest.mark.parametrize("name", ["topics.toml", "shared-weights.md", "timeline.md", "recurrent-networks.md"])
def test_dumping_never_writes_over_a_file_that_it_cannot_read(root: Path, name: str) -> None:
    load(root)
    path = next(root.rglob(name))
    path.write_text("half a file =\n")
    with pytest.raises(Unreadable, match=name):
        loading.dump(root)
    assert path.read_text() == "half a file =\n"


def test_dumping_does_not_undo_a_change_that_is_not_loaded_yet(root: Path) -> None:
    load(root)
    edit("which-two", signal="Edited here.")
    path = change(root, "shared-weights.md", "The weights.", "Edited there.")
    text = path.read_text()
    assert loading.dump(root) == [root / "questions/recurrence/which-two.md"]
    assert path.read_text() == text
