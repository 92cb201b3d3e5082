"""From a rating to the next card on the screen in Chromium, beside the round trip of a bare Django view, in turns.

The next card came with the one before it, so that it stands there before the rating has arrived; how long the page then
waits for the server's own word is printed beside it.
"""

import datetime as dt
import statistics
import sys
import time

from benchmarks.parts import labs  # noqa: F401 - sets Django up
from benchmarks.parts.browser import bare, signed_in
from benchmarks.parts.table import ratio, spread

# isort: split
from django.core.management import call_command
from playwright.sync_api import Page

from prepsite.accounts.models import User
from quizzes.models import Card, Flashcard, Review, Topic
from quizzes.scheduling import Memory, Settings, StudyClock, next_state

NOW = dt.datetime.now(dt.UTC)
CARDS, TURNS = 60, 25
PAUSE_SECONDS = 0.5  # a learner reads the card meanwhile
MOST = 2.0
RATE = """() => new Promise((resolve) => {
  const before = document.querySelector("[data-front]");
  const start = performance.now();
  let seen = 0;
  const told = () => resolve([seen, (performance.now() - start) / 1000]);
  document.addEventListener("review:shown", told, {once: true});
  const watcher = new MutationObserver(() => {
    if (document.querySelector("[data-front]") === before) return;
    watcher.disconnect();
    requestAnimationFrame(() => { seen = (performance.now() - start) / 1000; });
  });
  watcher.observe(document.body, {subtree: true, childList: true});
  document.querySelector('[name="rating"][value="3"]').click();
})"""


def main() -> int:
    learner = _site()
    with signed_in(learner) as (page, address):
        page.goto(address + "/review/")
        turns = [_turn(page) for _ in range(TURNS + 2)][2:]  # the first warm both
    if Review.objects.count() != TURNS + 2:
        raise RuntimeError(f"{Review.objects.count()} ratings arrived")
    seen, known, came, drawn = zip(*turns, strict=True)
    held = ratio("from a rating to the next card, beside a bare view", seen, came, most=MOST)
    middle = statistics.median
    print(
        f"   the server's own word on it {spread(known)}, {middle(known) / middle(came):.1f}x; "
        f"a bare view drawn, as the card is, {spread(drawn)}"
    )
    return 0 if held else 1


def _site() -> User:
    """Somebody for whom cards are due."""
    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    topic = Topic.objects.create(slug="bench", code="B", title="Bench", summary="Bench.")
    user = User.objects.create_user("bench@example.org", "correct-horse-battery")
    met = NOW - dt.timedelta(days=20)
    memory = next_state(Memory(due=met), 4, met, StudyClock("UTC", 4), Settings(), "bench")
    known = vars(memory) | {"queue_day": memory.due_day}
    for n in range(CARDS):
        html = {"front_html": f"<p>Front {n}</p>", "back_html": f"<p>Back {n}</p>"}
        card = Flashcard.objects.create(slug=f"bench--{n}", topic=topic, order=n, front="F", back="B", **html)
        Card.objects.create(user=user, flashcard=card, version=1, **known)
    return user


def _turn(page: Page) -> tuple[float, float, float, float]:
    """Seconds from a rating to the next card, and to the server's word on it; to a bare view come, and drawn."""
    time.sleep(PAUSE_SECONDS)
    page.keyboard.press("Space")
    page.locator("[data-back]").wait_for()
    time.sleep(PAUSE_SECONDS)
    seen, known = page.evaluate(RATE)
    time.sleep(PAUSE_SECONDS)
    return float(seen), float(known), *bare(page)


if __name__ == "__main__":
    sys.exit(main())
