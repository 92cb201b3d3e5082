"""A server of the site's own and a page of Chromium that is signed in there, with a bare view to compare with."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # Playwright runs an event loop in this thread

from django.test import Client
from playwright.sync_api import Page, sync_playwright

from prepsite.accounts.models import User

# A screen shows frames whether or not anything changes on it. Left alone, the browser makes none while nothing does,
# and what is measured then hangs on when it began: some things always just miss a frame that others always just reach.
FRAMES = "() => { const go = () => requestAnimationFrame(go); go(); }"
MOMENT = "await new Promise((begin) => setTimeout(begin, 1000 / 60 * Math.random()))"  # anywhere between two frames
BARE = f"""async () => {{
  {MOMENT};
  const start = performance.now();
  const text = await (await fetch("/bare/?" + start, {{cache: "no-store"}})).text();
  const came = performance.now();
  document.querySelector("main").insertAdjacentHTML("beforeend", `<p class="bare">${{text}}</p>`);
  await new Promise(requestAnimationFrame);
  const drawn = performance.now();
  document.querySelector("p.bare").remove();
  return [(came - start) / 1000, (drawn - start) / 1000];
}}"""


@contextmanager
def signed_in(user: User) -> Iterator[tuple[Page, str]]:
    """A page of the user's, and the address of the site. Both end with the block."""
    port = _free_port()
    command = [sys.executable, "-m", "gunicorn", "--config", "python:prepsite.serving", "prepsite.wsgi:application"]
    environment = {**os.environ, "HOST": "127.0.0.1", "PORT": str(port)}
    address = f"http://127.0.0.1:{port}"
    with subprocess.Popen(command, env=environment) as server, sync_playwright() as playwright:
        try:
            _wait_for(address)
            found = shutil.which("chromium") or shutil.which("google-chrome")
            browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-gpu"])
            context = browser.new_context(service_workers="block")
            context.add_cookies([{"name": "sessionid", "value": _session(user), "url": address}])
            yield context.new_page(), address
            browser.close()
        finally:
            server.terminate()


def open_at(page: Page, address: str) -> None:
    """Open a page whose frames follow each other without a pause."""
    page.goto(address)
    page.evaluate(FRAMES)


def bare(page: Page) -> tuple[float, float]:
    """Seconds until a bare view has come, and until its answer is on the screen."""
    came, drawn = page.evaluate(BARE)
    return float(came), float(drawn)


def _session(user: User) -> str:
    client = Client()
    client.force_login(user)
    return client.cookies["sessionid"].value


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
