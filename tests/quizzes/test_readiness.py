"""The forgetting curves of a whole deck: the same numbers as py-fsrs, and forecasts that behave as forecasts must."""

import datetime as dt
import inspect
from dataclasses import replace

import numpy as np
import pytest
from fsrs.scheduler import DEFAULT_PARAMETERS
from hypothesis import given
from hypothesis import strategies as st

from quizzes.readiness import (
    Candidate,
    CardTime,
    Deck,
    Effort,
    Row,
    choose,
    curve,
    fair_share,
    forecast,
    gain,
    in_turn,
    play,
)
from quizzes.readiness.choosing import KEPT_BACK, second_look
from quizzes.readiness.deck import learned, met_twice
from quizzes.readiness.future import looked_at
from quizzes.scheduling import Memory, Rating, Settings, State, StudyClock, next_state, retrievability

SITE = curve(DEFAULT_PARAMETERS)
UTC = StudyClock("UTC", 0)
START = dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC)
PLAIN = Settings(learning_steps_minutes=(), relearning_steps_minutes=(), fuzz=False)
EFFORT = Effort()
UNMET = Row(None, None, None)


def a_deck(cards: int = 60, *, met: int = 30, topics: int = 3) -> Deck:
    rng = np.random.default_rng(4)
    return Deck.of(
        Row(float(rng.gamma(2, 4)), float(rng.uniform(2, 8)), int(rng.integers(1, 9)), topic=card * topics // cards)
        if card < met
        else Row(None, None, None, topic=card * topics // cards)
        for card in range(cards)
    )


def test_one_card_is_the_same_number_as_py_fsrs_gives() -> None:
    """The whole history Good, Good, Again, Good on four days, rating by rating."""
    memory = Memory(due=START)
    stability, difficulty = SITE.first(Rating.GOOD)
    s, d = np.array([stability]), np.array([difficulty])
    day = 0
    for rating, gap in ((Rating.GOOD, 0), (Rating.GOOD, 2), (Rating.AGAIN, 9), (Rating.GOOD, 1)):
        day += gap
        at = START + dt.timedelta(days=day)
        before = memory
        memory = next_state(memory, rating, at, UTC, PLAIN, "")
        if before.state is not State.NEW:
            step = SITE.forgotten if rating is Rating.AGAIN else SITE.remembered
            s, d = step(s, d, np.array([float(gap)]))
        assert float(s[0]) == pytest.approx(memory.stability, rel=1e-9)
        assert float(d[0]) == pytest.approx(memory.difficulty, rel=1e-9)
    later = START + dt.timedelta(days=day + 5)
    assert float(SITE.recall(s, 5)[0]) == pytest.approx(retrievability(memory, later, UTC, PLAIN), rel=1e-9)


@given(
    stability=st.floats(0.1, 500),
    difficulty=st.floats(1, 10),
    elapsed=st.integers(1, 400),
    rating=st.sampled_from([Rating.AGAIN, Rating.GOOD]),
)
def test_any_card_is_the_same_number_as_py_fsrs_gives(
    stability: float, difficulty: float, elapsed: int, rating: Rating
) -> None:
    last = START.date()
    memory = Memory(START, State.REVIEW, None, stability, difficulty, START, last, last, 1, 0)
    after = next_state(memory, rating, START + dt.timedelta(days=elapsed), UTC, PLAIN, "")
    step = SITE.forgotten if rating is Rating.AGAIN else SITE.remembered
    s, d = step(np.array([stability]), np.array([difficulty]), np.array([float(elapsed)]))
    assert float(s[0]) == pytest.approx(after.stability, rel=1e-9)
    assert float(d[0]) == pytest.approx(after.difficulty, rel=1e-9)
    interval = SITE.interval(s, 0.9, 36_500)
    if rating is Rating.GOOD:
        assert int(interval[0]) == after.interval_days


@pytest.mark.parametrize("known", [True, False])
def test_a_new_card_ends_its_first_day_as_the_steps_end_it(known: bool) -> None:
    settings = Settings(fuzz=False)
    memory = Memory(due=START)
    ratings = [Rating.GOOD, Rating.GOOD] if known else [Rating.AGAIN, Rating.GOOD, Rating.GOOD]
    for minute, rating in enumerate(ratings):
        memory = next_state(memory, rating, START + dt.timedelta(minutes=minute), UTC, settings, "")
    assert memory.state is State.REVIEW
    stability, difficulty = learned(SITE, known=known)
    assert float(stability) == pytest.approx(memory.stability, rel=1e-9)
    assert float(difficulty) == pytest.approx(memory.difficulty, rel=1e-9)


def test_a_card_never_met_is_not_recalled_and_a_stable_one_is() -> None:
    deck = Deck.of([UNMET, Row(1000.0, 3.0, 1)])
    assert deck.recall(SITE).tolist() == [0.0, pytest.approx(1.0, abs=1e-3)]


def test_nothing_is_gained_by_a_card_seen_today_and_most_by_one_never_met() -> None:
    deck = Deck.of([Row(5.0, 5.0, 0), Row(5.0, 5.0, 5), UNMET])
    adds = gain(deck, SITE, 10, EFFORT).recall
    assert adds[0] == 0
    assert 0 < adds[1] < adds[2]


def test_the_days_cards_fit_into_its_time_and_new_ones_come_in_teaching_order() -> None:
    deck = a_deck()
    seconds, chosen = choose(deck, SITE, 10, EFFORT, CardTime(400.0), later=4000.0)
    assert seconds[chosen].sum() <= 400
    assert chosen.sum() > 5
    fresh = np.flatnonzero(chosen & ~deck.met)
    assert fresh.tolist() == list(range(30, 30 + len(fresh)))


def test_the_last_day_meets_nothing_new() -> None:
    deck = a_deck()
    _, chosen = choose(deck, SITE, 1, EFFORT, CardTime(9999.0, new=False, last=True))
    assert not (chosen & ~deck.met).any()
    assert (chosen == deck.met).all()


def test_second_looks_for_which_later_days_leave_no_time_come_first() -> None:
    """Twenty cards seen once, none of them due, and time for five on all the days after this one."""
    deck = Deck.of([*(Row(5.0, 5.0, 2, due=3, once=True) for _ in range(20)), UNMET])
    look = second_look(EFFORT)
    _, chosen = choose(deck, SITE, 5, EFFORT, CardTime(16 * look), later=5 * look / KEPT_BACK)
    assert (chosen[:20].sum(), chosen[20]) == (15, False)
    _, rested = choose(deck, SITE, 5, EFFORT, CardTime(16 * look + EFFORT.new), later=100 * look)
    assert rested.tolist() == [False] * 20 + [True]


def test_no_more_is_met_than_can_be_shown_again() -> None:
    deck, look = Deck.of([UNMET] * 50), second_look(EFFORT)
    for later, shown in ((10 * look, 9), (1000 * look, 50)):
        _, chosen = choose(deck, SITE, 9, EFFORT, CardTime(9999.0), later=later)
        assert chosen.sum() == shown


def test_siblings_wait_for_each_other_so_only_one_of_them_has_been_shown_again_today() -> None:
    """Of two cards cut from one question and due today one is left for later; there is no time for another as well."""
    look = second_look(EFFORT)
    deck = Deck.of([Row(5.0, 5.0, 9, due=0, once=True, kin=1), Row(5.0, 5.0, 9, due=0, once=True, kin=1), UNMET])
    _, chosen = choose(deck, SITE, 9, EFFORT, CardTime(999.0), later=1.9 * look / KEPT_BACK)
    assert (chosen[:2].sum(), chosen[2]) == (1, False)
    _, chosen = choose(deck, SITE, 9, EFFORT, CardTime(999.0), later=2.1 * look / KEPT_BACK)
    assert chosen[2]


def test_what_is_due_comes_before_anything_new_and_what_is_sure_rests() -> None:
    deck = Deck.of([UNMET, Row(5.0, 5.0, 9, due=0), Row(50.0, 5.0, 1, due=8), Row(1.0, 5.0, 4, due=1)])
    chosen = [choose(deck, SITE, 9, EFFORT, CardTime(time), later=9999.0)[1].tolist() for time in (20.0, 39.0, 999.0)]
    assert chosen == [
        [False, True, False, False],
        [True, True, False, False],
        [True, True, False, True],
    ]


def test_where_time_is_short_a_third_look_waits_for_what_adds_more() -> None:
    """A due card seen on two days adds less in a second than a new one does; one that is nearly forgotten adds more,
    and who was seen on one day only was promised to come back."""
    third, forgotten, second = (
        Row(20.0, 5.0, 30, due=0),
        Row(10.0, 5.0, 5000, due=0),
        Row(20.0, 5.0, 30, due=0, once=True),
    )
    deck = Deck.of([third, forgotten, second, *[UNMET] * 50])
    time = CardTime(EFFORT.new * 10)
    _, chosen = choose(deck, SITE, 9, EFFORT, time, later=1000.0)
    assert (chosen[:3].tolist(), chosen[3:].sum()) == ([False, True, True], 9)
    _, chosen = choose(deck, SITE, 9, EFFORT, time, later=9999.0)
    assert chosen[:3].all()


def test_what_a_card_met_twice_is_worth_is_what_comes_of_looking_twice() -> None:
    rng, ahead = np.random.default_rng(5), 13
    deck, every = Deck.of([UNMET] * 4000), np.ones(4000, bool)
    deck = looked_at(deck, SITE, every, EFFORT, rng, longest=ahead)
    deck = replace(deck, elapsed=deck.elapsed + ahead // 2 - 1)
    deck = looked_at(deck, SITE, every, EFFORT, rng, longest=ahead)
    recall = deck.recall(SITE, ahead - ahead // 2 - 1)
    assert met_twice(SITE, ahead, EFFORT) == pytest.approx(recall.mean(), abs=4 * recall.std() / 4000**0.5)


def test_siblings_never_come_on_one_day() -> None:
    deck = Deck.of(
        [
            *(Row(None, None, None, kin=1) for _ in range(3)),
            Row(5.0, 5.0, 9, kin=2),
            Row(5.0, 5.0, 0, kin=3),
            Row(None, None, None, kin=3),
            Row(None, None, None, kin=2),
        ]
    )
    _, chosen = choose(deck, SITE, 9, EFFORT, CardTime(9999.0), later=9999.0)
    assert np.flatnonzero(chosen).tolist() == [0, 3]


@pytest.mark.parametrize("minutes", [4, 10, 30])
@pytest.mark.parametrize("siblings", [1, 3])
def test_every_card_that_is_met_is_met_again(minutes: int, siblings: int) -> None:
    """In every future: no card was seen on one day only, whether there is time for all cards or for few."""
    rows = [Row(None, None, None, kin=card // siblings) for card in range(240)]
    days = [CardTime(60.0 * minutes, new=day < 13, last=day == 13) for day in range(14)]
    deck, rng = Deck.of(rows), np.random.default_rng(5)
    for number, time in enumerate(days):
        later = sum(day.seconds for day in days[number + 1 :])
        _, chosen = choose(deck, SITE, 14 - number, EFFORT, time, later)
        deck = looked_at(deck, SITE, chosen, EFFORT, rng, longest=13 - number)
    assert deck.met.sum() > 20
    assert not (deck.met & deck.once).any()


def test_the_first_day_is_the_same_in_every_future_and_can_be_given() -> None:
    deck, days = a_deck(), [CardTime(300.0)] * 6
    future = play(deck, SITE, days, EFFORT, np.random.default_rng(2))
    assert future.today.tolist() == choose(deck, SITE, 6, EFFORT, days[0], 1500.0)[1].tolist()
    given = np.arange(60) == 45
    other = play(deck, SITE, days, EFFORT, np.random.default_rng(2), today=given)
    assert other.today.tolist() == given.tolist()
    assert (other.new[0], other.again[0], other.seconds[0]) == (1.0, 0.0, EFFORT.new)


def test_every_group_gives_the_same_share_and_one_of_double_weight_twice_as_much() -> None:
    cards = [Candidate((group, n), group, 1.0, 1.0) for group, size in (("a", 40), ("b", 20)) for n in range(size)]
    taken = fair_share(cards, 30)
    assert [sum(group == name for group, _ in taken) for name in "ab"] == [20, 10]
    assert taken == fair_share(cards)[:30]
    double = [Candidate(one.key, one.group, 2.0 if one.group == "b" else 1.0, 1.0) for one in cards]
    assert [sum(group == name for group, _ in fair_share(double, 30)) for name in "ab"] == [15, 15]


def test_what_is_surely_met_comes_in_teaching_order_and_the_rest_in_turn() -> None:
    cards = [Candidate(n, n // 10, 2.0 if n >= 10 else 1.0, 1.0) for n in range(20)]
    order = in_turn(cards, 10)
    assert order[:7] == [0, 1, 10, 11, 12, 13, 14]
    assert order[7:10] == [2, 15, 16]
    assert sorted(order) == list(range(20))


def test_what_is_needed_is_taken_too_and_what_is_done_costs_nothing() -> None:
    labs = [
        Candidate("lstm", "r", 1.0, 25, ("cell",)),
        Candidate("cell", "r", 1.0, 15),
        Candidate("done", "r", 1.0, 0),
        Candidate("scan", "m", 1.0, 35, ("cell", "not offered")),
        Candidate("nothing", "x", 0.0, 1),
    ]
    assert fair_share(labs, 40) == ["done", "cell", "lstm"]
    assert fair_share(labs, 60) == ["done", "cell", "lstm"]
    assert fair_share(labs, 75) == ["done", "cell", "lstm", "scan"]
    assert fair_share(labs, 20) == ["done", "cell"]


def test_more_time_never_makes_anyone_less_ready() -> None:
    deck = a_deck(200, met=80)
    shares = [
        forecast(
            deck, SITE, [CardTime(60.0 * minutes)] * 10, EFFORT, np.random.default_rng(1), paths=16
        ).all.followed.mean
        for minutes in (0, 5, 15, 60)
    ]
    assert shares == sorted(shares)
    assert shares[-1] > shares[0] + 0.2


def test_without_any_time_the_forecast_is_that_of_doing_nothing() -> None:
    found = forecast(a_deck(), SITE, [CardTime(0.0)] * 7, EFFORT, np.random.default_rng(1)).all
    assert found.followed.mean == pytest.approx(found.rested)
    assert found.followed.low < found.followed.mean < found.followed.high


def test_topics_add_up_to_the_whole() -> None:
    found = forecast(a_deck(), SITE, [CardTime(600.0)] * 7, EFFORT, np.random.default_rng(1))
    assert sum(topic.cards for topic in found.topics) == found.all.cards == 60
    assert sum(topic.cards * topic.now for topic in found.topics) == pytest.approx(60 * found.all.now)
    assert all(topic.hour_adds > 0 for topic in found.topics)


def test_an_empty_deck_has_a_forecast_of_nothing() -> None:
    found = forecast(Deck.of([]), SITE, [CardTime(600.0)] * 3, EFFORT, np.random.default_rng(1))
    assert found.topics == ()
    assert (found.all.cards, found.all.followed.mean) == (0, 0.0)


def test_the_forecast_of_the_model_itself_is_right_on_average() -> None:
    """Play a deck many times: the mean over paths is the share recalled in simulated truth within sampling error."""
    deck, days = a_deck(300, met=150), [CardTime(300.0)] * 6
    future = play(deck, SITE, days, EFFORT, np.random.default_rng(2), paths=64)
    other = play(deck, SITE, days, EFFORT, np.random.default_rng(3), paths=64)
    assert future.recall.mean() == pytest.approx(other.recall.mean(), abs=0.01)
    assert (future.seconds <= 300).all()


def test_dice_are_passed_in() -> None:
    again = [
        forecast(a_deck(), SITE, [CardTime(600.0)] * 7, EFFORT, np.random.default_rng(1)).all.followed for _ in range(2)
    ]
    assert again[0] == again[1]
    assert "rng" in inspect.signature(forecast).parameters
