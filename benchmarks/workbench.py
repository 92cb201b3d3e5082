"""From the click on Submit to the verdict on the screen in Chromium, less the grader's seconds: what the site adds.

Beside it, in turns, a bare Django view asked by the same page of the same browser from the same server, until its
answer is on the screen, too: a frame of the browser is in both. What the view takes without being drawn is printed
beside it.
"""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Sequence
from pathlib import Path
from typing import Any

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # Playwright runs an event loop in this thread

from django.core.management import call_command
from django.test import Client
from playwright.sync_api import Page, sync_playwright

from benchmarks.parts import labs
from benchmarks.parts.table import row, spread
from codelabs import loading
from codelabs.models import Lab, Submission
from prepsite.accounts.models import User
from prepsite.study import rewriting
from quizzes.models import Topic

SLUG = "rnn-cell"
TURNS = 25
PAUSE_SECONDS = 1.0  # a learner reads the verdict meanwhile, and the next sitting is prepared
MOST = 3.0
CLICK = """() => new Promise((resolve) => {
  const before = document.querySelector(".verdict");
  const start = performance.now();
  const watcher = new MutationObserver(() => {
    const now = document.querySelector(".verdict");
    if (now === null || now === before || !now.textContent.includes("cases")) return;
    watcher.disconnect();
    requestAnimationFrame(() => resolve((performance.now() - start) / 1000));
  });
  watcher.observe(document.body, {subtree: true, childList: true, characterData: true});
  document.querySelector("button[name=kind][value=submit]").click();
})"""
BARE = """async () => {
  const start = performance.now();
  const text = await (await fetch("/bare/?" + start, {cache: "no-store"})).text();
  const came = performance.now();
  document.getElementById("result").insertAdjacentHTML("beforeend", `<p class="bare">${text}</p>`);
  await new Promise(requestAnimationFrame);
  const drawn = performance.now();
  document.querySelector("p.bare").remove();
  return [(came - start) / 1000, (drawn - start) / 1000];
}"""


def main() -> int:
    site = _site()
    port = _free_port()
    command = [sys.executable, "-m", "gunicorn", "--config", "python:prepsite.serving", "prepsite.wsgi:application"]
    environment = {**os.environ, "HOST": "127.0.0.1", "PORT": str(port)}
    with subprocess.Popen(command, env=environment) as server:
        try:
            held = _measure(f"http://127.0.0.1:{port}", site)
        finally:
            server.terminate()
    return 0 if held else 1


def _site() -> str:
    """A database with one lab, its topic and its card, and one learner; the cookie of their session."""
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
    client = Client()
    client.force_login(User.objects.create_user("bench@example.org", "correct-horse-battery"))
    return client.cookies["sessionid"].value


def _measure(address: str, session: str) -> bool:
    _wait_for(address)
    with sync_playwright() as playwright:
        found = shutil.which("chromium") or shutil.which("google-chrome")
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-gpu"])
        context = browser.new_context(service_workers="block")
        context.add_cookies([{"name": "sessionid", "value": session, "url": address}])
        page = context.new_page()
        page.goto(address + Lab.objects.get().get_absolute_url())
        _write(page, labs.lab(SLUG).files["solution.py"])
        turns = [_turn(page) for _ in range(TURNS + 2)][2:]  # the first of all wait for the zygote
        browser.close()
    clicks, graders, came, drawn = zip(*turns, strict=True)
    added = [click - grader for click, grader in zip(clicks, graders, strict=True)]
    times = _median(added) / _median(drawn)
    detail = (
        f"click to verdict {spread(clicks)}, of it the site {spread(added)}, the bare view drawn {spread(drawn)}, "
        f"come but not drawn {spread(came)}: {_median(added) / _median(came):.1f}x"
    )
    return row("click to verdict without the grader, beside a bare view", times, f"<= {MOST:g}x", times <= MOST, detail)


def _turn(page: Page) -> tuple[float, float, float, float]:
    """Seconds from click to verdict, those of them that the grader took, and those until a bare view has come and until
    it is drawn."""
    time.sleep(PAUSE_SECONDS)
    click = float(page.evaluate(CLICK))
    done = Submission.objects.order_by("-pk").first()
    assert done is not None
    result: dict[str, Any] = done.result
    if done.verdict != "passed":
        raise RuntimeError(f"{done.verdict}: {result.get('message')}")
    time.sleep(PAUSE_SECONDS)  # until the browser has drawn the verdict, which would hold up the bare view
    came, drawn = page.evaluate(BARE)
    return click, float(result["seconds"]), float(came), float(drawn)


def _write(page: Page, text: str) -> None:
    page.locator(".cm-content").click()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.insert_text(text)


def _median(values: Sequence[float]) -> float:
    return sorted(values)[len(values) // 2]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_for(address: str) -> None:
    for _ in range(300):
        try:
            urllib.request.urlopen(address + "/bare/", timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("the server did not start")


if __name__ == "__main__":
    sys.exit(main())
