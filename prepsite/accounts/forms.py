"""What people may say about themselves."""

from allauth.account.forms import SignupForm


class SignUpForm(SignupForm):  # type: ignore[misc]
    """An e-mail address and a password."""
