"""The tables: labs with their files, and what learners wrote and submitted."""

from codelabs.models.lab import Lab, LabFile
from codelabs.models.submission import Draft, Submission

__all__ = ["Draft", "Lab", "LabFile", "Submission"]
