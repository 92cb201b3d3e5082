from typing import Any

from django.http import Http404, HttpRequest, HttpResponse


def settings(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    raise Http404


def export(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    raise Http404


def delete(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    raise Http404
