"""All content at once: questions and labs are read, checked against one another, stored and written back together."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import Model, QuerySet
from django.urls import reverse

from codelabs import loading as of_labs
from codelabs.content import LabData
from codelabs.models import Lab
from prepsite.lib.problems import Problem
from prepsite.lib.tally import Summary
from prepsite.lib.versioned import Status
from prepsite.study import rewriting
from quizzes import loading as of_quizzes
from quizzes.content import files, references
from quizzes.content.data import Content
from quizzes.models import Concept, Deck, Flashcard, Guide, Question, Topic

LABS = "labs"


@dataclass(frozen=True)
class Everything:
    content: Content
    labs: tuple[LabData, ...]


def read(root: Path) -> tuple[Everything, list[Problem]]:
    """All content files under `root`, and everything that is wrong with them, sorted by file and line.

    File names in problems begin with the name of the root folder.
    """
    content, problems = files.read(root)
    labs, in_labs = of_labs.read(root / LABS)
    # A lab that is broken is there all the same: what refers to it is not to blame.
    folders = {path.name for path in (root / LABS).iterdir() if path.is_dir()} if (root / LABS).is_dir() else set()
    everything = Everything(content, tuple(labs))
    found = {
        *problems,
        *(replace(problem, file=problem.file.replace(str(root), root.name, 1)) for problem in in_labs),
        *references.check(content, labs=folders),
        *_labs_to_questions(root, everything),
    }
    return everything, sorted(found)


@transaction.atomic
def store(everything: Everything, *, overwrite: bool = False) -> Summary:
    """Bring all rows in line with sound content: all of it, or none. `overwrite` gives up edits made in the admin.

    Raises Taken if an edited row has the slug, or the lab number, of another one.
    """
    stored = of_quizzes.store(everything.content, overwrite=overwrite)
    stored += of_labs.store(everything.labs, overwrite=overwrite).of_kind("lab")
    rewriting.store_cards()
    return stored


@transaction.atomic
def dump(root: Path) -> list[Path]:
    """Write what was edited in the admin back to its files below `root`; the paths that changed.

    Raises Unreadable, and writes nothing, if a file there might be lost.
    """
    of_labs.check_dump(root / LABS)  # before the questions are written
    return sorted({*of_quizzes.dump(root), *of_labs.dump(root / LABS)})


def _labs_to_questions(root: Path, everything: Everything) -> Iterator[Problem]:
    """What labs name on the other side: topics, concepts, questions, misconceptions, and the links of statements."""
    content = everything.content
    known = {
        "topic": {topic.slug for topic in content.topics},
        "concept": {concept.slug for topic in content.topics for concept in topic.concepts},
        "question": {question.slug for question in content.questions},
        "misconception": {one.slug for one in content.misconceptions},
        "published": {question.slug for question in content.questions if question.status == Status.PUBLISHED},
    }
    pages = {
        "topics": known["topic"],
        "questions": known["question"],
        "guides": {guide.slug for guide in content.guides},
        "labs": {lab.slug for lab in everything.labs},
    }
    for lab in everything.labs:
        folder = f"{root.name}/{LABS}/{lab.slug}"
        named = [("topic", lab.topic), *(("concept", slug) for slug in lab.concepts)]
        named += [("question", slug) for slug in lab.questions]
        named += [("misconception", wrong.misconception) for wrong in lab.wrong]
        for kind, slug in named:
            if slug and slug not in known[kind]:
                yield Problem(f"{folder}/lab.toml", 0, f"unknown {kind} “{slug}”")
        named_and_there = {*lab.questions} <= known["question"]  # if not, that is what has been said
        if lab.status == Status.PUBLISHED and named_and_there and not known["published"] & {*lab.questions}:
            yield Problem(f"{folder}/lab.toml", 0, "“questions” names no published question for a mistake to lead to")
        for target, line in references.broken_links(lab.statement, pages):
            yield Problem(f"{folder}/statement.md", line, f"the link {target} goes to nowhere")


def names(kind: str) -> frozenset[str]:
    """The slugs of all that there is of a `kind`: topic, concept, question or lab, published or not."""
    tables: dict[str, type[Model]] = {"topic": Topic, "concept": Concept, "question": Question, "lab": Lab}
    return frozenset(tables[kind]._default_manager.values_list("slug", flat=True))


@dataclass(frozen=True)
class Shown:
    """Something published: what it is called and where to look at it. Decks and cards are looked at in the admin."""

    title: str
    url: str


def shown() -> dict[str, dict[str, Shown]]:
    """Everything that learners can open, by kind and slug. One query a kind."""
    pages: dict[str, QuerySet[Any]] = {
        "questions": Question.objects.published().only("slug", "title"),
        "guides": Guide.objects.published().only("slug", "title"),
        "labs": Lab.objects.filter(status=Status.PUBLISHED).only("slug", "title"),
        "topics": Topic.objects.in_order().only("slug", "title"),
    }
    found = {kind: {row.slug: Shown(row.title, row.get_absolute_url()) for row in rows} for kind, rows in pages.items()}
    decks = Deck.objects.filter(status=Status.PUBLISHED).values_list("pk", "slug", "title")
    cards = Flashcard.objects.published().values_list("pk", "slug")
    found["decks"] = {slug: Shown(title, reverse("admin:quizzes_deck_change", args=[pk])) for pk, slug, title in decks}
    found["cards"] = {slug: Shown(slug, reverse("admin:quizzes_flashcard_change", args=[pk])) for pk, slug in cards}
    return found
