"""The parser of searches: "or" binds weakest, then words side by side (or "and"), then "-" or "not"."""

import re

from quizzes.searching.terms import (
    DEEPEST,
    FIELDS,
    FLAGS,
    KINDS,
    LEVELS,
    LONGEST,
    MOST_TERMS,
    NUMBERS,
    OPERATORS,
    RATINGS,
    STATES,
    WHOLE,
    And,
    BadSearch,
    Field,
    Not,
    Or,
    Search,
    Text,
)
from quizzes.searching.tokens import Token, tokens

_NUMBER = re.compile(r"-?\d{1,6}(\.\d{1,4})?")
_RATED = re.compile(r"\d{1,4}")
_CHOICES = {"level": LEVELS, "kind": KINDS, "is": tuple(STATES), "flag": tuple(FLAGS)}


def parse(search: str) -> Search:
    """The tree of a search; an empty one finds everything. Raises BadSearch."""
    if len(search) > LONGEST:
        raise BadSearch(f"A search has at most {LONGEST} characters.", search, LONGEST)
    if "\0" in search:
        raise BadSearch("A search consists of text.", search, search.index("\0"))
    return _Parser(search).everything()


class _Parser:
    def __init__(self, search: str) -> None:
        self.search = search
        self.tokens = list(tokens(search))
        self.here = 0
        self.terms = 0

    def everything(self) -> Search:
        if not self.tokens:
            return And(())
        found = self.any_of(0)
        if token := self.token():
            raise self.bad("This bracket closes nothing.", token)
        return found

    def any_of(self, depth: int) -> Search:
        parts = [self.all_of(depth)]
        while self.is_word("or"):
            self.here += 1
            parts.append(self.all_of(depth))
        return parts[0] if len(parts) == 1 else Or(tuple(parts))

    def all_of(self, depth: int) -> Search:
        parts = [self.negated(depth)]
        while (token := self.token()) and token.kind != "close" and not self.is_word("or"):
            if self.is_word("and"):
                self.here += 1
            parts.append(self.negated(depth))
        return parts[0] if len(parts) == 1 else And(tuple(parts))

    def negated(self, depth: int) -> Search:
        token = self.token()
        if token and depth > DEEPEST:
            raise self.bad("The brackets are nested too deeply.", token)
        if token and (token.kind == "minus" or self.is_word("not")):
            self.here += 1
            return Not(self.negated(depth + 1))
        return self.one(depth)

    def one(self, depth: int) -> Search:
        token = self.token()
        if token is None:
            raise BadSearch("Something is missing at the end.", self.search, len(self.search))
        if token.kind == "open":
            self.here += 1
            found = self.any_of(depth + 1)
            closing = self.token()
            if closing is None or closing.kind != "close":
                raise self.bad("This bracket is never closed.", token)
            self.here += 1
            return found
        if token.kind not in ("word", "quoted") or self.is_word("or") or self.is_word("and"):
            raise self.bad(f"Something is missing before “{token.text}”.", token)
        self.terms += 1
        if self.terms > MOST_TERMS:
            raise self.bad(f"A search has at most {MOST_TERMS} terms.", token)
        self.here += 1
        operator = self.token()
        if token.kind == "word" and operator and operator.kind == "operator" and operator.joined:
            self.here += 1
            return self.field(token, operator)
        if not token.text:
            raise self.bad("Between these quotation marks stands nothing.", token)
        return Text(token.text)

    def field(self, name: Token, operator: Token) -> Search:
        known = name.text.lower()
        if known == "prop" and operator.text == ":":
            return self.prop(name)
        if known in NUMBERS:
            return self.number(known, operator.text, name)
        if known not in FIELDS:
            raise self.bad(f"There is no field “{name.text}”; there are {', '.join((*FIELDS, *NUMBERS))}.", name)
        if operator.text not in (":", "="):
            raise self.bad(f"“{known}” is no number: write {known}:…", operator)
        value = self.value(name, operator)
        written = value.text
        if known == "rated":
            written = self.rated(value)
        elif known in _CHOICES:
            written = written.lower()
            if written not in _CHOICES[known]:
                choices = ", ".join(_CHOICES[known])
                raise self.bad(f"“{known}:” takes {choices}, not “{value.text}”.", value)
        return Field(known, ":", written, name.position)

    def prop(self, name: Token) -> Search:
        which = self.value(name, name)
        operator = self.token()
        if which.text.lower() not in NUMBERS:
            raise self.bad(f"“prop:” takes {', '.join(NUMBERS)}, not “{which.text}”.", which)
        if operator is None or operator.kind != "operator":
            raise self.bad(f"“prop:{which.text}” needs a comparison such as <10.", which)
        self.here += 1
        return self.number(which.text.lower(), operator.text, name)

    def number(self, name: str, operator: str, at: Token) -> Search:
        value = self.value(at, at)
        if not _NUMBER.fullmatch(value.text):
            raise self.bad(f"“{name}” is compared with a number such as 3, not with “{value.text}”.", value)
        if name in WHOLE and "." in value.text:
            raise self.bad(f"“{name}” is a whole number, not {value.text}.", value)
        if operator == ":":
            # "due:7" means within the next seven days; of everything else a colon means that very number.
            operator = "<=" if name == "due" else "="
        assert operator in OPERATORS
        return Field(name, operator, value.text, at.position)

    def rated(self, value: Token) -> str:
        """The days, and the rating if one follows: "7" or "7:again"."""
        if not _RATED.fullmatch(value.text) or int(value.text) < 1:
            raise self.bad("“rated:” takes a number of days, such as rated:7.", value)
        colon = self.token()
        if colon is None or colon.kind != "operator" or colon.text != ":" or not colon.joined:
            if ":" in value.text:
                raise self.bad("“rated:” takes a number of days, such as rated:7.", value)
            return value.text
        self.here += 1
        rating = self.value(value, colon)
        wanted = rating.text.lower()
        name = next((name for name, number in RATINGS.items() if wanted in (name, str(number))), None)
        if name is None:
            raise self.bad(f"A rating is {', '.join(RATINGS)}, not “{rating.text}”.", rating)
        return f"{value.text}:{name}"

    def value(self, name: Token, operator: Token) -> Token:
        """The word after an operator. Nothing, a bracket or another operator there is an error."""
        token = self.token()
        if token is None or not token.joined or token.kind not in ("word", "quoted") or not token.text:
            position = token.position if token else len(self.search)
            sign = "" if operator is name else operator.text
            raise BadSearch(f"“{name.text}{sign}” lacks its value.", self.search, position)
        self.here += 1
        return token

    def token(self) -> Token | None:
        return self.tokens[self.here] if self.here < len(self.tokens) else None

    def is_word(self, word: str) -> bool:
        token = self.token()
        return token is not None and token.kind == "word" and token.text.lower() == word

    def bad(self, message: str, token: Token) -> BadSearch:
        return BadSearch(message, self.search, token.position)
