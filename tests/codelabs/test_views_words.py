"""Slugs as words."""

import pytest

from codelabs.views.result import words_of


@pytest.mark.parametrize(
    ("slug", "words"),
    [
        ("recurrent-networks", "Recurrent networks"),
        ("lstm-gates-permuted", "LSTM gates permuted"),
        ("why-gru", "Why GRU"),
    ],
)
def test_a_slug_is_read_as_words_with_abbreviations_in_capitals(slug: str, words: str) -> None:
    assert words_of(slug) == words
