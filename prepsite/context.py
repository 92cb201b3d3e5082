"""What every template may use without its view handing it over."""

from django.conf import settings
from django.http import HttpRequest

from prepsite.offline.release import device_key


def site(request: HttpRequest) -> dict[str, str]:
    user = getattr(request, "user", None)  # none where a request could not even be read
    key = device_key(user) if user is not None and user.is_authenticated else ""
    return {"site_name": settings.SITE_NAME, "device_key": key}
