"""The labs page: a map by prerequisites, and a list by topic."""

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from codelabs.models import Lab, Reveal
from prepsite.accounts.models import User
from tests.codelabs.rows import AT, make_lab, make_submission

pytestmark = pytest.mark.django_db
MAP = "/labs/"
URL = "/labs/?view=list"


def words(client: Client, url: str = URL) -> str:
    return " ".join(client.get(url).content.decode().split())


def test_labs_are_grouped_by_topic_in_the_order_of_the_curriculum() -> None:
    make_lab("rnn-cell")
    make_lab("attention", topic="transformers")
    make_lab("lstm-step")
    page = words(Client())
    assert page.index("Recurrent networks</a></h2>") < page.index("Lstm Step") < page.index("Transformers</a></h2>")


def test_within_a_topic_basic_labs_come_before_advanced_ones() -> None:
    make_lab("hard", level="advanced")
    make_lab("easy", level="basic")
    page = words(Client())
    assert page.index("Easy</a>") < page.index("Hard</a>")


def test_the_status_of_each_lab_is_a_word(as_alice: Client, alice: User) -> None:
    make_submission(make_lab("passed-one"), user=alice)
    make_submission(make_lab("tried-one"), "failed", user=alice)
    make_lab("new-one")
    page = words(as_alice)
    assert '<span class="chip chip--good">passed</span>' in page
    assert '<span class="chip chip--shaky">tried</span>' in page
    assert '<span class="chip chip--new">new</span>' in page
    assert "you have passed 1" in page


def test_a_passed_run_is_not_a_passed_lab(as_alice: Client, alice: User) -> None:
    make_submission(make_lab(), user=alice, kind="run")
    assert ">tried<" in words(as_alice)


def test_a_pass_after_the_reveal_is_marked_so(as_alice: Client, alice: User) -> None:
    lab = make_lab()
    Reveal.objects.record(alice, lab, AT)
    make_submission(lab, user=alice, created_at=AT)
    assert ">passed after reveal<" in words(as_alice)


def test_a_pass_before_the_reveal_stays_a_pass(as_alice: Client, alice: User) -> None:
    lab = make_lab()
    make_submission(lab, user=alice, created_at=AT.replace(hour=9))
    Reveal.objects.record(alice, lab, AT)
    make_submission(lab, user=alice, created_at=AT.replace(hour=15))
    assert '<span class="chip chip--good">passed</span>' in words(as_alice)


def test_somebody_elses_pass_is_not_mine(as_alice: Client, bob: User) -> None:
    make_submission(make_lab(), user=bob)
    assert ">new<" in words(as_alice)


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("?topic=transformers", {"Attention"}),
        ("?level=basic", {"Rnn Cell", "Attention"}),
        ("?status=passed", {"Rnn Cell"}),
        ("?status=new", {"Gru Step", "Attention"}),
        ("?status=tried", set()),
        ("?level=basic&status=new", {"Attention"}),
        ("?status=nonsense", set()),
    ],
)
def test_filters_narrow_the_list(as_alice: Client, alice: User, query: str, shown: set[str]) -> None:
    make_submission(make_lab("rnn-cell"), user=alice)
    make_lab("gru-step", level="intermediate")
    make_lab("attention", topic="transformers")
    page = words(as_alice, MAP + query)
    assert {title for title in ("Rnn Cell", "Gru Step", "Attention") if f"{title}</a></h3>" in page} == shown


def test_a_filter_keeps_what_the_others_say() -> None:
    make_lab()
    assert "?topic=recurrent-networks&amp;level=basic" in words(Client(), MAP + "?topic=recurrent-networks")


def test_a_filter_that_fits_nothing_offers_the_way_back() -> None:
    make_lab()
    assert "see all 1 labs" in words(Client(), MAP + "?level=advanced")


def test_prerequisites_are_links_to_their_labs() -> None:
    make_lab("rnn-cell")
    make_lab("lstm-step", prerequisites=["rnn-cell", "not-a-lab"])
    assert 'Builds on <a href="/labs/rnn-cell/">Rnn Cell</a></p>' in words(Client())


def test_drafts_and_retired_labs_are_not_listed() -> None:
    make_lab("unfinished", status="draft")
    make_lab("old", status="retired")
    page = words(Client())
    assert "Unfinished" not in page
    assert "Old</a>" not in page
    assert "No labs yet" in page


def test_signed_out_people_are_told_to_sign_up_and_what_they_may_try() -> None:
    make_lab("rnn-cell")
    page = words(Client())
    assert "to run and submit labs" in page
    assert "can be tried without an account" in page


def test_labs_say_why_they_cannot_run_here(monkeypatch: pytest.MonkeyPatch) -> None:
    make_lab()
    monkeypatch.setattr("codelabs.views.listing.why_unavailable", lambda: "The kernel offers no seccomp.")
    page = words(Client())
    assert "Labs cannot run on this host." in page
    assert "The kernel offers no seccomp." in page


def test_the_list_takes_as_many_queries_for_thirty_labs_as_for_one(
    as_alice: Client, alice: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(30):
        lab = make_lab(f"lab-{number}", topic=f"topic-{number % 5}", prerequisites=["lab-0"])
        make_submission(lab, user=alice)
    with django_assert_num_queries(4):  # the session, the user, the labs, the standings
        as_alice.get(URL)


def test_the_list_refuses_to_be_posted_to(as_alice: Client) -> None:
    assert as_alice.post(URL).status_code == 405


def test_the_map_hangs_a_lab_under_the_one_it_builds_on(as_alice: Client, alice: User) -> None:
    make_submission(make_lab("rnn-cell"), user=alice)
    make_lab("affine")
    make_lab("bptt", prerequisites=["rnn-cell", "affine"])
    page = words(as_alice, MAP)
    branch = page[page.index('aria-label="Builds on Rnn Cell"') :]
    assert 'href="/labs/bptt/">Bptt</a>' in branch
    assert 'Also builds on <a href="/labs/affine/">Affine</a>' in branch
    assert '<span class="chip chip--good">passed</span>' in page
    assert "Lab 3, basic" in branch


def test_labs_under_which_none_stands_are_gathered_below_the_map() -> None:
    make_lab("rnn-cell")
    make_lab("clip")
    make_lab("bptt", prerequisites=["rnn-cell"])
    tree, alone = words(Client(), MAP).split("Also to be begun at once")
    assert ("/labs/clip/" in tree, "/labs/clip/" in alone) == (False, True)
    assert ("/labs/rnn-cell/" in tree, "/labs/rnn-cell/" in alone) == (True, False)


def test_the_list_shows_each_labs_score() -> None:
    make_lab(filed_proof={"cases": 3, "mistakes": 2, "mutants": 8, "killed": 8, "explained": 0})
    score = Lab.objects.get().score
    assert score
    assert f"mutation score {score}" in words(Client())


def test_labs_that_wait_for_each_other_stay_on_the_map() -> None:
    make_lab("hen", prerequisites=["egg"])
    make_lab("egg", prerequisites=["hen"])
    page = words(Client(), MAP)
    assert page.count('<p class="lab-map__title">') == 2


def test_the_map_takes_as_many_queries_for_thirty_labs_as_for_one(
    as_alice: Client, alice: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(30):
        make_submission(make_lab(f"lab-{number}", prerequisites=[f"lab-{number // 2}"]), user=alice)
    with django_assert_num_queries(4):  # the session, the user, the labs, the standings
        as_alice.get(MAP)


def test_the_way_between_map_and_list_is_a_link() -> None:
    make_lab()
    assert 'href="?view=list">List by topic</a>' in words(Client(), MAP)
    assert 'href="/labs/">Map by prerequisites</a>' in words(Client())
