from typing import Any

from django.http import Http404, HttpRequest, HttpResponse


def labs(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    raise Http404


def lab(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    raise Http404


def submit(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    raise Http404


def draft(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    raise Http404


def history(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    raise Http404


def solution(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    raise Http404


def submission(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    raise Http404
