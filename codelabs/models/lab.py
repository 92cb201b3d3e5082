"""A lab: the task, the files that prove it, and the proof's result."""

from typing import Self

from django.db import models
from django.urls import reverse

from codelabs import proofs
from prepsite.lib.versioned import Status, VersionedContent


class LabQuerySet(models.QuerySet["Lab"]):
    def published(self) -> Self:
        return self.filter(status=Status.PUBLISHED)

    def on_topic(self, slug: str) -> Self:
        return self.filter(topic=slug)


class Lab(VersionedContent):
    """What the learner sees of a lab. Its Python files (starter, cases, oracle, solution, …) are LabFile rows."""

    class Runtime(models.TextChoices):
        NUMPY = "numpy", "NumPy"
        TORCH = "torch", "PyTorch"

    class Level(models.TextChoices):
        BASIC = "basic", "basic"
        INTERMEDIATE = "intermediate", "intermediate"
        ADVANCED = "advanced", "advanced"

    number = models.PositiveSmallIntegerField(unique=True, help_text="Its number in the curriculum.")
    title = models.CharField(max_length=160)
    summary = models.CharField(max_length=240, help_text="One plain sentence for the list of labs.")
    topic = models.SlugField(max_length=80, db_index=True, help_text="The slug of its topic.")
    concepts = models.JSONField(default=list, blank=True)
    level = models.CharField(max_length=12, choices=Level.choices)
    runtime = models.CharField(max_length=8, choices=Runtime.choices)
    entry = models.CharField(max_length=80, help_text="The name that the learner's code must define.")
    minutes = models.PositiveSmallIntegerField(default=20)
    prerequisites = models.JSONField(default=list, blank=True)
    questions = models.JSONField(default=list, blank=True, help_text="Slugs of related questions.")
    limits = models.JSONField(default=dict, blank=True)
    banned = models.JSONField(
        default=list, blank=True, help_text="Names the learner may not use, such as torch.nn.LSTM."
    )
    hints = models.JSONField(default=list, blank=True)
    wrong = models.JSONField(default=list, blank=True, help_text="The wrong solutions: file, misconception, says, why.")
    statement = models.TextField(help_text="Markdown with $TeX$.")
    html = models.JSONField(default=dict, editable=False)
    equivalent = models.JSONField(
        default=list, blank=True, help_text="Automatic changes to the model answer that leave it right: mutant, why."
    )
    filed_proof = models.JSONField(
        default=dict,
        editable=False,
        help_text="The proof that came with the lab's files, if it is of these very files.",
    )
    proof = models.JSONField(
        default=dict, editable=False, help_text="The last proof: version, when, cases, mistakes refused."
    )

    objects = LabQuerySet.as_manager()

    class Meta:
        ordering = ("number",)

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("codelabs:lab", args=[self.slug])

    @property
    def score(self) -> str:
        """The mutation score of the files' proof as it is shown; empty if they are not proven."""
        return proofs.per_cent(self.filed_proof) if self.filed_proof else ""

    def file(self, path: str) -> str:
        """The text of one of its files, or an empty string where it has none of that name."""
        return self.files.filter(path=path).values_list("text", flat=True).first() or ""


class LabFile(models.Model):
    """One Python file of a lab, by its path within the lab's folder. It only ever runs inside the sandbox."""

    lab = models.ForeignKey(Lab, on_delete=models.CASCADE, related_name="files")
    path = models.CharField(max_length=120)
    text = models.TextField()

    class Meta:
        ordering = ("path",)
        constraints = (models.UniqueConstraint(fields=("lab", "path"), name="a_path_once_per_lab"),)

    def __str__(self) -> str:
        return self.path
