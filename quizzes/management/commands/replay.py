"""Folds a review history from a file, or proves that every stored card equals the fold of its log."""

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from quizzes import auditing
from quizzes.models import Card
from quizzes.scheduling import Memory, history


class Command(BaseCommand):
    help = (
        "Fold a review history (a JSON file, or - for standard input) and print the state after each review; or, with "
        "--check, prove that every stored card equals the fold of its log. Exits 1 if a card does not, 2 if the "
        "arguments or the file cannot be read."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "file", nargs="?", help="the history; its fields are listed in quizzes/scheduling/history.py"
        )
        parser.add_argument("--json", action="store_true", help="print one JSON object instead of a table")
        parser.add_argument("--check", action="store_true", help="check every stored card against its log")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["check"] == (options["file"] is not None):
            raise CommandError("Name a file to fold, or say --check.", returncode=2)
        if options["check"]:
            self.check_cards(as_json=options["json"])
        else:
            self.fold(options["file"], as_json=options["json"])

    def fold(self, file: str, *, as_json: bool) -> None:
        try:
            told = history.parse(_read(file))
        except history.BadHistory as error:
            raise CommandError("\n".join([f"{file} cannot be folded:", *error.problems]), returncode=2) from error
        for remark in told.remarks(timezone.now()):
            self.stderr.write(remark)
        steps = [_step(memory) for memory in told.fold()]
        if as_json:
            self.stdout.write(json.dumps({"steps": steps}, indent=2))
            return
        self.stdout.write("  #  stability  difficulty  state       due (UTC)            days")
        for number, step in enumerate(steps, start=1):
            self.stdout.write(
                f"{number:3}  {step['stability']:9.4f}  {step['difficulty']:10.4f}  {step['state']:10}"
                f"  {step['due'][:16].replace('T', ' ')}  {step['interval_days']:8}"
            )

    def check_cards(self, *, as_json: bool) -> None:
        cards = Card.objects.all()
        found = list(auditing.disagreements(cards))
        number = cards.count()
        if as_json:
            self.stdout.write(json.dumps({"cards": number, "disagreements": found}, indent=2))
        for sentence in found:
            self.stderr.write(sentence)
        if found:
            raise CommandError(f"{len(found)} of {number} cards do not equal the fold of their logs.", returncode=1)
        if not as_json:
            self.stdout.write(f"Each of {number} cards equals the fold of its log.")


def _read(file: str) -> Any:
    """The JSON in the file. Raises BadHistory if there is none."""
    try:
        text = sys.stdin.read() if file == "-" else Path(file).read_text(encoding="utf-8")
        return json.loads(text)
    except OSError as error:
        raise history.BadHistory([f"It cannot be read: {error.strerror}."]) from error
    except (UnicodeDecodeError, RecursionError) as error:
        raise history.BadHistory(["It is not a JSON file."]) from error
    except json.JSONDecodeError as error:
        raise history.BadHistory([f"It is not JSON: {error.msg}, line {error.lineno}."]) from error


def _step(memory: Memory) -> dict[str, Any]:
    return {
        "stability": memory.stability,
        "difficulty": memory.difficulty,
        "state": str(memory.state),
        "due": memory.due.isoformat(),
        "interval_days": memory.interval_days,
    }
