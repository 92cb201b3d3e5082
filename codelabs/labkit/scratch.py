"""Runs the learner's own few lines beside their code, as at Python's prompt. Called in a box of their own.

There is no case and no answer in that box: whatever these lines do, it is the learner's code alone that they meet.
"""

import ast
import linecache
import sys
import traceback
from typing import Any

FILE = "scratch.py"
_CHARACTERS = 4_000


def run(source: str, module: str) -> dict[str, Any]:
    """Run `source` among the names of `module`: {"value": text of the last expression} or {"traceback", "line"}.

    A value of None is not told, as at the prompt. Only lines of the two files stand in the traceback.
    """
    names = dict(vars(sys.modules[module])) | {"__name__": "scratch"}
    linecache.cache[FILE] = (len(source), None, source.splitlines(keepends=True), FILE)
    try:
        tree = ast.parse(source, FILE)
        last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
        exec(compile(tree, FILE, "exec"), names)  # noqa: S102 - this is what a box is for
        if not isinstance(last, ast.Expr):
            return {}
        value = eval(compile(ast.Expression(last.value), FILE, "eval"), names)  # noqa: S307 - as above
        return {} if value is None else {"value": repr(value)[:_CHARACTERS]}
    except Exception as error:  # noqa: BLE001 - whatever the learner's lines raise is what they want to see
        return _told(error, f"{module}.py")


def _told(error: Exception, file: str) -> dict[str, Any]:
    told = traceback.TracebackException.from_exception(error, limit=-50)
    told.stack[:] = [frame for frame in told.stack if frame.filename in (FILE, file)]
    lines = [frame.lineno for frame in told.stack if frame.filename == file]
    told.__cause__ = told.__context__ = None
    return {"traceback": "".join(told.format())[-_CHARACTERS:], "line": lines[-1] if lines else None}
