"""Addresses of guides, questions, quizzes and reviews."""

from django.urls import path

from quizzes.views import exchange, pages, results, reviews, sessions

app_name = "quizzes"
urlpatterns = [
    path("guides/<slug:slug>/", pages.guide, name="guide"),
    path("questions/<slug:slug>/", pages.question, name="question"),
    path("questions/<slug:slug>/answer/", pages.answer, name="answer"),
    path("questions/<slug:slug>/ticks/", pages.tick, name="ticks"),
    path("quiz/", sessions.new, name="new"),
    path("quiz/<uuid:uuid>/", sessions.session, name="session"),
    path("quiz/<uuid:uuid>/overview/", sessions.overview, name="overview"),
    path("quiz/<uuid:uuid>/<int:position>/", sessions.item, name="item"),
    path("quiz/<uuid:uuid>/<int:position>/save/", sessions.save, name="save"),
    path("quiz/<uuid:uuid>/<int:position>/commit/", sessions.commit, name="commit"),
    path("quiz/<uuid:uuid>/<int:position>/ticks/", sessions.tick, name="tick"),
    path("quiz/<uuid:uuid>/finish/", results.finish, name="finish"),
    path("quiz/<uuid:uuid>/result/", results.result, name="result"),
    path("quiz/<uuid:uuid>/retry/", results.retry, name="retry"),
    path("review/", reviews.review, name="review"),
    path("review/<uuid:flashcard>/rate/", reviews.rate, name="rate"),
    path("review/undo/", reviews.undo, name="undo"),
    path("in-and-out/anki/", exchange.anki_out, name="anki_out"),
]
