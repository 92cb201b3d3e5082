"""The pages of labs: the list, the workbench, attempts and the solution."""

from codelabs.views.attempts import history, news, submission
from codelabs.views.listing import labs
from codelabs.views.reveal import solution
from codelabs.views.workbench import begin_again, draft, lab, submit

__all__ = ["begin_again", "draft", "history", "lab", "labs", "news", "solution", "submission", "submit"]
