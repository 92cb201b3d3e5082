"""Home and topics, signed out and signed in."""

from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from prepsite.accounts.models import User
from tests.prepsite.test_study import answered, flashcard, lab, question, submitted, topic

pytestmark = pytest.mark.django_db


def test_a_visitor_is_told_what_this_is_and_what_can_be_tried(client: Client) -> None:
    m6 = topic()
    question(m6, "rnn-weights-shared", title="What an RNN shares")
    lab("rnn-cell", 23, title="RNN cell")
    page = client.get("/").content.decode()
    assert "What an RNN shares" in page
    assert "RNN cell" in page
    assert "Today’s plan" not in page


def test_a_visitor_of_an_empty_site_gets_no_dead_links(client: Client) -> None:
    page = client.get("/").content.decode()
    assert "No question has been published yet." in page
    assert "No lab has been published yet." in page


def test_a_learner_gets_today_with_one_next_step(as_alice: Client) -> None:
    flashcard(topic(), "one")
    page = as_alice.get("/").content.decode()
    assert page.count("data-next-step") == 1
    assert "Start with 1 card" in page


def test_topics_can_be_read_without_an_account(client: Client) -> None:
    m6 = topic()
    assert m6.title in client.get("/topics/").content.decode()
    assert client.get(m6.get_absolute_url()).status_code == 200


def test_a_topic_that_does_not_exist_is_a_404(client: Client) -> None:
    assert client.get("/topics/nothing/").status_code == 404


@pytest.mark.parametrize("address", ["/", "/topics/"])
def test_pages_to_read_refuse_a_post(as_alice: Client, address: str) -> None:
    assert as_alice.post(address).status_code == 405


def test_every_page_forbids_what_comes_from_elsewhere(client: Client) -> None:
    policy = client.get("/").headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy


@pytest.mark.parametrize("address", ["/", "/topics/", "/topics/recurrent-networks/"])
def test_a_page_costs_the_same_number_of_queries_however_much_there_is(
    as_alice: Client, alice: User, django_assert_num_queries: DjangoAssertNumQueries, address: str
) -> None:
    m6 = topic()
    one, first = question(m6, "q0"), lab("lab-0", 100)
    flashcard(m6, "c0")
    answered(alice, one)
    submitted(alice, first, "failed")
    as_alice.get(address)
    with CaptureQueriesContext(connection) as few:
        as_alice.get(address)
    more = [question(m6, f"q{n}") for n in range(1, 6)]
    for n in range(1, 6):
        flashcard(m6, f"c{n}")
        submitted(alice, lab(f"lab-{n}", 100 + n), "failed")
    answered(alice, *more)
    with django_assert_num_queries(len(few)):
        as_alice.get(address)


def test_a_comment_in_a_template_ends_on_its_line() -> None:
    """Django prints one that does not, for every reader to see."""
    for template in Path(settings.BASE_DIR, "prepsite/templates").rglob("*.html"):
        for number, line in enumerate(template.read_text().splitlines(), start=1):
            assert line.count("{#") == line.count("#}"), f"{template.name}:{number}"
