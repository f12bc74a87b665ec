from django.db import migrations, models
from django.db.models import F


def as_they_were_marked(apps, schema_editor):
    """Until now a quote counted for the round of its passage."""
    apps.get_model("tasks", "Quote").objects.update(taken_round=F("round"))


class Migration(migrations.Migration):
    dependencies = [("tasks", "0032_what_was_read")]

    operations = [
        migrations.AddField(
            model_name="quote",
            name="taken_round",
            field=models.PositiveSmallIntegerField(default=1, help_text="The present one when it was quoted."),
        ),
        migrations.RunPython(as_they_were_marked, migrations.RunPython.noop),
        migrations.AddField(
            model_name="coder", name="asked_again_at", field=models.DateTimeField(blank=True, null=True)
        ),
    ]
