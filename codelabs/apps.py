from django.apps import AppConfig

from codelabs.paper import labkit_sources
from codelabs.sandbox import library


class CodelabsConfig(AppConfig):
    name = "codelabs"
    verbose_name = "Code labs"

    def ready(self) -> None:
        """Boxes load labkit all the time; their zygotes compile it once."""
        library.update(labkit_sources())
