"""The request as views see it: who is asking is known, and htmx has marked it."""

from typing import TYPE_CHECKING

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

if TYPE_CHECKING:
    from prepsite.accounts.models import User


class SiteRequest(HttpRequest):
    """Any request."""

    htmx: HtmxDetails


class LearnerRequest(SiteRequest):
    """A request behind @login_required."""

    user: "User"
