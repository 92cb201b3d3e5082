"""What the environment says. A number, a yes-or-no or a list that is set and empty counts as not set."""

import os
from typing import Any

from environs import Env


class Environment(Env):
    """`DEBUG=` in a file of variables means the default, not a traceback. Texts may be empty on purpose."""

    def bool(self, name: str, default: bool) -> bool:  # type: ignore[override]
        return default if _blank(name) else super().bool(name, default)

    def int(self, name: str, default: int) -> int:  # type: ignore[override]
        return default if _blank(name) else super().int(name, default)

    def list(self, name: str, default: list[str]) -> Any:  # type: ignore[override]
        return default if _blank(name) else super().list(name, default)


def _blank(name: str) -> bool:
    return not os.environ.get(name, "").strip()
