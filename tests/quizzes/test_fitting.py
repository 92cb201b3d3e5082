"""Weights fitted to a learner's own log, and when they are kept."""

import numpy as np
import pytest
from fsrs.scheduler import DEFAULT_PARAMETERS, LOWER_BOUNDS_PARAMETERS, UPPER_BOUNDS_PARAMETERS

from quizzes.fitting import Log, TooFewReviews, bins, find, moving_average, predictions, score
from quizzes.fitting.model import loss_and_gradient
from quizzes.fitting.optimiser import fit, place_of, weights_at
from quizzes.scheduling import Memory, Settings, next_state, retrievability
from tests.quizzes.simulated import UTC, forgetful, history

WEIGHTS = np.array(DEFAULT_PARAMETERS)


def log_of(days: int, new_a_day: int, seed: int, learner: Settings, **bent: object) -> Log:
    given = history(days, new_a_day, np.random.default_rng(seed), learner, **bent)  # type: ignore[arg-type]
    return Log.of((one.card, UTC.day(one.at).toordinal(), one.rating) for one in given)


@pytest.fixture(scope="module")
def log() -> Log:
    return log_of(40, 3, 1, forgetful())


class TestFolding:
    def test_predicts_what_the_scheduler_predicts(self) -> None:
        learner = forgetful()
        given = list(history(40, 2, np.random.default_rng(2), learner))
        found = predictions(
            Log.of((one.card, UTC.day(one.at).toordinal(), one.rating) for one in given), np.array(learner.weights)
        )
        expected = []
        for card in sorted({one.card for one in given}):
            memory = Memory(due=given[0].at)
            for one in (one for one in given if one.card == card):
                expected.append(retrievability(memory, one.at, UTC, learner) if memory.stability else np.nan)
                memory = next_state(memory, one.rating, one.at, UTC, learner, "")
        np.testing.assert_allclose(found, expected, rtol=1e-9)

    def test_gives_the_gradient_that_differences_give(self, log: Log) -> None:
        weights = WEIGHTS * 1.07
        _, gradient = loss_and_gradient(log, weights, log.tested)
        for number, slope in enumerate(gradient):
            step = 1e-6 * max(1, weights[number])
            above, below = weights.copy(), weights.copy()
            above[number] += step
            below[number] -= step
            numeric = (loss_and_gradient(log, above, log.tested)[0] - loss_and_gradient(log, below, log.tested)[0]) / (
                2 * step
            )
            assert slope == pytest.approx(numeric, rel=1e-3, abs=1e-3), f"weight {number}"

    def test_counts_a_clock_that_went_back_as_the_day_before_it(self) -> None:
        log = Log.of([(7, 100, 3), (3, 100, 3), (7, 90, 3), (7, 101, 3)])
        assert log.card.tolist() == [3, 7, 7, 7]
        assert log.elapsed.tolist() == [0, 0, 0, 1]

    def test_looks_at_the_first_of_ten_thousand_ratings_of_one_card_only(self) -> None:
        assert len(Log.of((1, day, 3) for day in range(10_000))) == 256

    def test_holds_nothing_without_ratings(self) -> None:
        assert len(predictions(Log.of([]), WEIGHTS)) == 0


class TestWeights:
    def test_stay_at_the_defaults_where_the_log_says_nothing(self) -> None:
        assert fit(Log.of([(1, 1, 3)])).tolist() == WEIGHTS.tolist()

    def test_lie_within_the_bounds_whatever_the_log_says(self) -> None:
        log = Log.of((card, day, 1) for day in range(0, 400, 10) for card in range(50))
        weights = fit(log)
        assert (np.array(LOWER_BOUNDS_PARAMETERS) <= weights).all()
        assert (weights <= np.array(UPPER_BOUNDS_PARAMETERS)).all()
        Settings(parameters=tuple(map(float, weights)))

    def test_and_places_are_two_names_of_the_same(self) -> None:
        place = np.linspace(-0.3, 0.3, 21)
        place[7] = 0.3  # below it would meet a bound
        np.testing.assert_allclose(place_of(weights_at(place)), place)

    def test_come_from_as_many_rounds_as_there_is_time_for(self, log: Log) -> None:
        asked = iter([False, True])
        early = fit(log, lambda: next(asked))
        assert early.tolist() != fit(log).tolist()


class TestFinding:
    def test_recovers_a_known_learner_well_enough_to_beat_both(self) -> None:
        learner = forgetful()
        log = log_of(110, 5, 3, learner)
        found = find(log)
        assert found.is_worth_keeping
        truth = score(predictions(log, np.array(learner.weights))[log.tested], log.recalled[log.tested])
        ours = score(predictions(log, np.array(found.weights))[log.tested], log.recalled[log.tested])
        theirs = score(predictions(log, WEIGHTS)[log.tested], log.recalled[log.tested])
        assert ours.log_loss - truth.log_loss < 0.2 * (theirs.log_loss - truth.log_loss)

    def test_is_made_from_earlier_reviews_and_judged_by_later_ones(self) -> None:
        log = log_of(60, 5, 4, forgetful())
        found = find(log)
        assert found.reviews == log.tested.sum()
        assert 0.1 < found.held_out / found.reviews <= 0.2
        later = np.sort(log.day[log.tested])[-found.held_out]
        changed = Log(log.card, log.day, np.where(log.day >= later, 5 - log.rating, log.rating), log.place, log.turn)
        assert find(changed).weights == found.weights, "what was held out has no part in the fit"

    def test_refuses_a_fit_that_a_moving_average_beats(self) -> None:
        """Good and bad fortnights, whatever the card: no memory model can know, and the reviews just before do."""
        log = log_of(100, 4, 5, Settings(fuzz=False), recalls=lambda day, _: 0.97 if day // 14 % 2 else 0.45)
        found = find(log)
        assert not found.beats_average
        assert not found.is_worth_keeping

    def test_refuses_too_few_reviews(self) -> None:
        with pytest.raises(TooFewReviews, match="400") as refusal:
            find(log_of(20, 3, 6, forgetful()))
        assert refusal.value.reviews < 400

    def test_refuses_reviews_of_which_none_can_be_held_out(self) -> None:
        with pytest.raises(TooFewReviews):
            find(Log.of((card, day, 3) for day in (1, 2) for card in range(500)))


class TestCalibration:
    def test_bins_say_what_was_predicted_and_what_happened(self) -> None:
        found = bins(np.array([0.1, 0.92, 0.94, 1.0]), np.array([False, True, False, True]))
        assert [(one.low, one.high, one.reviews, one.recalled) for one in found] == [
            (0.0, 0.5, 1, 0.0),
            (0.9, 0.95, 2, 0.5),
            (0.95, 1.0, 1, 1.0),
        ]
        assert found[1].predicted == pytest.approx(0.93)

    def test_scores_are_the_known_ones(self) -> None:
        found = score(np.array([0.5, 0.9]), np.array([True, False]))
        assert found.log_loss == pytest.approx((np.log(2) + np.log(10)) / 2)
        assert found.brier == pytest.approx((0.25 + 0.81) / 2)

    def test_the_moving_average_follows_the_reviews_before_and_never_sees_its_own(self) -> None:
        found = moving_average(np.array([True] * 50 + [False] * 50))
        assert found[0] == pytest.approx(1 / (1 + np.exp(-1.2)))
        assert found[50] > 0.9 > 0.5 > found[99]
