"""Writing, changing and setting aside cards of one's own, with a preview by the site's own renderer."""

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from prepsite.lib.requests import LearnerRequest
from quizzes import own_cards
from quizzes.models import Flashcard, Topic
from quizzes.own_cards import OwnCard

KINDS = [(kind.value, kind.label) for kind in (Flashcard.Kind.BASIC, Flashcard.Kind.CLOZE)]


class OwnCardForm(forms.Form):
    kind = forms.ChoiceField(label="Kind", choices=KINDS, initial=Flashcard.Kind.BASIC)
    front = forms.CharField(
        label="Front",
        required=False,
        strip=False,
        help_text="Markdown with $TeX$. A cloze card marks its one gap {{answer}} here.",
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    back = forms.CharField(
        label="Back",
        required=False,
        strip=False,
        help_text="One fact is enough; a card that asks two things is two cards.",
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    topic = forms.ModelChoiceField(
        label="Topic", required=False, queryset=Topic.objects.none(), to_field_name="slug", empty_label="none"
    )
    pile = forms.CharField(
        label="Pile", required=False, max_length=160, help_text="A name of your own, found with pile:name."
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["topic"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Topic.objects.in_order()

    @property
    def card(self) -> OwnCard:
        """What is written so far; whether it may be saved is another question."""
        given = self.cleaned_data
        return OwnCard(
            front=_text(given.get("front", "")),
            back=_text(given.get("back", "")),
            kind=given.get("kind") or Flashcard.Kind.BASIC,
            pile=given.get("pile", ""),
            topic=given.get("topic"),
        )

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or self.cleaned_data
        for side, problem in self.card.problems().items():
            self.add_error(side, problem)
        return values


def _text(text: str) -> str:
    return text.replace("\0", "").replace("\r\n", "\n").strip("\n")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: LearnerRequest) -> HttpResponse:
    return _form(request, None)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: LearnerRequest, flashcard: uuid.UUID) -> HttpResponse:
    return _form(request, get_object_or_404(Flashcard.objects.owned_by(request.user), uuid=flashcard))


@login_required
@require_POST
def preview(request: LearnerRequest) -> HttpResponse:
    """Both sides of what is written so far, for the script of the form."""
    form = OwnCardForm(request.POST)
    form.is_valid()
    return render(request, "quizzes/_own_preview.html", _preview(form.card))


@login_required
@require_POST
def discard(request: LearnerRequest, flashcard: uuid.UUID) -> HttpResponse:
    """It comes no more; its history stays, and it can be taken up again."""
    row = get_object_or_404(Flashcard, owner=request.user.pk, uuid=flashcard)
    if request.POST.get("again"):
        own_cards.take_up_again(row)
        messages.success(request, "Taken up again: it comes when it is due.")
        return redirect("quizzes:card", row.uuid)
    own_cards.discard(row)
    messages.success(request, "Set aside for good. Its history is kept; “Take it up again” brings it back.")
    return redirect("quizzes:discarded")


@login_required
@require_http_methods(["GET", "HEAD"])
def discarded(request: LearnerRequest) -> HttpResponse:
    rows = Flashcard.objects.filter(owner=request.user.pk, status="retired").order_by("-updated_at")[:200]
    return render(request, "quizzes/discarded.html", {"section": "review", "rows": rows})


def _form(request: LearnerRequest, row: Flashcard | None) -> HttpResponse:
    form = OwnCardForm(request.POST or None, initial=_initial(row))
    context: dict[str, Any] = {"section": "review", "form": form, "row": row}
    if request.method == "POST":
        sound = form.is_valid()
        if "preview" not in request.POST and sound:
            try:
                saved = own_cards.write(request.user, form.card, row=row)
            except own_cards.TooMany as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, "Saved. It is yours alone." if row is None else "Saved as a new version.")
                return redirect(
                    "quizzes:new_card" if "another" in request.POST else reverse("quizzes:card", args=[saved.uuid])
                )
        context |= _preview(form.card)
        status = 200 if "preview" in request.POST else 400
        return render(request, "quizzes/own_card.html", context, status=status)
    if row is not None:
        context |= _preview(OwnCard(row.front, row.back, row.kind))
    return render(request, "quizzes/own_card.html", context)


def _initial(row: Flashcard | None) -> dict[str, Any]:
    if row is None:
        return {}
    return {"kind": row.kind, "front": row.front, "back": row.back, "pile": row.pile, "topic": row.topic}


def _preview(card: OwnCard) -> dict[str, Any]:
    if any(len(side) > own_cards.LONGEST_SIDE for side in (card.front, card.back)):
        return {"front_html": "", "back_html": "", "remarks": list(card.problems().values())}
    front, back = card.sides()
    return {"front_html": front, "back_html": back, "remarks": card.remarks()}
