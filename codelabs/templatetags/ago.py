"""How long ago something was, as people say it."""

from datetime import datetime

from django import template
from django.utils.timesince import timesince

register = template.Library()


@register.filter
def ago(moment: datetime, now: datetime | None = None) -> str:
    """“just now” within the first minute, then “12 minutes ago”, “3 hours ago”: the largest unit alone."""
    said = timesince(moment, now, depth=1)
    return "just now" if said.startswith("0") else f"{said} ago"
