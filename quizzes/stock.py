"""What there is to ask: how many published questions of each topic, level and type, counted in one query."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

from django.db.models import Count

from quizzes.beginning import Filters
from quizzes.models import Question, Topic
from quizzes.models.question import Kind, Level


@dataclass(frozen=True)
class Offer:
    """One thing to tick on the form, with the number of questions behind it."""

    value: str
    label: str
    count: int
    chosen: bool


@dataclass(frozen=True)
class Fit:
    """`count` questions fit, `wanted` were asked for."""

    count: int
    wanted: int

    @property
    def fewer(self) -> bool:
        return 0 < self.count < self.wanted


@dataclass(frozen=True)
class Stock:
    """Counts by (topic slug, level, kind)."""

    counts: Counter[tuple[str, str, str]]

    @classmethod
    def now(cls) -> "Stock":
        rows = Question.objects.published().order_by().values_list("topic__slug", "level", "kind")
        return cls(Counter({(topic, level, kind): n for topic, level, kind, n in rows.annotate(n=Count("pk"))}))

    def fit(self, filters: Filters) -> Fit:
        count = sum(
            n
            for (topic, level, kind), n in self.counts.items()
            if (not filters.topics or topic in filters.topics)
            and (not filters.levels or level in filters.levels)
            and (not filters.kinds or kind in filters.kinds)
        )
        return Fit(count, filters.number)

    def why_nothing_fits(self, filters: Filters) -> str:
        """A plain sentence that names the filter whose removal would help, if a single one would."""
        if not self.counts:
            return "There are no questions here yet."
        looser = {
            "topic": Filters(levels=filters.levels, kinds=filters.kinds),
            "level": Filters(topics=filters.topics, kinds=filters.kinds),
            "type": Filters(topics=filters.topics, levels=filters.levels),
        }
        helping = [f"{n} with any {name}" for name, one in looser.items() if (n := self.fit(one).count)]
        hint = f" There would be {', or '.join(helping)}." if helping else ""
        return f"No question fits these topics, levels and types together.{hint}"

    def by_topic(self, topics: Iterable[Topic], chosen: Collection[str]) -> list[Offer]:
        return self._offers(((one.slug, one.title) for one in topics), chosen, lambda key: key[0])

    def by_level(self, chosen: Collection[str]) -> list[Offer]:
        return self._offers(((one.value, str(one.label)) for one in Level), chosen, lambda key: key[1])

    def by_kind(self, chosen: Collection[str]) -> list[Offer]:
        return self._offers(((one.value, str(one.label)) for one in Kind), chosen, lambda key: key[2])

    def _offers(
        self,
        labelled: Iterable[tuple[str, str]],
        chosen: Collection[str],
        part: Callable[[tuple[str, str, str]], str],
    ) -> list[Offer]:
        totals: Counter[str] = Counter()
        for key, n in self.counts.items():
            totals[part(key)] += n
        return [Offer(value, label, totals[value], value in chosen) for value, label in labelled]
