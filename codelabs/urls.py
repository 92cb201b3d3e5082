"""Addresses of labs and submissions."""

from django.urls import path

from codelabs import views

app_name = "codelabs"
urlpatterns = [
    path("labs/", views.labs, name="labs"),
    path("labs/<slug:slug>/", views.lab, name="lab"),
    path("labs/<slug:slug>/submit/", views.submit, name="submit"),
    path("labs/<slug:slug>/draft/", views.draft, name="draft"),
    path("labs/<slug:slug>/begin-again/", views.begin_again, name="begin_again"),
    path("labs/<slug:slug>/history/", views.history, name="history"),
    path("labs/<slug:slug>/solution/", views.solution, name="solution"),
    path("submissions/<uuid:uuid>/", views.submission, name="submission"),
    path("submissions/<uuid:uuid>/news/", views.news, name="news"),
]
