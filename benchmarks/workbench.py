"""From the click on Submit to the verdict on the screen in Chromium, less the grader's seconds: what the site adds.

Beside it, in turns, a bare Django view asked by the same page of the same browser from the same server, until its
answer is on the screen, too: a frame of the browser is in both. What both take until they have come, without being
drawn, is printed beside it.
"""

import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.parts import labs
from benchmarks.parts.browser import MOMENT, bare, open_at, signed_in
from benchmarks.parts.table import row, spread

# isort: split
from django.core.management import call_command
from playwright.sync_api import Page

from codelabs import loading
from codelabs.models import Lab, Submission
from prepsite.accounts.models import User
from prepsite.study import rewriting
from quizzes.models import Topic

SLUG = "rnn-cell"
TURNS = 25
PAUSE_SECONDS = 1.0  # a learner reads the verdict meanwhile, and the next sitting is prepared
MOST = 3.0
CLICK = f"""async () => {{
  {MOMENT};
  const before = document.querySelector(".verdict");
  const start = performance.now();
  const came = await new Promise((resolve) => {{
    const watcher = new MutationObserver(() => {{
      const now = document.querySelector(".verdict");
      if (now === null || now === before || !now.textContent.includes("cases")) return;
      watcher.disconnect();
      resolve(performance.now());
    }});
    watcher.observe(document.body, {{subtree: true, childList: true, characterData: true}});
    document.querySelector("button[name=kind][value=submit]").click();
  }});
  await new Promise(requestAnimationFrame);
  return [(came - start) / 1000, (performance.now() - start) / 1000];
}}"""


def main() -> int:
    with signed_in(_site()) as (page, address):
        open_at(page, address + Lab.objects.get().get_absolute_url())
        _write(page, labs.lab(SLUG).files["solution.py"])
        turns = [_turn(page) for _ in range(TURNS + 2)][2:]  # the first of all wait for the zygote
    clicks, added, added_undrawn, drawn, undrawn = zip(*turns, strict=True)
    middle = statistics.median
    times = middle(added) / middle(drawn)
    detail = (
        f"click to verdict {spread(clicks)}, of it the site {spread(added)}, the bare view {spread(drawn)}; "
        f"both come but not drawn: {spread(added_undrawn)} and {spread(undrawn)}, "
        f"{middle(added_undrawn) / middle(undrawn):.1f}x"
    )
    held = row("click to verdict without the grader, beside a bare view", times, f"<= {MOST:g}x", times <= MOST, detail)
    return 0 if held else 1


def _site() -> User:
    """A learner on a site with one lab, its topic and its card."""
    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(labs.FOLDER / SLUG, Path(folder) / SLUG)
        problems = loading.load_labs(Path(folder))
    if problems:
        raise ValueError("\n".join(map(str, problems)))
    topic = Lab.objects.get().topic
    Topic.objects.create(slug=topic, code="M6", title=topic, summary="A topic.")
    rewriting.store_cards()
    return User.objects.create_user("bench@example.org", "correct-horse-battery")


def _turn(page: Page) -> tuple[float, float, float, float, float]:
    """Seconds from click to verdict; less the grader's, until it is drawn and until it has come; and a bare view's."""
    time.sleep(PAUSE_SECONDS)
    came, click = map(float, page.evaluate(CLICK))
    done = Submission.objects.order_by("-pk").first()
    assert done is not None
    result: dict[str, Any] = done.result
    if done.verdict != "passed":
        raise RuntimeError(f"{done.verdict}: {result.get('message')}")
    time.sleep(PAUSE_SECONDS)  # until the browser has drawn the verdict, which would hold up the bare view
    grader, (bare_came, bare_drawn) = float(result["seconds"]), bare(page)
    return click, click - grader, came - grader, bare_drawn, bare_came


def _write(page: Page, text: str) -> None:
    page.locator(".cm-content").click()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.insert_text(text)


if __name__ == "__main__":
    sys.exit(main())
