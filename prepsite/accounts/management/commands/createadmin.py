"""Makes an administrator with a random password, which is printed once and kept nowhere."""

import secrets
from typing import Any

from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email
from django.db import transaction

from prepsite.accounts.models import User


class Command(BaseCommand):
    help = "Makes an administrator and prints a random password once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", nargs="?", default="admin@localhost")
        parser.add_argument("--if-none", action="store_true", help="Do nothing when there is an administrator already.")

    def handle(self, *args: Any, email: str, if_none: bool, **options: Any) -> None:
        if if_none and User.objects.filter(is_superuser=True).exists():
            return
        try:
            validate_email(email)
        except ValidationError as error:
            raise CommandError(f"“{email}” is not an e-mail address.") from error
        if User.objects.filter(email__iexact=email).exists():
            raise CommandError(f"{email} has an account already. A new password: manage.py changepassword {email}")
        password = secrets.token_urlsafe(12)
        with transaction.atomic():
            user = User.objects.create_superuser(email, password)
            # Confirmed from the start, so that signing in works where addresses must be confirmed.
            EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
        self.stdout.write("Made an administrator. This password is shown once and kept nowhere:")
        self.stdout.write(f"  e-mail address  {user.email}")
        self.stdout.write(f"  password        {password}")
