"""Addresses of one's own settings and data. Sign-up, sign-in and passwords are django-allauth's, under accounts/."""

from django.urls import path

from prepsite.accounts import views

app_name = "accounts"
urlpatterns = [
    path("", views.settings, name="settings"),
    path("export/", views.export, name="export"),
    path("in-and-out/", views.restore, name="in_and_out"),
    path("delete/", views.delete, name="delete"),
]
