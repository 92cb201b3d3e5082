from django.apps import AppConfig


class CodelabsConfig(AppConfig):
    name = "codelabs"
    verbose_name = "Code labs"
