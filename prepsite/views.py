"""Home and the map of topics: the pages that show quizzes and labs side by side."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def home(request: HttpRequest) -> HttpResponse:
    return render(request, "home.html", {"section": "today"})


def topics(request: HttpRequest) -> HttpResponse:
    return render(request, "home.html", {"section": "topics"})


def topic(request: HttpRequest, slug: str) -> HttpResponse:
    return render(request, "home.html", {"section": "topics"})
