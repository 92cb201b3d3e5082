from typing import Any

from django.http import Http404, HttpRequest, HttpResponse


def guide(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    raise Http404


def question(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    raise Http404
