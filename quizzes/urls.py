"""Addresses of guides, questions, quizzes and reviews."""

from django.urls import path

from quizzes.views import exchange, mock_stages, mocks, offline, pages, results, reviews, sessions

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
    path("quiz/<uuid:uuid>/<int:position>/show/", sessions.show, name="show"),
    path("quiz/<uuid:uuid>/<int:position>/save/", sessions.save, name="save"),
    path("quiz/<uuid:uuid>/<int:position>/commit/", sessions.commit, name="commit"),
    path("quiz/<uuid:uuid>/<int:position>/ticks/", sessions.tick, name="tick"),
    path("quiz/<uuid:uuid>/finish/", results.finish, name="finish"),
    path("quiz/<uuid:uuid>/result/", results.result, name="result"),
    path("quiz/<uuid:uuid>/retry/", results.retry, name="retry"),
    path("mocks/", mocks.mocks, name="mocks"),
    path("mocks/<uuid:uuid>/", mocks.mock, name="mock"),
    path("mocks/<uuid:uuid>/<int:number>/", mock_stages.stage, name="mock-stage"),
    path("mocks/<uuid:uuid>/<int:number>/begin/", mock_stages.begin, name="mock-begin"),
    path("mocks/<uuid:uuid>/<int:number>/save/", mock_stages.save, name="mock-save"),
    path("mocks/<uuid:uuid>/<int:number>/answer/", mock_stages.answer, name="mock-answer"),
    path("mocks/<uuid:uuid>/<int:number>/score/", mock_stages.score, name="mock-score"),
    path("mocks/<uuid:uuid>/<int:number>/next/<int:which>/", mock_stages.follow_up, name="mock-follow-up"),
    path("mocks/<uuid:uuid>/<int:number>/close/", mock_stages.close_lab, name="mock-close-lab"),
    path("mocks/<uuid:uuid>/finish/", mocks.finish, name="mock-finish"),
    path("mocks/<uuid:uuid>/report/", mocks.read_report, name="mock-report"),
    path("review/", reviews.review, name="review"),
    path("review/<uuid:flashcard>/rate/", reviews.rate, name="rate"),
    path("review/undo/", reviews.undo, name="undo"),
    path("review/offline/cards/", offline.cards, name="offline_cards"),
    path("review/offline/ratings/", offline.ratings, name="offline_ratings"),
    path("in-and-out/anki/", exchange.anki_out, name="anki_out"),
]
