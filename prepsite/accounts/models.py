"""Who learns here: an e-mail address, a time zone, and the hour at which their study day begins."""

import zoneinfo
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractUser, UserManager
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models.functions import Lower


def validate_zone(name: str) -> None:
    """Raise ValidationError unless `name` is an IANA time zone such as Europe/Berlin."""
    if name not in zoneinfo.available_timezones():
        raise ValidationError("“%(name)s” is not a time zone we know.", params={"name": name})


def as_kept(email: str) -> str:
    """The address as it is stored: signing in looks for it in small letters."""
    return email.strip().lower()


class EmailUserManager(UserManager["User"]):
    """Makes users from an e-mail address alone; there are no user names."""

    def _create(self, email: str, password: str | None, **extra: Any) -> "User":
        if not email:
            raise ValueError("A user needs an e-mail address.")
        user = self.model(email=as_kept(email), **extra)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=as_kept(username or ""))

    def create_user(  # type: ignore[override]
        self, email: str, password: str | None = None, **extra: Any
    ) -> "User":
        return self._create(email, password, **extra)

    def create_superuser(  # type: ignore[override]
        self, email: str, password: str | None = None, **extra: Any
    ) -> "User":
        return self._create(email, password, **{"is_staff": True, "is_superuser": True} | extra)


class User(AbstractUser):
    username = None  # type: ignore[assignment]
    email = models.EmailField("e-mail address", unique=True)
    zone = models.CharField("time zone", max_length=64, default="UTC", validators=[validate_zone])
    day_start_hour = models.PositiveSmallIntegerField(
        "day starts at",
        default=4,
        validators=[MinValueValidator(0), MaxValueValidator(23)],
        help_text="Hour of the clock at which a new study day begins. Reviews before it count for the day before.",
    )

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects: ClassVar[EmailUserManager] = EmailUserManager()

    class Meta(AbstractUser.Meta):
        constraints = (
            models.UniqueConstraint(
                Lower("email"),
                name="one_account_per_address",
                violation_error_message="There is an account with this e-mail address already.",
            ),
        )

    def __str__(self) -> str:
        return self.email
