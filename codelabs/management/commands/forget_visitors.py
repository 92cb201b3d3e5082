"""manage.py forget_visitors [--days N]: remove what people without an account sent to be graded."""

import argparse
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from codelabs.forgetting import forget_visitors

DAYS = 30


class Command(BaseCommand):
    help = "Remove submissions of people without an account that are older than some days. Learners keep theirs."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--days", type=_days, default=DAYS, help=f"how many days they are kept ({DAYS})")

    def handle(self, *args: Any, **options: Any) -> None:
        number = forget_visitors(timezone.now() - timedelta(days=options["days"]))
        self.stdout.write(f"Removed {number} submission{'' if number == 1 else 's'} of visitors.")


def _days(text: str) -> int:
    days = int(text)
    if not 0 <= days <= 36_500:
        raise argparse.ArgumentTypeError("say a number of days from 0 to 36500")
    return days
