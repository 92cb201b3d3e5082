"""What loading did with what: counted while it runs, told when it is done."""

from dataclasses import dataclass, field, fields


@dataclass(frozen=True)
class Summary:
    """Names such as "question rnn-weights-shared". `kept` were edited in the admin and differ from their files."""

    created: tuple[str, ...] = ()
    updated: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    retired: tuple[str, ...] = ()

    def __add__(self, other: "Summary") -> "Summary":
        return Summary(*(getattr(self, one.name) + getattr(other, one.name) for one in fields(self)))

    def of_kind(self, kind: str) -> "Summary":
        """The same with names that begin with what they are names of."""
        return Summary(*(tuple(f"{kind} {name}" for name in getattr(self, one.name)) for one in fields(self)))


@dataclass
class Tally:
    """What a store has done so far."""

    created: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    retired: list[str] = field(default_factory=list)

    def summary(self) -> Summary:
        return Summary(**{name: tuple(names) for name, names in vars(self).items()})
