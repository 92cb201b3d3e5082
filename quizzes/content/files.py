"""The content files as a whole: which there are, what each says, and how each would be written."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

from prepsite.lib import frontmatter
from prepsite.lib.problems import Problem
from quizzes.content import prose, references, standards
from quizzes.content.cards import parse_deck, write_deck
from quizzes.content.data import (
    Content,
    DeckData,
    GuideData,
    MisconceptionData,
    Place,
    QuestionData,
    ReceiptData,
    TopicData,
)
from quizzes.content.fields import Problems
from quizzes.content.guides import parse_guide, write_guide
from quizzes.content.question import parse as parse_question
from quizzes.content.question import write as write_question
from quizzes.content.receipt import ENDING
from quizzes.content.topics import parse_misconceptions, parse_topics, write_misconceptions, write_topics

T = TypeVar("T")
TOPICS = "topics.toml"
FIGURES = "figures"  # served at /static/figures/
LARGEST_FILE = 1_000_000  # bytes


def read(root: Path) -> tuple[Content, list[Problem]]:
    """Everything under `root`, and everything that is wrong with it, sorted by file and line.

    File names in problems begin with the name of the root folder. References to labs are not checked here.
    """
    reading = _Reading(root)
    content = Content(
        topics=reading.topics(),
        misconceptions=tuple(reading.misconceptions()),
        guides=tuple(reading.documents("guides", _guide)),
        questions=tuple(reading.questions()),
        decks=tuple(reading.documents("cards", _deck)),
        receipts=tuple(reading.receipts()),
        topics_file=reading.name(root / TOPICS),
    )
    figures = {path.relative_to(root / FIGURES).as_posix() for path in (root / FIGURES).rglob("*")}
    return content, sorted({*reading.found, *references.check(content, figures=figures)})


class _Reading:
    """One walk over the files; `found` collects what is wrong."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.found: list[Problem] = []
        self.broken: set[Path] = set()  # files without a readable text: that is the one thing to say about them

    def name(self, path: Path) -> str:
        return str(Path(self.root.name) / path.relative_to(self.root))

    def text(self, path: Path) -> str:
        """The text of a file; "" if it cannot be read, which is reported and remembered in `broken`."""
        problems = Problems(self.name(path))
        try:
            raw = path.read_bytes()
        except OSError as error:
            problems.add(0, f"cannot be read: {error.strerror}")
            raw = b""
        if len(raw) > LARGEST_FILE:
            problems.add(0, f"is larger than {LARGEST_FILE:,} bytes")
            raw = b""
        try:
            text = raw.decode().replace("\r\n", "\n").removeprefix("\ufeff")
        except UnicodeDecodeError as error:
            problems.add(raw.count(b"\n", 0, error.start) + 1, "is not UTF-8")
            text = ""
        if problems.found:
            self.broken.add(path)
        prose.check_characters(text, problems)
        self.found += problems.found
        return text

    def document(self, path: Path, problems: Problems) -> frontmatter.Document | None:
        text = self.text(path)
        return None if path in self.broken else _only(text, problems)

    def topics(self) -> tuple[TopicData, ...]:
        path = self.root / TOPICS
        problems = Problems(self.name(path))
        topics = parse_topics(self.text(path), problems) if path.exists() else ()
        if not path.exists():
            problems.add(0, "the map of topics is missing")
        self.found += problems.found
        return topics

    def misconceptions(self) -> Iterator[MisconceptionData]:
        for path in self._proved("misconceptions", ".toml"):
            problems = Problems(self.name(path))
            for one in parse_misconceptions(self.text(path), path.stem, problems):
                standards.check_misconception(one, problems)
                yield one
            self.found += problems.found

    def documents(self, folder: str, parse: Callable[[frontmatter.Document, str, Problems], T | None]) -> Iterator[T]:
        for path in self._proved(folder, ".md"):
            problems = Problems(self.name(path))
            if (document := self.document(path, problems)) and (one := parse(document, path.stem, problems)):
                yield one
            self.found += problems.found

    def questions(self) -> Iterator[QuestionData]:
        for path in self._files("questions", ".md", ".check.py", depth=2):
            problems = Problems(self.name(path))
            if path.name.endswith(".check.py"):
                if not path.with_name(path.name.removesuffix(".check.py") + ".md").exists():
                    problems.add(0, "a receipt without its question")
            elif document := self.document(path, problems):
                receipt = path.with_suffix(".check.py")
                source = self.text(receipt) if receipt.exists() else ""
                question = parse_question(document, path.stem, problems, check_source=source)
                if question:
                    standards.check_question(question, problems)
                    if question.topic and question.topic != path.parent.name:
                        problems.add(
                            question.place.line("topic"), f"the topic differs from the folder, “{path.parent.name}”"
                        )
                    yield question
            self.found += problems.found

    def receipts(self) -> Iterator[ReceiptData]:
        """The receipts of guides, decks and misconceptions; each proves the whole text of its file."""
        for folder, ending in (("guides", ".md"), ("cards", ".md"), ("misconceptions", ".toml")):
            for path in self._proved(folder, ending):
                receipt = path.with_suffix(ENDING)
                if receipt.exists():
                    name, source = self.name(path), self.text(receipt)
                    problems = Problems(name)
                    standards.check_receipt(source, Place(name), problems)
                    self.found += problems.found
                    yield ReceiptData(name, self.text(path), source)

    def _proved(self, folder: str, ending: str) -> Iterator[Path]:
        """The files of a folder whose receipts may lie beside them; a receipt without its text is reported."""
        for path in self._files(folder, ending, ENDING):
            if not path.name.endswith(ENDING):
                yield path
            elif not path.with_name(path.name.removesuffix(ENDING) + ending).exists():
                self.found.append(Problem(self.name(path), 0, "a receipt without the text that it proves"))

    def _files(self, folder: str, *endings: str, depth: int = 1) -> Iterator[Path]:
        """The files of a folder, exactly `depth` levels down; any other file is reported."""
        for path in sorted((self.root / folder).rglob("*")):
            inside = path.relative_to(self.root / folder).parts
            if path.is_dir() or any(part.startswith((".", "__pycache__")) for part in inside):
                continue
            if len(inside) == depth and path.name.endswith(endings):
                yield path
            else:
                where = f"{folder}/{'<topic>/' * (depth - 1)}"
                self.found.append(
                    Problem(self.name(path), 0, f"a stray file: {where} holds files ending in {', '.join(endings)}")
                )


def _only(text: str, problems: Problems) -> frontmatter.Document | None:
    """The one document of a file."""
    if not text.strip():
        problems.add(0, "the file is empty")
        return None
    try:
        documents = frontmatter.documents(text)
    except frontmatter.BadToml as error:
        problems.add(error.line, str(error))
        return None
    for extra in documents[1:]:
        problems.add(extra.toml_line - 1, f"a second front matter: a line “{frontmatter.FENCE}” within the text")
    return documents[0]


def _guide(document: frontmatter.Document, slug: str, problems: Problems) -> GuideData | None:
    guide = parse_guide(document, slug, problems)
    if guide:
        standards.check_guide(guide, problems)
    return guide


def _deck(document: frontmatter.Document, slug: str, problems: Problems) -> DeckData | None:
    deck = parse_deck(document, slug, problems)
    if deck:
        standards.check_deck(deck, problems)
    return deck


def texts(content: Content) -> dict[str, str]:
    """The canonical text of every file, by its path under the root: what a dump writes."""
    found = {TOPICS: write_topics(content.topics)} if content.topics else {}
    for topic in sorted({one.topic for one in content.misconceptions}):
        of_topic = [one for one in content.misconceptions if one.topic == topic]
        found[f"misconceptions/{topic}.toml"] = write_misconceptions(of_topic)
    found |= {f"guides/{guide.slug}.md": write_guide(guide) for guide in content.guides}
    found |= {f"cards/{deck.slug}.md": write_deck(deck) for deck in content.decks}
    for question in content.questions:
        path = f"questions/{question.topic}/{question.slug}.md"
        found[path] = write_question(question)
        if question.check_source:
            found[standards.receipt_path(path)] = question.check_source
    return found


def unread(root: Path, content: Content) -> set[str]:
    """The names of content files that are there and of which nothing could be read."""
    patterns = (TOPICS, "misconceptions/*.toml", "guides/*.md", "cards/*.md", "questions/*/*.md")
    there = {f"{root.name}/{path.relative_to(root).as_posix()}" for pattern in patterns for path in root.glob(pattern)}
    there -= {one.place.file for one in (*content.with_ids, *content.misconceptions)}
    return there - {content.topics_file} if content.topics else there


def not_canonical(root: Path, content: Content) -> dict[Path, str]:
    """The files under `root` whose text differs from the canonical one, with that one."""
    different = {}
    for name, text in texts(content).items():
        path = root / name
        if path.exists() and path.read_bytes() != text.encode():
            different[path] = text
    return different
