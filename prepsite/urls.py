"""The map of the site."""

from django.contrib import admin
from django.urls import include, path

from prepsite import health, preview, views
from prepsite.coverage.views import coverage

handler400 = "prepsite.refusals.bad_request"
urlpatterns = [
    path("", views.home, name="home"),
    path("plan/", include("prepsite.plan.urls")),
    path("topics/", views.topics, name="topics"),
    path("topics/<slug:slug>/", views.topic, name="topic"),
    path("labs/<slug:slug>/rating/", views.lab_rating, name="lab_rating"),
    path("", include("quizzes.urls")),
    path("", include("codelabs.urls")),
    path("progress/", include("prepsite.progress.urls")),
    path("account/", include("prepsite.accounts.urls")),
    path("accounts/", include("allauth.account.urls")),
    path("admin/preview/", preview.preview, name="preview"),
    path("admin/coverage/", coverage, name="coverage"),
    path("admin/", admin.site.urls),
    path("", include("prepsite.offline.urls")),
    path("healthz", health.healthz, name="healthz"),
]
