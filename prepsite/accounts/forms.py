"""What people may say about themselves."""

from typing import Any

from allauth.account import forms as allauth
from allauth.account.internal.flows.email_verification import send_verification_email_to_address
from allauth.account.models import EmailAddress
from django import forms
from django.db import transaction
from django.http import HttpRequest

from prepsite.accounts import zones
from prepsite.accounts.models import User

HOW_TO_CHOOSE = "At least 10 characters. A few words that do not belong together are easy to keep."


def _say(form: forms.Form, **labels: str) -> None:
    """Give each field its label; what a placeholder would repeat is taken away."""
    for name, label in labels.items():
        form.fields[name].label = label
        form.fields[name].widget.attrs.pop("placeholder", None)


class SignUpForm(allauth.SignupForm):  # type: ignore[misc]
    """An e-mail address and a password. The browser adds its time zone; what it says wrongly counts as UTC."""

    zone = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput(attrs={"data-zone": ""}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self, email="E-mail address", password1="Password")
        self.fields["password1"].help_text = HOW_TO_CHOOSE

    def clean_zone(self) -> str:
        said: str = self.cleaned_data["zone"]
        return said if zones.known(said) else "UTC"

    def custom_signup(self, request: HttpRequest, user: User) -> None:
        super().custom_signup(request, user)
        user.zone = self.cleaned_data["zone"]
        user.save(update_fields=["zone"])


class SignInForm(allauth.LoginForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self, login="E-mail address", password="Password")  # noqa: S106
        self.fields["password"].help_text = ""  # the page has its own way to a forgotten password


class AskForResetForm(allauth.ResetPasswordForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self, email="E-mail address")


class ResetPasswordForm(allauth.ResetPasswordKeyForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self, password1="New password", password2="New password again")
        self.fields["password1"].help_text = HOW_TO_CHOOSE


class ChangePasswordForm(allauth.ChangePasswordForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self, oldpassword="Present password", password1="New password", password2="New password again")
        self.fields["oldpassword"].help_text = ""
        self.fields["password1"].help_text = HOW_TO_CHOOSE


class ChangeAddressForm(allauth.AddEmailForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self, email="New e-mail address")

    def save(self, request: HttpRequest) -> EmailAddress:
        # allauth takes the latest unconfirmed address for one that was to replace the present one, and drops it. The
        # present one, confirmed or not, is the name of the account and stays until the new one is confirmed. An
        # address of another account is answered like any other; the adapter refuses to confirm it.
        asked: str = self.cleaned_data["email"]
        with transaction.atomic():
            EmailAddress.objects.filter(user=self.user, verified=False).exclude(email=self.user.email).delete()
            EmailAddress.objects.get_or_create(user=self.user, email=self.user.email, defaults={"primary": True})
            new = EmailAddress.objects.create(user=self.user, email=asked)
        send_verification_email_to_address(request, new)
        return new


class ConfirmAccessForm(allauth.ReauthenticateForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self, password="Password")  # noqa: S106
        self.fields["password"].help_text = ""


class SettingsForm(forms.ModelForm):  # type: ignore[type-arg]
    """Where and when the learner's study day begins."""

    class Meta:
        model = User
        fields = ("zone", "day_start_hour")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["zone"] = forms.ChoiceField(
            label="Time zone", choices=zones.choices(self.instance.zone), help_text="Days are counted here."
        )
        self.fields["day_start_hour"] = forms.TypedChoiceField(
            label="A new study day starts at",
            coerce=int,
            choices=[(hour, f"{hour:02}:00") for hour in range(24)],
            help_text="Reviews before this hour count for the day before.",
        )


class DeleteForm(forms.Form):
    """The password, asked once more, because what follows cannot be undone."""

    password = forms.CharField(
        label="Password", strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        if not self.user.check_password(password):
            raise forms.ValidationError("This is not your password. Nothing was deleted.")
        return password


class ArchiveForm(forms.Form):
    """An archive that this site, or another one like it, wrote."""

    archive = forms.FileField(
        label="Bring an archive in",
        help_text="The zip file that “Download everything” gives.",
        widget=forms.ClearableFileInput(attrs={"accept": ".zip,application/zip"}),
        error_messages={"required": "Choose a file first.", "empty": "This file is empty. Nothing was changed."},
    )
