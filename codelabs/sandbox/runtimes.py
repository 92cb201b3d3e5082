"""What each runtime is made of, and where this host keeps it. Nothing here imports the packages that it finds."""

import ast
import functools
import importlib.util
import os
import stat
import sys
import sysconfig
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from codelabs.sandbox.outcome import Unavailable

WIRE = ("numpy", "safetensors")
TORCH = (
    *WIRE,
    *("torch", "torchgen", "functorch", "typing_extensions", "sympy", "mpmath", "networkx", "filelock", "fsspec"),
    *("jinja2", "markupsafe", "nvidia", "triton"),
)
PACKAGES = {"numpy": WIRE, "torch": TORCH}
NEEDED = {"numpy": WIRE, "torch": (*WIRE, "torch")}
# Parts of a standard library that no job reads: other packages, and what is large and of no use.
NOT_THE_LIBRARY = frozenset(("site-packages", "dist-packages", "test", "idlelib", "ensurepip", "lib2to3"))
# What learners' code may read: torch seeds itself from it.
DEVICES = ("/dev/urandom",)


@dataclass(frozen=True)
class Runtime:
    """`packages` maps an importable name to the folder it is found in; `files` are its paths on this host."""

    name: str
    packages: dict[str, str]
    files: tuple[str, ...]


@functools.cache
def runtime(name: str) -> Runtime:
    """Where this host keeps the runtime. Raises Unavailable when it is not installed."""
    if name not in PACKAGES:
        raise Unavailable(f"There is no runtime called {name}.")
    packages: dict[str, str] = {}
    files: list[str] = []
    for package in PACKAGES[name]:
        found = _locate(package)
        if found is not None:
            packages[package] = str(found.parent)
            files += [str(path) for path in (found, found.parent / f"{package}.libs") if path.exists()]
        elif package in NEEDED[name]:
            title = "PyTorch" if package == "torch" else package
            raise Unavailable(f"{title} is not installed here, so {name} labs cannot run.")
    return Runtime(name, packages, tuple(files))


def _locate(package: str) -> Path | None:
    """The folder or file of a package."""
    try:
        spec = importlib.util.find_spec(package)
    except (ImportError, ValueError):
        return None
    if spec is None:
        return None
    if spec.submodule_search_locations:
        return Path(next(iter(spec.submodule_search_locations)))
    return Path(spec.origin) if spec.origin else None


def interpreter() -> str:
    """The Python itself, without its virtual environment: packages come from their runtime alone."""
    return os.path.realpath(getattr(sys, "_base_executable", None) or sys.executable)


def library() -> Path:
    """The folder of the standard library."""
    return Path(sysconfig.get_path("stdlib")).resolve()


def library_files() -> Iterator[str]:
    """The standard library without the packages that may be installed in it, and the shared libraries beside it."""
    for entry in sorted(library().iterdir()):
        if entry.name not in NOT_THE_LIBRARY:
            yield str(entry)
    for shared in sorted(library().parent.glob("*.so*")):
        yield str(shared)


def system_files() -> Iterator[str]:
    """Where the system keeps shared libraries, and the loader's index of them."""
    multiarch = sysconfig.get_config_var("MULTIARCH") or ""
    folders = [f"/usr/lib/{multiarch}", f"/lib/{multiarch}"] if multiarch else []
    folders = [folder for folder in folders if Path(folder).is_dir()] or ["/usr/lib", "/lib"]
    for path in (*folders, "/usr/lib64", "/lib64", "/etc/ld.so.cache"):
        if Path(path).exists():
            yield path
    if sys.base_prefix.startswith("/nix/"):
        yield "/nix/store"


def open_to_all(path: str) -> bool:
    """Whether every user of this host can reach and read the file or folder."""
    place = Path(path).resolve()
    readable = place.stat().st_mode & stat.S_IROTH
    return bool(readable) and all(above.stat().st_mode & stat.S_IXOTH for above in place.parents)


def imports_torch(source: str) -> bool:
    """Whether a Python file needs the torch runtime. What does not parse needs none: any box tells what is wrong."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    modules: list[str] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            modules += [item.name for item in node.names]
        elif isinstance(node, ast.ImportFrom) and not node.level:
            modules.append(node.module or "")
    return any(name.partition(".")[0] == "torch" for name in modules)
