"""Addresses of the pictures."""

from django.urls import path

from prepsite.progress import views

app_name = "progress"
urlpatterns = [
    path("", views.progress, name="progress"),
    path("<slug:name>.csv", views.numbers, name="numbers"),
]
