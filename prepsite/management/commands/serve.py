"""Serves the site with gunicorn, and says where it is and how to sign in."""

import os
import socket
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from prepsite import serving
from prepsite.accounts.models import User


class Command(BaseCommand):
    help = (
        "Serves the site on HOST:PORT (127.0.0.1:8000) until Ctrl-C. Run `make setup` before, or `make run` for both."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        refuse_taken_port(serving.HOST, serving.PORT)
        self.stdout.write(f"\nServing at {address(serving.HOST, serving.PORT)}   (Ctrl-C stops)")
        self.stdout.write("Sign up there with any e-mail address and a password.")
        admin = User.objects.filter(is_superuser=True, is_active=True).order_by("pk").first()
        if admin is not None:
            self.stdout.write(
                f"Administrator: {admin.email}, with the password that was printed when the account was made."
                f" A new one: {os.path.relpath(sys.executable)} manage.py changepassword {admin.email}"
            )
        self.stdout.flush()
        # The server takes this process's place: one id to stop, and Ctrl-C reaches it directly.
        os.execv(  # noqa: S606
            sys.executable,
            [sys.executable, "-m", "gunicorn", "--config", "python:prepsite.serving", "prepsite.wsgi:application"],
        )


def refuse_taken_port(host: str, port: int) -> None:
    """Raise CommandError, with what to do about it, when nothing can listen there."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise CommandError(
                f"Cannot listen on {host}:{port}: {error.strerror}. "
                f"Stop what runs there, or choose another port: PORT={port + 1} make run"
            ) from error


def address(host: str, port: int) -> str:
    """The address to type. A server that listens everywhere is reached here under this machine's own name."""
    shown = "localhost" if host in {"0.0.0.0", "::"} else f"[{host}]" if ":" in host else host  # noqa: S104
    return f"http://{shown}:{port}/"
