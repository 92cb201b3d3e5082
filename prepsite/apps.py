from django.apps import AppConfig


class PrepsiteConfig(AppConfig):
    name = "prepsite"
    verbose_name = "Site"
