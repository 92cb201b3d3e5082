"""What is wrong with a piece of content, and where: every check of content answers with a list of these."""

from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Problem:
    """One thing to mend. `line` counts from 1; 0 means the file as a whole."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}" if self.line else f"{self.file}: {self.message}"


class Unreadable(ValueError):  # noqa: N818 - it is a file that is unreadable
    """Files below the root cannot be read, or stand in the way, so that writing might lose what they hold."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


class Taken(ValueError):  # noqa: N818 - said to the author
    """A row that loading must leave alone has the slug or number that another one is to get."""
