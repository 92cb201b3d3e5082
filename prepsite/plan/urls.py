"""Addresses of the plan to the interview."""

from django.urls import path

from prepsite.plan import views

urlpatterns = [
    path("", views.plan, name="plan"),
    path("start/", views.start, name="plan-start"),
    path("today/", views.shorter, name="plan-shorter"),
    path("read/<slug:concept>/", views.read, name="plan-read"),
    path("off/", views.off, name="plan-off"),
]
