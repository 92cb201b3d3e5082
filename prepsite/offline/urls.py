"""Addresses of what makes the site installable. The worker's is at the root, because that is its scope."""

from django.urls import path

from prepsite.offline import views

app_name = "offline"
urlpatterns = [
    path("sw.js", views.service_worker, name="worker"),
    path("manifest.webmanifest", views.manifest, name="manifest"),
    path("offline/", views.shell, name="shell"),
]
