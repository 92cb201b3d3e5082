"""The tables: labs with their files, and what learners wrote and submitted."""

from codelabs.models.lab import Lab, LabFile
from codelabs.models.submission import Draft, Reveal, Standing, Submission

__all__ = ["Draft", "Lab", "LabFile", "Reveal", "Standing", "Submission"]
