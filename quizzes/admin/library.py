"""Topics, concepts, misconceptions, guides, decks and flashcards in the admin."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from prepsite.lib import frontmatter
from quizzes import editing
from quizzes.admin.fieldtext import MarkdownField
from quizzes.admin.question_form import unknown_misconceptions
from quizzes.content import sections, standards
from quizzes.content.cards import CARD_GRAMMAR, card_id, card_slug
from quizzes.content.data import CardData, GuideData, MisconceptionData, Place, TopicData
from quizzes.content.fields import LARGEST_ORDER, Problems
from quizzes.content.fields import slug as read_slug
from quizzes.content.guides import parse_guide, write_guide
from quizzes.content.topics import parse_misconceptions, parse_topics, write_misconceptions, write_topics
from quizzes.models import Concept, Deck, Flashcard, Guide, Misconception, Topic


def _say(form: "forms.ModelForm[Any]", field: str, problems: Problems) -> None:
    for one in problems.found:
        where = f"Line {one.line}: " if one.line > 1 else ""
        form.add_error(field, f"{where}{one.message[:1].upper()}{one.message[1:]}.")


def _as_file(form: forms.ModelForm, text: str, parse: Callable[[str, Problems], object]) -> None:  # type: ignore[type-arg]
    """What is saved must be sound when it is read again from its file."""
    problems = Problems("")
    parse(text, problems)
    for message in dict.fromkeys(one.message for one in problems.found):
        form.add_error(None, f"As a file this would be broken: {message}.")


def _one_line(text: str) -> str:
    return " ".join(text.split())


class TopicForm(forms.ModelForm):  # type: ignore[type-arg]
    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors:
            values["summary"] = _one_line(values["summary"])
            slug = values.get("slug", self.instance.slug)
            data = TopicData(slug, values["code"], values["title"], values["summary"])
            _as_file(self, write_topics([data]), parse_topics)
        return values


class ConceptForm(forms.ModelForm):  # type: ignore[type-arg]
    def clean_slug(self) -> str:
        try:
            return str(read_slug()(self.cleaned_data["slug"]))
        except ValueError as error:
            raise forms.ValidationError(f"The slug {error}.") from error


class DeckForm(ConceptForm):
    def clean_order(self) -> int:
        if self.cleaned_data["order"] > LARGEST_ORDER:
            raise forms.ValidationError(f"{LARGEST_ORDER} is the most.")
        return int(self.cleaned_data["order"])


class _KeptAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Rows that learners' history hangs on: they are retired, not deleted."""

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class _LabelAdmin(_KeptAdmin):
    """Rows whose slug is their identity, in files and in labs: it is chosen once."""

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("slug",) if obj else ()


class ConceptInline(admin.TabularInline):  # type: ignore[type-arg]
    model = Concept
    form = ConceptForm
    extra = 0
    fields = ("order", "slug", "title")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Topic)
class TopicAdmin(_LabelAdmin):
    form = TopicForm
    list_display = ("code", "title", "slug", "order", "retired", "edited_here")
    list_display_links = ("title",)
    list_filter = ("retired", "edited_here")
    search_fields = ("title", "slug", "code", "summary")
    filter_horizontal = ("prerequisites",)
    fields = ("slug", "code", "title", "summary", "order", "prerequisites")
    inlines = (ConceptInline,)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        if not change or form.has_changed() or any(formset.has_changed() for formset in formsets):
            editing.topic_edited(form.instance)


@admin.register(Concept)
class ConceptAdmin(_LabelAdmin):
    form = ConceptForm
    list_display = ("title", "slug", "topic", "order", "retired")
    list_filter = ("retired", "topic")
    search_fields = ("title", "slug")
    fields = ("slug", "topic", "title", "order")

    def save_model(self, request: HttpRequest, obj: Concept, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if not change or form.has_changed():
            editing.topic_edited(obj.topic)


class MisconceptionForm(forms.ModelForm):  # type: ignore[type-arg]
    correction = MarkdownField(required=True)

    class Meta:
        model = Misconception
        fields = ("slug", "topic", "belief", "correction")

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or self.cleaned_data
        problems = Problems("")
        data = MisconceptionData("", "", "", values.get("correction", ""), Place("", {"": 1}))
        standards.check_misconception(data, problems)
        _say(self, "correction", problems)
        if not self.errors:
            slug = values.get("slug", self.instance.slug)
            values["belief"] = _one_line(values["belief"])
            data = MisconceptionData(slug, "", values["belief"], values["correction"])
            _as_file(self, write_misconceptions([data]), lambda text, found: parse_misconceptions(text, "", found))
        return values


@admin.register(Misconception)
class MisconceptionAdmin(_LabelAdmin):
    form = MisconceptionForm
    list_display = ("belief", "slug", "topic", "retired", "edited_here")
    list_filter = ("retired", "edited_here", "topic")
    search_fields = ("slug", "belief", "correction")

    def save_model(self, request: HttpRequest, obj: Misconception, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if not change or form.has_changed():
            editing.misconception_edited(obj)


def _parse_guide(text: str, slug: str, problems: Problems) -> None:
    try:
        documents = frontmatter.documents(text)
    except frontmatter.BadToml as error:
        problems.add(0, str(error))
        return
    parse_guide(documents[0], slug, problems)
    if len(documents) > 1:
        problems.add(0, "a line of three plus signs begins another front matter")


class GuideForm(forms.ModelForm):  # type: ignore[type-arg]
    body = MarkdownField(rows=40, required=True)

    class Meta:
        model = Guide
        fields = ("title", "slug", "status", "topic", "summary", "minutes", "order", "body")

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or self.cleaned_data
        problems = Problems("")
        place = Place("", {"": 1})
        standards.check_guide(GuideData("", "", "", "", "", values.get("body", ""), place=place), problems)
        _say(self, "body", problems)
        if not self.errors:
            values["summary"] = _one_line(values["summary"])
            facts = {name: values[name] for name in ("slug", "title", "summary", "body", "minutes", "order", "status")}
            data = GuideData(id=str(self.instance.uuid), topic=values["topic"].slug, **facts)
            _as_file(self, write_guide(data), lambda text, found: _parse_guide(text, data.slug, found))
        return values


@admin.register(Guide)
class GuideAdmin(_KeptAdmin):
    form = GuideForm
    list_display = ("title", "topic", "minutes", "status", "version", "edited_here")
    list_filter = ("status", "edited_here", "topic")
    search_fields = ("title", "slug", "summary", "body")
    list_select_related = ("topic",)

    def save_model(self, request: HttpRequest, obj: Guide, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if not change or form.has_changed():
            editing.guide_edited(obj)


@admin.register(Deck)
class DeckAdmin(_KeptAdmin):
    form = DeckForm
    list_display = ("title", "slug", "topic", "level", "status", "edited_here")
    list_filter = ("status", "edited_here", "level", "topic")
    search_fields = ("title", "slug")
    filter_horizontal = ("concepts",)
    fields = ("title", "slug", "status", "topic", "concepts", "level", "order")

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        if not change or form.has_changed():
            editing.deck_edited(form.instance)


class FlashcardForm(forms.ModelForm):  # type: ignore[type-arg]
    key = forms.SlugField(max_length=40, help_text="Its name within its question or deck; chosen once.")
    front = MarkdownField(rows=4, required=True, help_text="A cloze card has one gap: {{answer|other answer}}.")
    back = MarkdownField(rows=4, required=True, help_text="One fact.")

    class Meta:
        model = Flashcard
        fields = ("question", "deck", "kind", "misconception", "order", "front", "back")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["key"].disabled = True
            self.fields["question"].disabled = self.fields["deck"].disabled = True
            self.initial["key"] = self.instance.key

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or self.cleaned_data
        if self.errors:
            return values
        parent = values["question"] or values["deck"]
        if bool(values["question"]) == bool(values["deck"]):
            self.add_error(None, "A card belongs either to a question or to a deck.")
            return values
        problems = Problems("")
        fields = [("Back", values["back"]), ("Misconception", values["misconception"]), ("Kind", values["kind"])]
        item = sections.write_item(values["front"], key=values["key"], fields=fields)
        sections.items(sections.Section("Cards", item, 1, 1), CARD_GRAMMAR, problems)
        standards.check_cards(
            (CardData(values["key"], values["front"], values["back"], values["kind"], "", 1),), problems
        )
        _say(self, "front", problems)
        for slug in unknown_misconceptions([values["misconception"]]):
            self.add_error("misconception", f"There is no misconception “{slug}”.")
        slug = card_slug(parent.slug, values["key"])
        taken = Flashcard.objects.filter(slug=slug).exclude(pk=self.instance.pk).exists()
        if len(slug) > 80 or taken:
            self.add_error("key", "The key is taken already." if taken else "The key is too long.")
        elif not self.instance.pk:
            self.instance.uuid = card_id(str(parent.uuid), values["key"])
            self.instance.slug = slug
            self.instance.topic, self.instance.level = parent.topic, parent.level
            self.instance.status = parent.status
        return values


@admin.register(Flashcard)
class FlashcardAdmin(_KeptAdmin):
    form = FlashcardForm
    list_display = ("front", "topic", "question", "deck", "kind", "level", "status", "version")
    list_filter = ("status", "kind", "level", "topic", "deck")
    search_fields = ("slug", "front", "back")
    list_select_related = ("topic", "question", "deck")
    autocomplete_fields = ("question", "deck")
    fields = ("question", "deck", "key", "kind", "misconception", "order", "front", "back")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Flashcard]:
        """Without what learners wrote for themselves: that is theirs alone."""
        found: QuerySet[Flashcard] = super().get_queryset(request).filter(owner=None)
        return found

    def save_model(self, request: HttpRequest, obj: Flashcard, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if not change or form.has_changed():
            reworded = change and bool({"front", "back", "kind"} & set(form.changed_data))
            editing.card_edited(obj, reworded=reworded)
