from typing import Any

from django.http import Http404, HttpRequest, HttpResponse


def new(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    raise Http404


def session(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    raise Http404


def item(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    raise Http404


def result(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    raise Http404
