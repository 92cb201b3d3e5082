"""Times as people say them."""

from datetime import timedelta

import pytest

from codelabs.templatetags.ago import ago
from tests.codelabs.rows import AT


@pytest.mark.parametrize(
    ("passed", "said"),
    [
        (timedelta(seconds=20), "just now"),
        (timedelta(minutes=1), "1\xa0minute ago"),
        (timedelta(minutes=91), "1\xa0hour ago"),
        (timedelta(days=15), "2\xa0weeks ago"),
        (timedelta(seconds=-5), "just now"),  # two clocks may differ a little
    ],
)
def test_a_time_is_told_by_its_largest_unit(passed: timedelta, said: str) -> None:
    assert ago(AT, AT + passed) == said
