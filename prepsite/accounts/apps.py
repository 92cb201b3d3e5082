from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "prepsite.accounts"
    label = "accounts"
    verbose_name = "People"
