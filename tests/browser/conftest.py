"""A real Chromium on a live server. A console error, or a breach of the Content-Security-Policy, fails the test."""

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, expect

# Playwright's synchronous interface runs an event loop in this thread; Django would take it for an async context.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
# Patience costs nothing where all is well, and a loaded machine is slow, not wrong.
expect.set_options(timeout=20_000)
DESKTOP = {"width": 1280, "height": 860}
PHONE = {"width": 390, "height": 844}


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The system's Chromium where there is one, else the one that Playwright brought."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    return browser_type_launch_args | {"executable_path": found, "args": ARGUMENTS}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """Without a service worker, which would answer requests that tests want to see or to stop; its own let it in."""
    return browser_context_args | {"service_workers": "block"}


@pytest.fixture
def new_page(new_context: Callable[..., BrowserContext]) -> Iterator[Callable[..., Page]]:
    """Open a page in a context of its own: `new_page(viewport=PHONE, color_scheme="dark")`."""
    complaints: list[str] = []

    def note(message: ConsoleMessage) -> None:
        # A refused form (4xx) is part of many stories; the browser logs it as a failed resource all the same.
        if message.type == "error" and "Failed to load resource" not in message.text:
            complaints.append(message.text)

    def make(**options: Any) -> Page:
        page = new_context(**({"viewport": DESKTOP} | options)).new_page()
        page.set_default_timeout(15_000)
        page.on("console", note)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        return page

    yield make
    assert not complaints, complaints


@pytest.fixture
def page(new_page: Callable[..., Page]) -> Page:
    return new_page()
