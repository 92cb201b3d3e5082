"""One pool for the room: starting a zygote is what costs."""

from collections.abc import Iterator

import pytest

from codelabs.sandbox import Pool


@pytest.fixture(scope="session")
def boxes() -> Iterator[Pool]:
    pool = Pool()
    yield pool
    pool.close()
