"""Where this site differs from django-allauth's own ways."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    def can_delete_email(self, email_address: EmailAddress) -> bool:
        """The address one signs in with is replaced, never removed: an account without one cannot be entered."""
        return bool(email_address.email != email_address.user.email)
