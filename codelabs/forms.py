"""What learners send: source code, whole and readable, or a sentence that says what is wrong with it."""

from django import forms

from codelabs import submitting
from codelabs.content.lab import HINTS
from codelabs.models import Submission

HOW_MANY = "How many hints were opened is a whole number."
SCRATCH_CHARACTERS = 4_000
REPLACEMENT = "\ufffd"  # what decoding a request leaves where its bytes were not UTF-8


class SourceField(forms.Field):
    """Code exactly as typed, but with line feeds, for browsers send carriage returns as well, and without the mark that
    some editors put before a text, which Python takes off files as well and nobody can see."""

    widget = forms.Textarea

    def to_python(self, value: str | None) -> str:
        return (value or "").removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")

    def validate(self, value: str) -> None:
        if value.strip() or self.required:
            submitting.check(value)
        if REPLACEMENT in value:
            line = value.count("\n", 0, value.index(REPLACEMENT)) + 1
            raise forms.ValidationError(
                f"Line {line} holds bytes that are not UTF-8 text. It was not run.", code="not-utf8"
            )


class ScratchField(SourceField):
    """The learner's own lines beside their code; there may be none."""

    def validate(self, value: str) -> None:
        if len(value) > SCRATCH_CHARACTERS:
            raise forms.ValidationError(
                f"The scratch lines are longer than {SCRATCH_CHARACTERS} characters. Nothing was run.", code="too-long"
            )
        super().validate(value)


class BaseField(SourceField):
    """The text that the page last had in common with the site; it is only compared."""

    def validate(self, value: str) -> None:
        pass


class CodeForm(forms.Form):
    """What both forms share. Where no scratch lines were sent, those that are kept stay as they are."""

    scratch = ScratchField(required=False)
    base = BaseField(required=False)
    owner = forms.CharField(required=False)  # the account that had opened the page

    @property
    def scratch_sent(self) -> str | None:
        return self.cleaned_data["scratch"] if "scratch" in self.data else None

    @property
    def base_sent(self) -> str | None:
        return self.cleaned_data["base"] if "base" in self.data else None

    @property
    def refusal(self) -> str:
        """Every reason for the refusal, as one text."""
        return " ".join(str(reason) for reasons in self.errors.values() for reason in reasons)


class DraftForm(CodeForm):
    """What the editor holds; it may be empty."""

    source = SourceField(required=False)


class AttemptForm(CodeForm):
    """Code to be run or submitted."""

    source = SourceField()
    hints = forms.IntegerField(required=False, min_value=0, max_value=HINTS, error_messages={"invalid": HOW_MANY})
    kind = forms.ChoiceField(
        choices=Submission.Kind.choices,
        error_messages={
            "required": "That is neither a run nor a submission.",
            "invalid_choice": "That is neither a run nor a submission.",
        },
    )
