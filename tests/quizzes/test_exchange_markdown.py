"""Question files are Django fixtures: loaddata reads them, dumpdata writes them, as loadcontent would."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.serializers import deserialize, serialize
from django.core.serializers.base import DeserializationError, SerializationError

from prepsite.lib.versioned import Status
from quizzes import loading
from quizzes.models import Choice, Flashcard, Question, RubricPoint, Topic
from tests.quizzes import samples

pytestmark = pytest.mark.django_db


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """The files are there; of their rows only the topics, concepts and misconceptions."""
    root = samples.write(tmp_path / "fixtures")
    content, problems = loading.read(root)
    assert problems == []
    loading.store(type(content)(topics=content.topics, misconceptions=content.misconceptions))
    return root


def dumped(*names: str) -> str:
    out = StringIO()
    call_command("dumpdata", *(names or ("quizzes.question",)), format="md", stdout=out)
    return out.getvalue().removesuffix("\n") + "\n"


def test_loaddata_reads_a_question_with_all_its_parts(root: Path) -> None:
    call_command("loaddata", str(root / "questions/recurrence/shared-weights.md"), verbosity=0)
    question = Question.objects.get()
    assert (question.slug, question.topic.slug, question.version) == ("shared-weights", "recurrence", 1)
    assert [choice.key for choice in question.choices.all()] == ["weights", "inputs"]
    assert [concept.slug for concept in question.concepts.all()] == ["rnn"]
    assert question.flashcards.count() == 2
    assert question.revisions.get().source == samples.SINGLE
    assert "<math" in question.choices.get(key="weights").text_html


def test_what_loaddata_read_loadcontent_finds_unchanged(root: Path) -> None:
    for path in (root / "questions/recurrence").glob("*.md"):
        call_command("loaddata", str(path), verbosity=0)
    summary = loading.store(loading.read(root)[0])
    assert (len(summary.created), summary.updated) == (2, ())  # the guide and the deck
    assert Question.objects.get(slug="what-is-left").check_source == samples.RECEIPT


def test_dumpdata_writes_the_text_of_the_file(root: Path) -> None:
    call_command("loaddata", str(root / "questions/recurrence/what-is-an-rnn.md"), verbosity=0)
    assert dumped() == samples.OPEN


def test_several_questions_go_through_one_stream(root: Path, tmp_path: Path) -> None:
    loading.store(loading.read(root)[0])
    before = list(Question.objects.order_by("slug").values("uuid", "slug", "spec", "html", "prompt", "check_source"))
    path = tmp_path / "all.md"
    path.write_text(dumped())
    call_command("loaddata", str(path), verbosity=0)
    assert not Question.objects.filter(version__gt=1).exists()
    Choice.objects.all().delete()
    RubricPoint.objects.all().delete()
    Flashcard.objects.filter(question__isnull=False).delete()
    Question.objects.all().delete()
    call_command("loaddata", str(path), verbosity=0)
    after = list(Question.objects.order_by("slug").values("uuid", "slug", "spec", "html", "prompt"))
    assert after == [{key: value for key, value in row.items() if key != "check_source"} for row in before]


def test_reading_a_changed_question_again_is_a_new_version_of_the_same_row(root: Path) -> None:
    path = root / "questions/recurrence/shared-weights.md"
    call_command("loaddata", str(path), verbosity=0)
    before = Question.objects.get()
    text = samples.SINGLE.replace("The weights.", "All the weights.")
    text = text.replace("- `what-is-shared` What does an RNN share over time?\n  Back: Its weights.\n", "")
    text = text.replace("`inputs`", "`its-inputs`")
    path.write_text(text)
    call_command("loaddata", str(path), verbosity=0)
    after = Question.objects.get()
    assert (after.pk, after.version, after.answer_short) == (before.pk, 2, "All the weights.")
    assert [choice.key for choice in after.choices.all()] == ["weights", "its-inputs"]
    assert after.flashcards.get(slug="shared-weights--what-is-shared").status == Status.RETIRED
    assert after.revisions.count() == 2


def test_the_whole_stream_may_be_read_before_anything_is_saved(root: Path) -> None:
    objects = list(deserialize("md", samples.SINGLE))
    for one in objects:
        one.save()
    assert Question.objects.get().choices.count() == 2
    assert len(objects) == 5


def test_every_problem_is_named_and_nothing_is_read(root: Path) -> None:
    path = root / "questions/recurrence/shared-weights.md"
    text = samples.SINGLE.replace("[x]", "[ ]").replace("Misconception: inputs-shared\n\n", "Misconception: x\n\n")
    path.write_text(text.replace('topic = "recurrence"', 'topic = "cooking"').replace('["rnn"]', '["stew"]'))
    with pytest.raises(DeserializationError) as refusal:
        call_command("loaddata", str(path), verbosity=0)
    for words in ("no right choices", "unknown topic “cooking”", "unknown concept “stew”", "unknown misconception “x”"):
        assert words in str(refusal.value)
    assert not Question.objects.exists()


@pytest.mark.parametrize("text", ["no front matter", "+++\nid = \n", b"\xff\xfe"])
def test_a_text_that_is_no_question_is_refused_with_a_sentence(root: Path, text: str | bytes) -> None:
    with pytest.raises(DeserializationError):
        list(deserialize("md", text))


def test_an_empty_stream_holds_nothing() -> None:
    assert list(deserialize("md", "")) == []
    assert serialize("md", []) == ""


def test_what_is_no_question_cannot_be_written_as_one(root: Path) -> None:
    with pytest.raises(SerializationError, match="topic"):
        serialize("md", Topic.objects.all())
