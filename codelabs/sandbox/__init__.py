"""Runs code nobody trusts: processes and limits, nothing of labs or grading. Its threat model is docs/sandbox.md."""

from codelabs.sandbox.box import Box, Call, Heard, packed_call
from codelabs.sandbox.job import Answer, Limits, Raised, Ref, Tensor
from codelabs.sandbox.outcome import Outcome, Unavailable
from codelabs.sandbox.pool import Pool, library, pool
from codelabs.sandbox.runtimes import imports_torch

__all__ = [
    "Answer",
    "Box",
    "Call",
    "Heard",
    "Limits",
    "Outcome",
    "Pool",
    "Raised",
    "Ref",
    "Tensor",
    "Unavailable",
    "imports_torch",
    "library",
    "packed_call",
    "pool",
]
