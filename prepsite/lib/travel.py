"""A learner's rows as they travel from one site to another: one JSON object a row, keys by their meaning.

Numbers of rows mean something in one database alone, so a row names what it refers to: a flashcard by its id, a lab by
its slug. Coming in, rows are taken in batches, and one that is here already is left as it is.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, cast

from django.core.exceptions import ValidationError
from django.db.models import BinaryField, Field, Model, QuerySet

_AT_A_TIME = 500  # rows held in memory
Values = dict[str, Any]


@dataclass(frozen=True)
class Table:
    """One kind of row. `rows(user)` are the learner's, parents before what hangs on them.

    `links` says by which attribute a foreign key names its target: {"flashcard": "uuid"}. `identity` are the columns
    and links by which a row is known anywhere, `single` those of which a learner has one row only. `owner` is the
    column that holds the learner; None where a parent does, which `within` then names. `left_out` are columns that
    stay at home; `complete(row)` computes them. `proof(rows)` says in sentences what is wrong with rows that came in.
    `at_a_time` rows are held in memory.
    """

    name: str
    model: type[Model]
    rows: Callable[[Model], QuerySet[Any]]
    links: Mapping[str, str] = field(default_factory=dict)
    identity: Sequence[str] = ("uuid",)
    single: Sequence[str] = ()
    owner: str | None = "user"
    within: str = ""
    left_out: frozenset[str] = frozenset()
    complete: Callable[[Any], None] = lambda row: None
    proof: Callable[[QuerySet[Any]], Iterator[str]] | None = None
    at_a_time: int = _AT_A_TIME

    @property
    def columns(self) -> list["Field[Any, Any]"]:
        fields = self.model._meta.concrete_fields
        return [one for one in fields if not one.primary_key and not one.is_relation and one.name not in self.left_out]


def leaving(table: Table, user: Model) -> Iterator[Values]:
    """The learner's rows as plain values, one by one."""
    columns = table.columns
    for row in table.rows(user).select_related(*table.links).order_by("pk").iterator(chunk_size=table.at_a_time):
        values: Values = {name: _named(row, name, key) for name, key in table.links.items()}
        yield values | {column.name: _value(column, row) for column in columns}


def _value(column: "Field[Any, Any]", row: Model) -> Any:
    """Bytes travel in base64, as Django's own column writes and reads them."""
    return column.value_to_string(row) if isinstance(column, BinaryField) else column.value_from_object(row)


def _named(row: Model, link: str, key: str) -> Any:
    target = getattr(row, link)
    return getattr(target, key) if target is not None else None


@dataclass
class Arrival:
    """What became of a table's rows: the keys of new ones, how many were known, and a sentence for each left out."""

    made: set[int] = field(default_factory=set)
    known: int = 0
    problems: list[str] = field(default_factory=list)


class Landing:
    """Takes the rows of several tables in, parents first, for one learner; within a transaction of the caller's."""

    def __init__(self, user: Model) -> None:
        self.user = user
        self.arrivals: dict[str, Arrival] = {}
        self._made_of: dict[type[Model], set[int]] = {}

    def take(self, table: Table, rows: Iterable[Values]) -> Arrival:
        """Write the rows that are not here yet. Never raises for what a row holds: its problem is listed."""
        arrival = self.arrivals.setdefault(table.name, Arrival())
        self._made_of.setdefault(table.model, arrival.made)
        numbered = iter(enumerate(rows, 1))
        batch: list[tuple[int, Values]] = []
        while more := list(islice(numbered, table.at_a_time)):
            for number, values in more:
                # A row may hang on one of its own table, such as an undo on its rating: that one is written first.
                if self._hangs_on(table, values, batch):
                    self._write(table, batch, arrival)
                    batch = []
                batch.append((number, values))
            self._write(table, batch, arrival)
            batch = []
        return arrival

    def _hangs_on(self, table: Table, values: Values, batch: list[tuple[int, Values]]) -> bool:
        own = [link for link in table.links if _target(table, link) is table.model and values.get(link)]
        return any(values[link] == other.get(table.links[link]) for link in own for _, other in batch)

    def _write(self, table: Table, batch: list[tuple[int, Values]], arrival: Arrival) -> None:
        if not batch:
            return
        targets = {link: self._targets(table, link, [values for _, values in batch]) for link in table.links}
        rows: dict[tuple[str, ...], Model] = {}
        for number, values in batch:
            try:
                row = self._row(table, values, targets)
            except ValidationError as error:
                arrival.problems += [f"{table.name}, row {number}: {message}" for message in error.messages[:3]]
                continue
            if row is not None:
                rows[_identity(table, row)] = row
        known = self._known(table, list(rows.values()))
        arrival.known += len(known & rows.keys())
        fresh = [row for identity, row in rows.items() if identity not in known]
        fresh = self._alone(table, fresh, arrival)
        for row in table.model._default_manager.bulk_create(fresh):
            arrival.made.add(row.pk)

    def _targets(self, table: Table, link: str, rows: list[Values]) -> dict[str, int]:
        key, model = table.links[link], _target(table, link)
        names = {name for values in rows if isinstance(name := values.get(link), str)}
        column: Any = model._meta.get_field(key)
        wanted = []
        for name in names:
            try:
                wanted.append(column.to_python(name))
            except ValidationError:
                continue
        found = model._default_manager.filter(**{f"{key}__in": wanted}).values_list(key, "pk")
        return {str(name): pk for name, pk in found}

    def _row(self, table: Table, values: Values, targets: Mapping[str, Mapping[str, int]]) -> Model | None:
        """The row, not saved; None if it hangs on a parent that was here already or was left out itself."""
        row = table.model()
        for link in table.links:
            name = values.get(link)
            pk = targets[link].get(str(name)) if name is not None else None
            if link == table.within and pk not in self._made_of.get(_target(table, link), set()):
                return None
            if name is not None and pk is None:
                target = _target(table, link)._meta.verbose_name
                raise ValidationError(f"there is no {target} “{str(name)[:80]}” on this site.")
            setattr(row, _attribute(table, link), pk)
        if table.owner:
            setattr(row, table.owner, self.user)
        for column in table.columns:
            if column.name in values:
                setattr(row, column.attname, _clean(column, values[column.name], row))
            elif not column.has_default() and not column.blank:
                raise ValidationError(f"“{column.name}” is missing.")
        table.complete(row)
        return row

    def _known(self, table: Table, rows: list[Model]) -> set[tuple[str, ...]]:
        """The identities that are here already, whoever they belong to. Raises AnothersRow for another learner's."""
        first = table.identity[0]
        values = [getattr(row, _attribute(table, first)) for row in rows]
        here = table.model._default_manager.filter(**{f"{_attribute(table, first)}__in": values})
        if table.owner and table.identity != ("uuid",):
            here = here.filter(**{table.owner: self.user})
        found = list(here)
        if table.owner and any(getattr(row, f"{table.owner}_id") != self.user.pk for row in found):
            raise AnothersRow("What is in this file belongs to another account on this site.")
        return {_identity(table, row) for row in found}

    def _alone(self, table: Table, rows: list[Model], arrival: Arrival) -> list[Model]:
        """Without those of which the learner has another here: that one stays."""
        if not table.single or not rows:
            return rows
        attributes = [_attribute(table, name) for name in table.single]
        mine = table.model._default_manager.filter(**{str(table.owner): self.user})
        here = {tuple(values) for values in mine.values_list(*attributes)}
        alone = [row for row in rows if tuple(getattr(row, name) for name in attributes) not in here]
        if number := len(rows) - len(alone):
            arrival.problems.append(f"{table.name}: {number} left out, as you have your own of them here already.")
        return alone

    def faults(self, tables: Iterable[Table]) -> Iterator[str]:
        """What the tables' own proofs find wrong with the rows that came in."""
        for table in tables:
            made = sorted(self.arrivals[table.name].made) if table.name in self.arrivals else []
            for start in range(0, len(made) if table.proof else 0, _AT_A_TIME):
                assert table.proof
                yield from table.proof(table.model._default_manager.filter(pk__in=made[start : start + _AT_A_TIME]))


def _clean(column: "Field[Any, Any]", value: Any, row: Model) -> Any:
    """The value as the column holds it. Forms call an empty value missing, rows need not. Raises ValidationError."""
    try:
        value = column.to_python(value)
    except ValueError as error:  # base64 that is none
        raise ValidationError(f"“{column.name}” cannot be read.") from error
    if value in column.empty_values and (value is not None or column.null):
        return value
    try:
        return column.clean(value, row)
    except ValidationError as error:
        raise ValidationError([f"“{column.name}”: {message}" for message in error.messages]) from error


class AnothersRow(Exception):  # noqa: N818 - it says whose it is
    """A row of this identity belongs to somebody else."""


def _target(table: Table, link: str) -> type[Model]:
    return cast("type[Model]", table.model._meta.get_field(link).related_model)


def _attribute(table: Table, name: str) -> str:
    column: Any = table.model._meta.get_field(name)
    return str(column.attname)


def _identity(table: Table, row: Model) -> tuple[str, ...]:
    return tuple(str(getattr(row, _attribute(table, name))) for name in table.identity)
