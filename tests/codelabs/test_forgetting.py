"""Visitors' submissions: found by an index, and removed when they are old."""

import io
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from codelabs.forgetting import forget_visitors
from codelabs.models import Submission
from prepsite.accounts.models import User
from tests.codelabs.rows import AT, make_lab, make_submission

pytestmark = pytest.mark.django_db


def test_what_visitors_sent_long_ago_is_removed_and_nothing_else(alice: User) -> None:
    lab = make_lab()
    make_submission(lab, visitor="old", created_at=AT - timedelta(seconds=1))
    kept = [make_submission(lab, visitor="new"), make_submission(lab, user=alice, created_at=AT - timedelta(days=999))]
    assert forget_visitors(AT) == 1
    assert forget_visitors(AT) == 0
    assert list(Submission.objects.order_by("pk")) == kept


def test_the_command_keeps_thirty_days_unless_told_otherwise() -> None:
    lab = make_lab()
    for days in (10, 29, 31):
        make_submission(lab, visitor="v", created_at=timezone.now() - timedelta(days=days))
    out = io.StringIO()
    call_command("forget_visitors", stdout=out)
    call_command("forget_visitors", "--days", "11", stdout=out)
    assert out.getvalue() == "Removed 1 submission of visitors.\n" * 2
    assert Submission.objects.count() == 1


@pytest.mark.parametrize("days", ["-1", "soon", "99999999999"])
def test_the_command_refuses_what_is_no_number_of_days(days: str) -> None:
    make_submission(make_lab(), visitor="v")
    with pytest.raises(CommandError):
        call_command("forget_visitors", f"--days={days}")
    assert Submission.objects.exists()


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL chooses by the size of the table")
def test_a_visitors_submissions_are_found_by_an_index() -> None:
    assert "visitor_history" in Submission.objects.for_visitor("session-key").explain()
