"""What was answered moves from a row for each choice into the response, under the keys of question and option."""

from collections import defaultdict

from django.db import migrations

RENAMED = {"tasks.PollAnswered": "tasks.SurveyAnswered", "tasks.PollEdited": "tasks.SurveyEdited"}
AT_ONCE = 2000


def forwards(apps, schema_editor):
    Answer, OldResponse = apps.get_model("tasks", "Answer"), apps.get_model("tasks", "OldResponse")
    Response, Survey = apps.get_model("tasks", "Response"), apps.get_model("tasks", "Survey")
    chosen = defaultdict(dict)
    for response, question, option in Answer.objects.values_list("response", "question__key", "option__key").iterator():
        chosen[response][question] = option
    batch = []
    for old in OldResponse.objects.order_by("pk").iterator():
        batch.append(
            Response(
                survey_id=old.survey_id,
                respondent=old.respondent,
                answers=chosen.get(old.pk, {}),
                submitted_at=old.submitted_at,
                revision=old.revision,
            )
        )
        if len(batch) == AT_ONCE:
            Response.objects.bulk_create(batch)
            batch = []
    Response.objects.bulk_create(batch)
    for survey in Survey.objects.exclude(guess={}):
        first = survey.questions.order_by("position", "id").first()
        survey.guess = {first.key: survey.guess} if first else {}
        survey.save(update_fields=["guess"])
    Fact = apps.get_model("ledger", "Fact")
    for before, after in RENAMED.items():
        Fact.objects.filter(name=before).update(name=after)


class Migration(migrations.Migration):
    dependencies = [("tasks", "0002_surveys"), ("ledger", "0001_initial")]
    operations = [migrations.RunPython(forwards, migrations.RunPython.noop)]
