"""What the filter holds by itself, without Landlock in front of it."""

import subprocess
import sys
from pathlib import Path

ALONE = """
import os, sys
from codelabs.sandbox import syscalls, walls
walls.give_up_privileges()
walls.Filter(syscalls.program(threads=False, native_code=False)).load()
for flags in (os.O_RDONLY | os.O_TRUNC, os.O_WRONLY | os.O_TRUNC, os.O_RDONLY):
    try:
        print(len(os.read(os.open(sys.argv[1], flags), 10)))
    except OSError as problem:
        print(type(problem).__name__)
"""


def test_no_file_is_emptied_by_opening_it_even_where_landlock_does_not_look(tmp_path: Path) -> None:
    file = tmp_path / "kept"
    file.write_text("four")
    done = subprocess.run([sys.executable, "-c", ALONE, str(file)], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["PermissionError", "PermissionError", "4"]
    assert file.read_text() == "four"
