"""A follow-up carries its answer. Stored as a line of text until now; an unanswered one has an empty answer."""

from django.db import migrations, models


def with_answers(apps, schema_editor):
    _rewrite(apps, lambda one: one if isinstance(one, dict) else {"text": one, "answer": ""})


def without_answers(apps, schema_editor):
    _rewrite(apps, lambda one: one["text"])


def _rewrite(apps, change):
    Question = apps.get_model("quizzes", "Question")
    changed = []
    for question in Question.objects.only("follow_ups", "html").iterator():
        question.follow_ups = [change(one) for one in question.follow_ups]
        if "follow_ups" in question.html:
            question.html["follow_ups"] = [change(one) for one in question.html["follow_ups"]]
        changed.append(question)
    Question.objects.bulk_update(changed, ["follow_ups", "html"], batch_size=200)


class Migration(migrations.Migration):
    dependencies = [("quizzes", "0010_cards_chosen_by_the_plan")]

    operations = [
        migrations.AlterField(
            model_name="question",
            name="follow_ups",
            field=models.JSONField(blank=True, default=list, help_text='[{"text": "…", "answer": "…"}]'),
        ),
        migrations.RunPython(with_answers, without_answers),
    ]
