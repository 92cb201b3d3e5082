"""Addresses of guides, questions, quizzes and reviews."""

from django.urls import path

from quizzes.views import pages, reviews, sessions

app_name = "quizzes"
urlpatterns = [
    path("guides/<slug:slug>/", pages.guide, name="guide"),
    path("questions/<slug:slug>/", pages.question, name="question"),
    path("quiz/", sessions.new, name="new"),
    path("quiz/<uuid:uuid>/", sessions.session, name="session"),
    path("quiz/<uuid:uuid>/<int:position>/", sessions.item, name="item"),
    path("quiz/<uuid:uuid>/result/", sessions.result, name="result"),
    path("review/", reviews.review, name="review"),
    path("review/<uuid:flashcard>/rate/", reviews.rate, name="rate"),
    path("review/undo/", reviews.undo, name="undo"),
]
