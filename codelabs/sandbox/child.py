"""The child: one forked process that loads modules and calls functions as its parent asks, until it is killed.

It shares its process with the code it runs, so nothing here is a wall and nothing it says is believed: the walls are
up before the first byte of that code arrives, and the parent parses every answer as hostile.
"""

import gc
import io
import linecache
import math
import os
import random
import resource
import sys
from importlib.machinery import ModuleSpec
from types import CodeType, ModuleType
from typing import Any

import numpy as np

from codelabs.sandbox import wire
from codelabs.sandbox.blame import describe
from codelabs.sandbox.job import TOLD, Limits, Tensor
from codelabs.sandbox.nodes import UNCHANGED, Packer
from codelabs.sandbox.sent import Sent

LINE = 3  # the descriptor of the socket to the parent
REHEARSAL = """
import numpy as np

def play(x, y, z, **more):
    first = np.concatenate([x, x @ x.T], axis=1)
    second = np.exp(-first) + np.tanh(first).sum(axis=0, keepdims=True)
    return {"a": second, "b": [second.mean(), np.einsum("ij,kj->ik", second, second)]}

def play_torch(x):
    import torch
    weight = torch.nn.Parameter(x.detach().clone())
    loss = torch.tanh(x @ weight.T).square().mean() + torch.nn.functional.cross_entropy(weight, torch.tensor([0, 1, 2]))
    loss.backward()
    with torch.no_grad():
        weight -= 0.1 * weight.grad
    return [weight.detach(), loss.detach(), torch.cat([x, x]).norm(), torch.allclose(x, x)]
"""
REHEARSALS = 4  # each is quicker than the one before
FREE_SIZES = (256, 1_024, 4_096, 16_384)  # bytes
FREE_BYTES = 1 << 18  # of each of these sizes
PIECE = 1 << 16  # larger ones are mapped anew for each read
CPU_CALLS = 64  # the hard CPU limit of a box, in calls at their limit; the parent ends each call at its own


# Code compiled before the fork, by the file and text that it was made of.
_learnt: dict[tuple[str, str], CodeType] = {}


def learn(name: str, source: str) -> None:
    """Compile a module of the site's own ahead of all boxes that will load it. Called in the zygote."""
    _learnt[_file(name), source] = compile(source, _file(name), "exec", dont_inherit=True)


def _file(name: str) -> str:
    return name.replace(".", "/") + ".py"


def serve() -> None:
    """Answer requests until the parent hangs up."""
    sys.stdin = io.TextIOWrapper(io.FileIO(0, "r", closefd=False), encoding="utf-8")
    sys.stdout = sys.stderr = io.TextIOWrapper(
        io.BufferedWriter(io.FileIO(1, "w", closefd=False)),
        encoding="utf-8",
        errors="backslashreplace",
        line_buffering=True,
    )
    random.seed(0)  # Python seeds this one anew in every fork
    vars(sys).update(__stdin__=sys.stdin, __stdout__=sys.stdout, __stderr__=sys.stderr)
    rehearse()
    desk, heard = Desk(), bytearray()
    while True:
        desk.handle(*_read_frame(heard))


def rehearse() -> None:
    """Go through the motions while nobody waits: a fork's first touch of a page costs, and so does any first use."""
    desk = Desk()
    desk.write = lambda data: None
    desk.handle(["load", 0, "rehearsal", REHEARSAL], b"")
    _play(desk, "play", (np.zeros((3, 4)), 1.0, "x"))
    if desk.torch is not None:
        _play(desk, "play_torch", (Tensor(np.ones((3, 4), np.float32), "float32", True),))
    del sys.modules["rehearsal"]
    linecache.cache.clear()
    _write_to_free_memory()


def _write_to_free_memory() -> None:
    """Write to what `malloc` will hand out next: the first write to a page that is the zygote's copies it, and one that
    nobody has is made then. Each takes as long as multiplying two small matrices."""
    held = [np.ones(size // 8) for size in FREE_SIZES for _ in range(FREE_BYTES // size)]
    del held


def _play(desk: "Desk", name: str, arguments: tuple[Any, ...]) -> None:
    packer = Packer()
    node = packer.node(arguments)
    skeleton, arrays = wire.split(packer.frame(["call", 0, f"rehearsal:{name}", node, ["d"], None, True]))
    for _ in range(REHEARSALS):
        desk.handle(wire.parse(skeleton), arrays)


def _read_frame(heard: bytearray) -> tuple[list[Any], bytes]:
    """The next frame; `heard` holds what has been read already, and keeps what belongs to the one after."""
    while len(heard) < wire.HEADER.size:
        _read(heard)
    _, skeleton, arrays = wire.HEADER.unpack_from(heard)
    middle = wire.HEADER.size + skeleton
    while len(heard) < middle + arrays:
        _read(heard)
    frame = wire.parse(bytes(heard[wire.HEADER.size : middle])), bytes(heard[middle : middle + arrays])
    del heard[: middle + arrays]
    return frame


def _read(heard: bytearray) -> None:
    piece = os.read(LINE, PIECE)
    if not piece:
        os._exit(0)
    heard += piece


def write(data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(LINE, rest) :]


class Desk:
    """What a box knows: its limits, its modules, and the objects kept for later calls."""

    def __init__(self) -> None:
        self.limits = Limits()
        self.files: set[str] = set()
        self.kept: dict[str, Any] = {}
        self.torch = sys.modules.get("torch")
        self.write = write

    def handle(self, fields: list[Any], data: bytes) -> None:
        match fields:
            case ["start", memory_bytes, *limits]:
                self._start(memory_bytes, Limits(**dict(zip(TOLD, limits, strict=True))))
            case ["load", nonce, name, source]:
                self._answer(nonce, lambda: self._load(name, source), None)
            case ["call", nonce, target, arguments, keywords, keep, back]:
                # Taken apart before the learner's code runs, so that what goes in is exactly what was sent.
                sent = Sent([arguments, keywords], data, self.torch, self.kept)
                self._answer(nonce, lambda: self._call(target, sent, keep), sent if back else None)

    def _start(self, memory_bytes: int, limits: Limits) -> None:
        """`memory_bytes` is the whole address space: what the zygote had and what the job may add."""
        self.limits = limits
        resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
        hard = CPU_CALLS * math.ceil(limits.cpu_seconds) * (limits.threads + 1)
        resource.setrlimit(resource.RLIMIT_CPU, (hard, hard + 1))

    def _answer(self, nonce: int, act: Any, sent: Sent | None) -> None:
        value: Any = None
        error: list[Any] | None = None
        ending = "ok"
        try:
            value = act()
        except SystemExit as problem:
            ending, error = "exited", describe(problem, self.files)
        except BaseException as problem:  # noqa: BLE001 -- whatever the learner's code raises is an answer
            error = describe(problem, self.files)
            ending = _ending(problem, error[1])
            BaseException.with_traceback(problem, None)  # what its frames hold may be all the memory there is
        try:
            self._send(nonce, ending, value, sent, error)
        except wire.UnsendableError as problem:
            self._send(nonce, problem.outcome, None, None, ["Unsendable", str(problem), [], ""])
        except MemoryError:
            value = sent = None
            gc.collect()
            self._send(nonce, "memory", None, None, ["MemoryError", "no memory left to send the answer", [], ""])
        except BaseException as problem:  # noqa: BLE001 -- an answer's own methods run while it is packed
            self._send(nonce, "malformed", None, None, describe(problem, self.files))

    def _send(self, nonce: int, ending: str, value: Any, sent: Sent | None, error: list[Any] | None) -> None:
        packer = Packer(self.limits, self.torch, {id(kept): name for name, kept in self.kept.items()})
        arguments, keywords = None, None
        if sent is not None and sent.unchanged():
            arguments = keywords = UNCHANGED
        elif sent is not None:
            arguments, keywords = packer.node(sent.arguments), packer.node(sent.keywords)
        frame = packer.frame([nonce, ending, packer.node(value), arguments, keywords, error])
        sys.stdout.flush()
        self.write(frame)

    def _load(self, name: str, source: str) -> None:
        file = _file(name)
        self.files.add(file)
        linecache.cache[file] = (len(source), None, source.splitlines(keepends=True), file)
        code = _learnt.get((file, source)) or compile(source, file, "exec", dont_inherit=True)
        module = _module(name)
        module.__file__ = file
        sys.modules[name] = module
        try:
            exec(code, module.__dict__)  # noqa: S102 -- this is what a box is for
        except BaseException:
            sys.modules.pop(name, None)
            raise
        package, _, last = name.rpartition(".")
        if package:
            setattr(_package(package), last, module)

    def _call(self, target: str, sent: Sent, keep: str | None) -> Any:
        result = self._resolve(target)(*sent.arguments, **sent.keywords)
        if keep is None:
            return result
        self.kept[keep] = result
        return None

    def _resolve(self, target: str) -> Any:
        found: Any
        if target.startswith("$"):
            name, *path = target[1:].split(".")
            found = self.kept[name]
        else:
            module, _, dotted = target.partition(":")
            found, path = sys.modules[module], dotted.split(".")
        for step in path:
            found = getattr(found, step)
        return found


def _module(name: str) -> ModuleType:
    """A new module, or the empty package that stands for it since one of its parts was loaded."""
    standing = sys.modules.get(name)
    if (
        isinstance(standing, ModuleType)
        and getattr(standing, "__file__", None) is None
        and name not in sys.builtin_module_names
    ):
        return standing
    module = ModuleType(name)
    module.__spec__ = ModuleSpec(name, loader=None, origin=name)
    module.__package__ = name.rpartition(".")[0]
    return module


def _package(name: str) -> ModuleType:
    """The package of that name, made on the spot where there is none."""
    package = sys.modules.get(name)
    if package is None:
        package = sys.modules[name] = ModuleType(name)
        package.__spec__ = ModuleSpec(name, loader=None, is_package=True)
        package.__package__ = name
        above, _, last = name.rpartition(".")
        if above:
            setattr(_package(above), last, package)
    if not hasattr(package, "__path__"):
        package.__path__ = []
    return package


def _ending(problem: BaseException, message: str) -> str:
    """How a call that raised this has ended. torch speaks of memory in a RuntimeError, and Python of threads."""
    if issubclass(type(problem), MemoryError):
        return "memory"
    if type(problem) is RuntimeError and "can't start new thread" in message:
        return "threads"
    return "memory" if type(problem) is RuntimeError and "can't allocate memory" in message else "raised"
