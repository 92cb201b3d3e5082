"""The pages of labs: the list, the workbench, attempts and the solution."""

from codelabs.views.attempts import history, submission
from codelabs.views.listing import labs
from codelabs.views.reveal import solution
from codelabs.views.workbench import draft, lab, submit

__all__ = ["draft", "history", "lab", "labs", "solution", "submission", "submit"]
