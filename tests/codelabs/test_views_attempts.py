"""One attempt with its result, the history of a lab, and its solution."""

import json
import re
from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from codelabs.models import Lab, Reveal, Submission
from prepsite.accounts.models import User
from tests.codelabs.rows import AT, SOLUTION, make_case, make_lab, make_result, make_submission

pytestmark = pytest.mark.django_db
LAB = "/labs/lstm-step/"


@pytest.fixture
def lab() -> Lab:
    return make_lab()


def words(client: Client, url: str, **headers: str) -> str:
    response = client.get(url, headers=headers)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def lines_of(client: Client, submission: Submission, seen: int = 0) -> list[dict[str, Any]]:
    """What is new for somebody who has been shown `seen` cases."""
    response = client.get(f"{submission.get_absolute_url()}news/", {"seen": str(seen)})
    assert response["Content-Type"] == "application/x-ndjson"
    return [json.loads(line) for line in response.content.decode().splitlines()]


# One attempt


def test_an_attempt_is_its_learners_alone(lab: Lab, as_alice: Client, as_bob: Client, alice: User) -> None:
    url = make_submission(lab, user=alice).get_absolute_url()
    assert as_alice.get(url).status_code == 200
    assert as_bob.get(url).status_code == 404
    assert Client().get(url).status_code == 404


def test_a_visitors_attempt_is_not_found_by_people_without_a_session(lab: Lab) -> None:
    url = make_submission(lab, visitor="somebody").get_absolute_url()
    assert Client().get(url).status_code == 404


def test_an_attempt_refuses_to_be_posted_to(lab: Lab, as_alice: Client, alice: User) -> None:
    assert as_alice.post(make_submission(lab, user=alice).get_absolute_url()).status_code == 405


def test_the_mistake_is_named_before_any_case(lab: Lab, as_alice: Client, alice: User) -> None:
    diagnosis = {
        "misconception": "m",
        "file": "wrong/a.py",
        "says": "It swaps the <em>gates</em>.",
        "why": "<p>So.</p>",
    }
    result = make_result("failed", [make_case("small", "failed")], diagnosis=diagnosis)
    page = words(as_alice, make_submission(lab, "failed", user=alice, result=result).get_absolute_url())
    assert page.index("It swaps the <em>gates</em>.") < page.index("0 of 1 cases passed.") < page.index("why small")


def test_each_case_has_its_verdict_in_words_and_says_why_it_exists(lab: Lab, as_alice: Client, alice: User) -> None:
    cases = [
        make_case("one-example", "failed", message="Two values differ."),
        make_case("long-run", "timeout", visible=False),
        make_case("fine", "passed", visible=False),
    ]
    page = words(
        as_alice, make_submission(lab, "failed", user=alice, result=make_result("failed", cases)).get_absolute_url()
    )
    for said in ("one example", "Two values differ.", "why one-example", ">too slow<", ">hidden<", ">visible<"):
        assert said in page
    assert "1 of 3 cases passed." in page


def test_the_picture_of_the_error_has_words_and_no_inline_style(lab: Lab, as_alice: Client, alice: User) -> None:
    cases = [make_case("small", "failed", picture=[[0, 0.5], [0, 1.0]])]
    page = words(
        as_alice, make_submission(lab, "failed", user=alice, result=make_result("failed", cases)).get_absolute_url()
    )
    assert "2 rows by 2 columns; 2 of 4 squares differ, in every row; the largest error is in row 1, column 1." in page
    assert "The more a square stands out, the further off it is: 2 rows" in page, (
        "in the dark the worst is the lightest"
    )
    assert page.count("<rect") == 4
    assert '<rect class="heat-9" x="16" y="16"' in page
    assert "style=" not in page


def test_prints_values_and_traceback_of_a_visible_case_are_shown_and_escaped(
    lab: Lab, as_alice: Client, alice: User
) -> None:
    case = make_case(
        "small",
        "error",
        message="ValueError on line 1: <b>",
        stdout="<script>",
        traceback="ValueError: <b>",
        line=1,
        inputs=[{"name": "x", "text": "[1, 2]"}],
        expected="[3, 4]",
    )
    page = words(
        as_alice, make_submission(lab, "error", user=alice, result=make_result("error", [case])).get_absolute_url()
    )
    assert "&lt;script&gt;" in page
    assert "ValueError: &lt;b&gt;" in page
    assert "[3, 4]" in page
    assert 'data-error-lines="1"' in page
    assert "(named in the traceback)" in page


def test_lines_are_counted_as_python_counts_them(lab: Lab, as_alice: Client, alice: User) -> None:
    """A separator of lines that came with pasted text is none for Python, nor for the editor."""
    source = "# pasted\u2028text\x0c\nx = 1\nx = y\n"
    result = make_result("error", [make_case("one", "error", line=3, message="NameError", traceback="NameError: y")])
    submission = make_submission(lab, "error", user=alice, source=source, result=result)
    page = words(as_alice, submission.get_absolute_url())
    assert '<li class="is-error"><code>x = y</code>' in page


def test_a_limit_is_named_beside_the_traceback_that_says_where(lab: Lab, as_alice: Client, alice: User) -> None:
    where, limit = "MemoryError: 74.5 GiB", "Your code needed more than 50 MB of memory."
    cases = [make_case("one", "memory", traceback=where, message=limit, limit="memory_mb")]
    submission = make_submission(lab, "memory", user=alice, result=make_result("memory", cases))
    page = words(as_alice, submission.get_absolute_url())
    assert where in page
    assert limit in page


def test_the_same_traceback_is_shown_once(lab: Lab, as_alice: Client, alice: User) -> None:
    cases = [make_case(name, "error", traceback="NameError: a", message="NameError: a") for name in ("one", "two")]
    page = words(
        as_alice, make_submission(lab, "error", user=alice, result=make_result("error", cases)).get_absolute_url()
    )
    assert page.count('<pre class="case__traceback"') == 1


def test_why_code_did_not_run_is_said_once_and_how_answers_differ_each_time(
    lab: Lab, as_alice: Client, alice: User
) -> None:
    for verdict, times in (("forbidden", 1), ("failed", 3)):
        cases = [make_case(name, verdict, visible=False, message="So it is.") for name in ("one", "two", "three")]
        attempt = make_submission(lab, verdict, user=alice, result=make_result(verdict, cases))
        assert words(as_alice, attempt.get_absolute_url()).count("So it is.") == times


@pytest.mark.parametrize(
    ("verdict", "kind", "said"),
    [
        ("passed", "submit", "Passed: all 1 cases."),
        ("passed", "run", "All 1 visible cases passed. Submit runs the hidden ones too."),
        ("failed", "run", "0 of 1 visible cases passed."),
        ("internal", "submit", "This attempt does not count"),
    ],
)
def test_the_headline_says_what_happened(
    lab: Lab, as_alice: Client, alice: User, verdict: str, kind: str, said: str
) -> None:
    assert said in words(as_alice, make_submission(lab, verdict, user=alice, kind=kind).get_absolute_url())


def test_what_the_grader_says_about_the_whole_is_shown(lab: Lab, as_alice: Client, alice: User) -> None:
    result = make_result("internal", [], message="This lab has a fault of its own.")
    submission = make_submission(lab, "internal", user=alice, result=result)
    assert "This lab has a fault of its own." in words(as_alice, submission.get_absolute_url())


def test_an_attempt_whose_grader_died_is_given_up_when_its_page_is_looked_at(
    lab: Lab, as_alice: Client, alice: User
) -> None:
    submission = make_submission(lab, "", user=alice, status="running", started_at=AT)  # long ago
    [polled] = lines_of(as_alice, submission)
    assert polled["part"] == "panel"
    for page in (polled["html"], words(as_alice, submission.get_absolute_url())):
        assert "This attempt does not count" in page
        assert "The grader was stopped while it worked on this." in page
        assert "data-news" not in page


def test_an_attempt_that_waits_says_where_to_ask_for_news(lab: Lab, as_alice: Client, alice: User) -> None:
    submission = make_submission(lab, "", user=alice, created_at=timezone.now())
    page = words(as_alice, submission.get_absolute_url())
    assert f'data-news="/submissions/{submission.uuid}/news/" data-seen="0"' in page
    assert "Waiting for a free place" in page
    assert '<noscript><meta http-equiv="refresh"' in page
    assert lines_of(as_alice, submission) == [{"part": "headline", "headline": "Waiting for a free place…"}]


def test_news_are_the_cases_that_have_not_been_shown_and_in_the_end_the_verdict(
    lab: Lab, as_alice: Client, alice: User
) -> None:
    begun = {"status": "running", "created_at": timezone.now(), "started_at": timezone.now()}
    submission = make_submission(lab, "", user=alice, **begun)
    for name in ("one", "two", "three"):
        assert submission.publish([make_case(name, visible=False)], 5)
    one, two, three, said = lines_of(as_alice, submission)
    assert ["why one" in one["html"], "why two" in two["html"], "why three" in three["html"]] == [True] * 3
    assert said["headline"] == "Running your code: 3 of 5 cases are marked…"
    assert lines_of(as_alice, submission, seen=2) == [three, said]
    assert lines_of(as_alice, submission, seen=3) == [said]
    assert submission.finish(make_result("passed", [make_case("one")]), timezone.now())
    [panel] = lines_of(as_alice, submission, seen=3)
    assert (panel["part"], panel["headline"]) == ("panel", "Passed: all 1 cases.")


def test_news_take_a_fixed_number_of_queries(
    lab: Lab, as_alice: Client, alice: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for cases in (1, 30):
        submission = make_submission(lab, "", user=alice, status="running", started_at=timezone.now())
        for number in range(cases):
            submission.publish([make_case(f"case-{number}")], 40)
        with django_assert_num_queries(3):
            lines_of(as_alice, submission)


def test_news_are_its_learners_alone(lab: Lab, as_alice: Client, as_bob: Client, alice: User) -> None:
    url = f"{make_submission(lab, user=alice).get_absolute_url()}news/"
    assert as_bob.get(url).status_code == 404
    assert Client().get(url).status_code == 404
    assert as_alice.post(url).status_code == 405


@pytest.mark.parametrize("seen", ["-1", "two", "²", "9" * 30])
def test_news_since_nonsense_are_refused(lab: Lab, as_alice: Client, alice: User, seen: str) -> None:
    url = make_submission(lab, user=alice).get_absolute_url()
    assert as_alice.get(f"{url}news/", {"seen": seen}).status_code == 400


def test_an_attempt_that_is_done_is_not_asked_for_again(lab: Lab, as_alice: Client, alice: User) -> None:
    page = words(as_alice, make_submission(lab, user=alice).get_absolute_url())
    assert "data-news" not in page
    assert "Passed: all 1 cases." in page


def test_a_waiting_page_reloads_itself_without_javascript(lab: Lab, as_alice: Client, alice: User) -> None:
    page = words(as_alice, make_submission(lab, "", user=alice, created_at=timezone.now()).get_absolute_url())
    assert '<noscript><meta http-equiv="refresh" content="2"></noscript>' in page


def test_an_attempt_takes_a_fixed_number_of_queries(
    lab: Lab, as_alice: Client, alice: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    url = make_submission(lab, user=alice).get_absolute_url()
    with django_assert_num_queries(3):  # the session, the user, the submission
        as_alice.get(url)


# History


def test_the_history_lists_ones_own_attempts_newest_first(lab: Lab, as_alice: Client, alice: User, bob: User) -> None:
    old = make_submission(lab, "failed", user=alice, created_at=AT.replace(hour=8))
    new = make_submission(lab, "passed", user=alice, created_at=AT.replace(hour=9))
    theirs = make_submission(lab, user=bob)
    page = words(as_alice, f"{LAB}history/")
    assert page.index(str(new.uuid)) < page.index(str(old.uuid))
    assert str(theirs.uuid) not in page


def test_a_pass_after_the_reveal_is_marked_in_the_history(lab: Lab, as_alice: Client, alice: User) -> None:
    make_submission(lab, user=alice, created_at=AT.replace(hour=8))
    Reveal.objects.record(alice, lab, AT.replace(hour=9))
    make_submission(lab, user=alice, created_at=AT.replace(hour=10))
    assert words(as_alice, f"{LAB}history/").count(">after reveal<") == 1


def test_two_attempts_are_compared_line_by_line(lab: Lab, as_alice: Client, alice: User) -> None:
    old = make_submission(lab, "failed", user=alice, source="a = 1\nb = 2\n", created_at=AT.replace(hour=8))
    new = make_submission(lab, user=alice, source="a = 1\nb = <3>\n", created_at=AT.replace(hour=9))
    page = words(as_alice, f"{LAB}history/?before={old.uuid}&after={new.uuid}")
    assert re.search(r'<tr class="diff__removed">.*?removed.*?b = 2</td>', page)
    assert re.search(r'<tr class="diff__added">.*?added.*?b = &lt;3&gt;</td>', page)


def test_equal_attempts_say_so(lab: Lab, as_alice: Client, alice: User) -> None:
    one, two = make_submission(lab, user=alice), make_submission(lab, user=alice)
    assert "both attempts hold the same code" in words(as_alice, f"{LAB}history/?before={one.uuid}&after={two.uuid}")


def test_somebody_elses_attempt_cannot_be_compared(lab: Lab, as_alice: Client, alice: User, bob: User) -> None:
    mine, theirs = make_submission(lab, user=alice), make_submission(lab, user=bob)
    assert as_alice.get(f"{LAB}history/?before={mine.uuid}&after={theirs.uuid}").status_code == 404
    assert as_alice.get(f"{LAB}history/?before=nonsense&after={mine.uuid}").status_code == 404


def test_of_a_comparison_of_thousands_of_lines_the_rest_is_counted(lab: Lab, as_alice: Client, alice: User) -> None:
    old = make_submission(lab, user=alice, source="x\n" * 1_500)
    new = make_submission(lab, user=alice, source="y\n" * 1_501)
    page = words(as_alice, f"{LAB}history/?before={old.uuid}&after={new.uuid}")
    assert page.count("diff__removed") + page.count("diff__added") == 2_000
    assert "1001 more lines differ" in page


def test_an_empty_history_says_what_will_be_here(lab: Lab, as_alice: Client) -> None:
    assert "No attempts yet" in words(as_alice, f"{LAB}history/")


def test_the_history_of_a_visitor_is_that_of_the_trial_lab_alone(lab: Lab, settings: Settings) -> None:
    assert Client().get(f"{LAB}history/")["Location"].startswith("/accounts/login/")
    settings.TRIAL_LAB = lab.slug
    assert Client().get(f"{LAB}history/").status_code == 200


def test_the_history_takes_as_many_queries_for_fifty_attempts_as_for_one(
    lab: Lab, as_alice: Client, alice: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(50):
        make_submission(lab, user=alice)
    with django_assert_num_queries(4):  # the session, the user, the lab, the attempts
        as_alice.get(f"{LAB}history/")


def test_the_history_refuses_to_be_posted_to(lab: Lab, as_alice: Client) -> None:
    assert as_alice.post(f"{LAB}history/").status_code == 405


# The solution


def test_looking_at_the_page_of_the_solution_reveals_nothing(lab: Lab, as_alice: Client) -> None:
    page = words(as_alice, f"{LAB}solution/")
    assert "What it costs:" in page
    assert "the model answer" not in page
    assert not Reveal.objects.exists()


def test_asking_for_the_solution_shows_it_and_remembers_when(lab: Lab, as_alice: Client, alice: User) -> None:
    response = as_alice.post(f"{LAB}solution/", follow=True)
    assert "the model answer" in response.content.decode()
    assert SOLUTION.split("(")[0].split()[1] in response.content.decode()
    assert Reveal.objects.get().user == alice


def test_only_the_first_reveal_counts(lab: Lab, as_alice: Client) -> None:
    as_alice.post(f"{LAB}solution/")
    first: datetime = Reveal.objects.get().revealed_at
    as_alice.post(f"{LAB}solution/")
    assert Reveal.objects.get().revealed_at == first


def test_one_learners_reveal_shows_nothing_to_another(lab: Lab, as_alice: Client, as_bob: Client) -> None:
    as_alice.post(f"{LAB}solution/")
    assert "the model answer" not in words(as_bob, f"{LAB}solution/")


def test_who_has_passed_is_told_that_seeing_it_costs_nothing(lab: Lab, as_alice: Client, alice: User) -> None:
    make_submission(lab, user=alice)
    assert "costs nothing" in words(as_alice, f"{LAB}solution/")


def test_the_solution_is_not_for_visitors(lab: Lab, settings: Settings) -> None:
    settings.TRIAL_LAB = lab.slug
    assert Client().get(f"{LAB}solution/")["Location"].startswith("/accounts/login/")
    assert Client().post(f"{LAB}solution/")["Location"].startswith("/accounts/login/")
    assert not Reveal.objects.exists()


def test_revealing_without_the_token_of_the_page_is_refused(lab: Lab, alice: User) -> None:
    careful = Client(enforce_csrf_checks=True)
    careful.force_login(alice)
    assert careful.post(f"{LAB}solution/").status_code == 403


def test_the_solution_of_an_unknown_lab_is_not_found(as_alice: Client) -> None:
    assert as_alice.post("/labs/no-such-lab/solution/").status_code == 404
