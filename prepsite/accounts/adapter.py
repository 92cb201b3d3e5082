"""Where this site differs from django-allauth's own ways."""

import logging
from typing import ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.module_loading import import_string

logger = logging.getLogger(__name__)


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    error_messages: ClassVar[dict[str, object]] = DefaultAccountAdapter.error_messages | {
        "account_inactive": "This account is switched off.",
        "duplicate_email": "This is your address already.",
        "email_password_mismatch": "This address and this password do not belong together.",
        "email_taken": "There is an account with this address already. Sign in with it, or choose a new password.",
        "enter_current_password": "This is not your present password.",
        "incorrect_password": "This is not your password.",
        "too_many_login_attempts": "Too many wrong passwords. Please wait five minutes and try again.",
        "rate_limited": "Too many tries in a short time. Please wait a minute and try again.",
    }

    def login(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        """Sign `user` in. What this browser's visitor tried before is handed over; that failing keeps nobody out."""
        visitor = request.session.session_key or ""
        super().login(request, user)
        try:
            with transaction.atomic():
                for path in settings.ON_SIGN_IN:
                    import_string(path)(user, request.session, visitor, timezone.now())
        except Exception:
            logger.exception("what a visitor had tried was not handed over to user %s", user.pk)

    def can_delete_email(self, email_address: EmailAddress) -> bool:
        """The address one signs in with is replaced, never removed: an account without one cannot be entered."""
        return bool(email_address.email != email_address.user.email)

    def confirm_email(self, request: HttpRequest, email_address: EmailAddress) -> bool:
        """Refuse an address that names another account: whether one exists is told to the mailbox's owner alone."""
        others = get_user_model().objects.exclude(pk=email_address.user_id)
        if others.filter(email__iexact=email_address.email).exists():
            return False
        return bool(super().confirm_email(request, email_address))
