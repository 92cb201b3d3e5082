"""What a browser asks for to install the site and to stand without a network. None of it holds anything private."""

import json

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_safe

from prepsite.lib import media
from prepsite.offline.release import release

# What the stand-in page is made of; the rest is kept as it is met.
PARTS = (
    "prepsite/site.css",
    "prepsite/pages/review.css",
    "prepsite/pages/offline.css",
    "prepsite/theme.js",
    "prepsite/offline.js",
    "prepsite/offline_review.js",
    "prepsite/icon.svg",
    "prepsite/fonts/latinmodern-math.woff2",
)
COLOUR = "#fbfaf7"  # the paper of the light theme, behind the icon while the site opens


@require_safe
@never_cache
def service_worker(request: HttpRequest) -> HttpResponse:
    """Served from the root, so that its scope is the whole site. Its text changes with every release."""
    told = {
        "release": release(),
        "shell": reverse("offline:shell"),
        "parts": [static(part) for part in PARTS],
        "staticRoot": settings.STATIC_URL,
        "media": media.PREFIX,
        "signOut": reverse("account_logout"),
    }
    return render(request, "offline/sw.js", {"told": json.dumps(told)}, content_type="text/javascript")


@require_safe
@cache_control(max_age=3600)
def manifest(request: HttpRequest) -> JsonResponse:
    name = settings.SITE_NAME
    sizes = (192, 512)
    icons = [{"src": static("prepsite/icon.svg"), "sizes": "any", "type": "image/svg+xml"}]
    icons += [
        {"src": static(f"prepsite/icon-{size}.png"), "sizes": f"{size}x{size}", "type": "image/png"} for size in sizes
    ]
    icons.append(
        {
            "src": static("prepsite/icon-maskable.png"),
            "sizes": "512x512",
            "type": "image/png",
            "purpose": "maskable",
        }
    )
    told = {
        "id": "/",
        "name": name,
        "short_name": name,
        "description": "Interview preparation for deep learning: learn it, remember it, write it from scratch.",
        "start_url": reverse("home"),
        "scope": "/",
        "display": "standalone",
        "background_color": COLOUR,
        "theme_color": COLOUR,
        "icons": icons,
        "shortcuts": [{"name": "Review", "url": reverse("quizzes:review")}],
    }
    return JsonResponse(told, content_type="application/manifest+json")


@require_safe
@cache_control(max_age=0, must_revalidate=True)
def shell(request: HttpRequest) -> HttpResponse:
    """The page that stands in for every page that cannot be reached: the cards and guides that this device keeps."""
    return render(request, "offline/shell.html", {"release": release()})
