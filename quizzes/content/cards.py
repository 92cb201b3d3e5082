"""Flashcards within a file, and decks: files of flashcards that belong to no question."""

import uuid
from collections.abc import Sequence
from typing import Any

from prepsite.lib import frontmatter
from quizzes.content import fields, sections
from quizzes.content.data import CardData, DeckData, Place
from quizzes.content.fields import Field, Problems
from quizzes.content.sections import Grammar, ItemField, Section

CARD_KINDS = ("basic", "cloze")
CARD_GRAMMAR = Grammar(
    (
        ItemField("Back", "The one fact on the other side.", required=True),
        ItemField("Misconception", "The slug of the mistake it mends."),
        ItemField("Kind", "basic or cloze; a cloze front has one {{gap}}. Basic if left out."),
    ),
    longest_key=40,
)
DECK_FIELDS = (
    Field("id", fields.identity, "A UUID, made once and kept for ever.", required=True),
    Field("title", fields.text(160), "What the deck is called.", required=True),
    Field("topic", fields.slug(), "The slug of its topic.", required=True),
    Field("level", fields.one_of("basic", "intermediate", "advanced"), "The level of its cards.", "basic", True),
    Field("concepts", fields.sorted_slugs, "Slugs of the concepts its cards exercise.", ()),
    Field("order", fields.integer(0, fields.LARGEST_ORDER), "Its place within the topic.", 0),
    Field(
        "status",
        fields.one_of("published", "draft", "retired"),
        "published, draft or retired.",
        "published",
        quiet=True,
    ),
)


def card_id(parent: str, key: str) -> uuid.UUID:
    """A card's identity: it follows from the id of its question or deck, and its key there."""
    return uuid.uuid5(uuid.UUID(parent), key)


def card_slug(parent: str, key: str) -> str:
    return f"{parent}--{key}"


def read_cards(section: Section, problems: Problems) -> tuple[CardData, ...]:
    found = []
    for item in sections.items(section, CARD_GRAMMAR, problems):
        kind = item.value("Kind", "basic")
        if kind not in CARD_KINDS:
            problems.add(item.line_of("Kind"), f"“Kind:” must be one of: {', '.join(CARD_KINDS)}")
        found.append(CardData(item.key, item.text, item.value("Back"), kind, item.value("Misconception"), item.line))
    return tuple(found)


def write_cards(cards: Sequence[CardData]) -> str:
    return "\n".join(
        sections.write_item(
            card.front,
            key=card.key,
            fields=[
                ("Back", card.back),
                ("Misconception", card.misconception),
                ("Kind", card.kind if card.kind != "basic" else ""),
            ],
        )
        for card in cards
    )


def parse_deck(document: frontmatter.Document, slug: str, problems: Problems) -> DeckData | None:
    """Read one deck. None only if its front matter cannot be read at all."""
    try:
        table = frontmatter.parse_toml(document.toml)
    except frontmatter.BadToml as error:
        problems.add(document.toml_line + max(error.line - 1, 0), str(error))
        return None
    if not fields.SLUG.fullmatch(slug):
        problems.add(0, f"the file name “{slug}” is not a slug: lower-case letters, digits and single hyphens")
    top = document.toml_line - 1
    keys = frontmatter.tables(document.toml, document.toml_line)[0].keys
    values = fields.read_table(table, DECK_FIELDS, keys, top, problems)
    cards: tuple[CardData, ...] = ()
    for section in sections.split(document.body, document.body_line, problems):
        if section.name == "Cards":
            if cards:
                problems.add(section.heading, "the section “Cards” stands twice")
            cards = read_cards(section, problems)
        elif section.name:
            problems.add(section.heading, f"unknown section “{section.name}”; a deck has only “Cards”")
        elif section.text:
            problems.add(section.line, "text before “# Cards”; a deck has only cards")
    if not cards:
        problems.add(document.body_line, "the deck has no cards")
    known: dict[str, Any] = {name: "" if value is None else value for name, value in values.items()}
    return DeckData(**known, slug=slug, cards=cards, place=Place(problems.file, {"": top, **keys}))


def write_deck(data: DeckData) -> str:
    values = {
        field.name: getattr(data, field.name) for field in DECK_FIELDS if field.is_written(getattr(data, field.name))
    }
    return frontmatter.write(values, sections.write([("Cards", write_cards(data.cards))]))
