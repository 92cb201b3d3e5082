"""The curriculum's coverage: the mapping is read strictly, held against the content, and shown to staff."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from prepsite import publishing
from prepsite.accounts.models import User
from prepsite.coverage import checking, mapping
from prepsite.publishing import Everything
from quizzes.models import Question

FIXTURES = Path(settings.BASE_DIR) / "fixtures"


@pytest.fixture(scope="module")
def everything() -> Everything:
    return publishing.read(FIXTURES)[0]


def rows(text: str, tmp_path: Path) -> tuple[mapping.Mapping, str]:
    """The mapping of a text, and what is said about it except that rows are missing."""
    (tmp_path / mapping.FILE).write_text(text)
    found, problems = mapping.read(tmp_path)
    return found, "\n".join(str(problem) for problem in problems if "rows are missing" not in problem.message)


def said(everything: Everything, text: str, tmp_path: Path) -> str:
    found, wrong = rows(text, tmp_path)
    assert wrong == ""
    return "\n".join(map(str, checking.check(everything, found).problems))


def test_every_row_and_every_error_of_the_curriculum_is_covered(everything: Everything) -> None:
    promised, problems = mapping.read(FIXTURES)
    coverage = checking.check(everything, promised)
    assert problems == []
    assert coverage.problems == ()
    assert str(coverage) == "coverage 60 of 60 rows, 51 of 51 errors"
    assert coverage.concepts == len(promised.core) == 14


def test_every_error_has_a_myth_card_of_its_own_in_one_deck() -> None:
    promised, _ = mapping.read(FIXTURES)
    cards = [row.points["cards"] for row in promised.rows if row.is_error]
    assert all(name.startswith("recurrent-myths--") for (name,) in cards)
    assert len({name for (name,) in cards}) == 51


def test_a_missing_row_a_double_one_and_an_unknown_one_are_named(tmp_path: Path) -> None:
    row = '[[row]]\nid = "{}"\nitem = "Something"\nquestions = ["what-is-an-rnn"]\n'
    (tmp_path / mapping.FILE).write_text(row.format("F01") + row.format("F01") + row.format("F99"))
    text = "\n".join(map(str, mapping.read(tmp_path)[1]))
    assert "coverage.toml:5: the row F01 is there twice" in text
    assert "coverage.toml:9: the curriculum has no row F99" in text
    assert "rows are missing: F02, F03" in text


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('[[row]]\nid = "F01"\n', "the row has no “item”"),
        ('[[row]]\nid = "F01"\nitem = "A"\nqestions = []\n', "unknown key “qestions”"),
        ('[[row]]\nid = "F01"\nitem = "A"\nquestions = "one"\n', "“questions” must be a list of texts"),
        ("rows = 1\n", "unknown key “rows”"),
        ("[[row]\n", "malformed TOML"),
    ],
)
def test_a_malformed_mapping_is_said_in_a_sentence(tmp_path: Path, text: str, words: str) -> None:
    assert words in rows(text, tmp_path)[1]


@pytest.mark.parametrize(
    ("points", "words"),
    [
        ('questions = ["no-such-question"]', "F01: “no-such-question” is no published one of the questions"),
        ('labs = ["no-such-lab"]', "F01: “no-such-lab” is no published one of the labs"),
        ('cards = ["recurrent-myths--no-such-card"]', "is no published one of the cards"),
        ('questions = ["what-is-an-rnn"]\npages = ["/no/such/page/"]', "is no published one of the pages"),
        ('topics = ["recurrent-networks"]', "F01: points at nothing that teaches"),
    ],
)
def test_a_row_must_point_at_what_learners_can_open(
    everything: Everything, tmp_path: Path, points: str, words: str
) -> None:
    assert words in said(everything, f'[[row]]\nid = "F01"\nitem = "A"\n{points}\n', tmp_path)


def test_an_error_needs_a_question_a_card_and_its_mistake_in_them(everything: Everything, tmp_path: Path) -> None:
    row = (
        '[[row]]\nid = "E50"\nitem = "A"\nguides = ["recurrent-networks"]\nmisconceptions = ["beam-search-is-exact"]\n'
    )
    text = said(everything, row, tmp_path)
    assert "E50: has none of the questions" in text
    assert "E50: has none of the cards" in text
    assert "no question or card of the row is about the mistake “beam-search-is-exact”" in text


def test_a_concept_with_an_empty_cell_is_named_with_the_performance(tmp_path: Path) -> None:
    root = tmp_path / "fixtures"
    shutil.copytree(FIXTURES, root, ignore=shutil.ignore_patterns("labs"))
    path = root / "questions/modern-recurrent/recall-test-of-the-last-fact.md"
    path.write_text(path.read_text().replace("order = ", 'status = "draft"\norder = ', 1))
    text = said(publishing.read(root)[0], 'core = ["recall-limits", "stew"]\n', tmp_path)
    assert "concept recall-limits: nothing to debug" in text
    assert "concept stew: the map of topics has no such concept" in text


def test_a_retired_question_no_longer_covers_a_row(tmp_path: Path) -> None:
    root = tmp_path / "fixtures"
    shutil.copytree(FIXTURES, root, ignore=shutil.ignore_patterns("labs"))
    path = root / "questions/recurrent-networks/bank-and-loan.md"
    path.write_text(path.read_text().replace('level = "basic"', 'level = "basic"\nstatus = "retired"', 1))
    coverage = checking.check(publishing.read(root)[0], mapping.read(root)[0])
    assert "E18: “bank-and-loan” is no published one of the questions" in "\n".join(map(str, coverage.problems))
    assert coverage.errors < 51


@pytest.fixture
def staff(client: Client, django_user_model: type[User]) -> Client:
    client.force_login(django_user_model.objects.create_user("carol", password="x", is_staff=True))
    return client


@pytest.mark.django_db
def test_staff_see_every_row_with_links_and_what_is_gone(staff: Client) -> None:
    call_command("loadcontent", verbosity=0)
    page = staff.get(reverse("coverage")).content.decode()
    assert "60 of 60 rows" in page
    assert "51 of 51 rows" in page
    assert 'href="/questions/bank-and-loan/"' in page
    Question.objects.filter(slug="bank-and-loan").update(status="retired")
    page = staff.get(reverse("coverage")).content.decode()
    assert "50 of 51 rows" in page
    assert "bank-and-loan (not published)" in page


@pytest.mark.django_db
def test_the_page_needs_as_many_queries_with_content_as_without(
    staff: Client, django_assert_num_queries: Callable[..., object]
) -> None:
    with django_assert_num_queries(8):
        staff.get(reverse("coverage"))
    call_command("loadcontent", verbosity=0)
    with django_assert_num_queries(8):
        staff.get(reverse("coverage"))


@pytest.mark.django_db
def test_the_admin_leads_to_the_page(staff: Client) -> None:
    assert reverse("coverage") in staff.get(reverse("admin:index")).content.decode()


@pytest.mark.django_db
def test_a_host_without_a_mapping_says_so(staff: Client, tmp_path: Path, settings: object) -> None:
    settings.CONTENT_DIR = tmp_path  # type: ignore[attr-defined]
    assert "No mapping here" in staff.get(reverse("coverage")).content.decode()


@pytest.mark.django_db
def test_the_page_is_for_staff_and_for_reading(client: Client, django_user_model: type[User]) -> None:
    assert client.get(reverse("coverage")).status_code == 302
    client.force_login(django_user_model.objects.create_user("alice", password="x"))
    assert client.get(reverse("coverage")).status_code == 403
    assert client.post(reverse("coverage")).status_code == 405
