from typing import Any

from django.http import Http404, HttpRequest, HttpResponse


def review(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    raise Http404


def rate(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    raise Http404


def undo(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    raise Http404
