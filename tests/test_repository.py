"""What every file of the repository keeps: no machine's paths, no registry's host, no text cut off."""

import re
import subprocess
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
# Written in two halves, so that this file keeps the rule as well.
HOSTS = ["pypi" + ".org", "python" + "hosted", "download." + "pytorch", "registry." + "npmjs", "deb." + "debian"]
PATHS = ["/ho" + "me/", "/Us" + "ers/", "/wo" + "rk/", "/op" + "t/"]
FORBIDDEN = re.compile("|".join([*map(re.escape, HOSTS), *(rf"(?<![\w.]){path}\w" for path in PATHS)]))
HOSTILE = ROOT / "tests/hostile"  # attacks name paths, on purpose
BINARY = {".woff2", ".png", ".ico", ".webp"}
VENDOR = ROOT / "prepsite/static/vendor"


def files() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if listed.returncode != 0:
        pytest.skip("not a git checkout")
    paths = [ROOT / name for name in listed.stdout.decode().split("\0") if name]
    return [path for path in paths if path.is_file() and path.suffix not in BINARY]


def test_no_file_names_a_machines_path_or_a_registrys_host() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:100]}"
        for path in files()
        if not path.is_relative_to(HOSTILE)
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if FORBIDDEN.search(line)
    ]
    assert found == []


def test_every_text_ends_with_a_line_end_and_has_unix_line_ends() -> None:
    ours = [path for path in files() if not path.is_relative_to(VENDOR) and not path.is_relative_to(ROOT / "fixtures")]
    wrong = [
        str(path.relative_to(ROOT))
        for path in ours
        if (text := path.read_bytes()) and (not text.endswith(b"\n") or b"\r\n" in text)
    ]
    assert wrong == []


def test_direct_and_indirect_packages_are_pinned_once_and_alike() -> None:
    pinned = dict(
        line.lower().replace("_", "-").split("==")
        for line in (ROOT / "constraints.txt").read_text().split()
        if "==" in line
    )
    for name in ("requirements.txt", "requirements-dev.txt"):
        for line in (ROOT / name).read_text().splitlines():
            if line and not line.startswith(("#", "-r")):
                package, _, version = re.sub(r"\[[\w,-]+\]", "", line).lower().replace("_", "-").partition("==")
                assert pinned.get(package) == version, line


def test_scripts_can_be_run() -> None:
    for path in [*(ROOT / "scripts").iterdir(), ROOT / ".ci/run"]:
        if path.is_file() and path.suffix != ".py":
            assert path.stat().st_mode & 0o111, path.name
            assert path.read_text().startswith("#!"), path.name
