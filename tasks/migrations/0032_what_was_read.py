from django.db import migrations, models
from django.db.models import Q


def name_versions(apps, schema_editor):
    """What was read is what stood when its reader finished, or began: an edit since then is read again."""
    versions = apps.get_model("tasks", "EntryVersion").objects
    for coder in apps.get_model("tasks", "Coder").objects.all():
        upto = coder.finished_at or coder.begun_at
        done = {}
        for entry in coder.done:
            numbers = versions.filter(entry=entry).order_by("-number").values_list("number", flat=True)
            done[str(entry)] = numbers.filter(at__lte=upto).first() or 1
        coder.done = done
        coder.save(update_fields=["done"])


def forget_versions(apps, schema_editor):
    for coder in apps.get_model("tasks", "Coder").objects.all():
        coder.done = [int(entry) for entry in coder.done]
        coder.save(update_fields=["done"])


def name_rounds(apps, schema_editor):
    """A quote is of the round in which its passage was marked."""
    spans = apps.get_model("tasks", "Span").objects
    for quote in apps.get_model("tasks", "Quote").objects.all():
        place = Q(version__entry=quote.entry_id, version__number=quote.version, start=quote.start, end=quote.end)
        marked = spans.filter(place, code=quote.code_id, at__lte=quote.at).order_by("-round").first()
        if marked and marked.round != quote.round:
            quote.round = marked.round
            quote.save(update_fields=["round"])


def name_retirements(apps, schema_editor):
    """A code that is out of use went so in the present round; earlier ones were read by it."""
    for code in apps.get_model("tasks", "Code").objects.filter(retired_at__isnull=False).select_related("codebook"):
        code.retired_round = code.codebook.round
        code.save(update_fields=["retired_round"])


class Migration(migrations.Migration):
    dependencies = [("tasks", "0031_nothing_is_ticked")]

    operations = [
        migrations.AlterField(
            model_name="coder",
            name="done",
            field=models.JSONField(blank=True, default=dict),
        ),
        migrations.RunPython(name_versions, forget_versions),
        migrations.AddField(
            model_name="quote",
            name="round",
            field=models.PositiveSmallIntegerField(default=1, help_text="In which its passage was marked."),
        ),
        migrations.RunPython(name_rounds, migrations.RunPython.noop),
        migrations.AddField(
            model_name="code", name="since_round", field=models.PositiveSmallIntegerField(default=1)
        ),
        migrations.AddField(
            model_name="code", name="retired_round", field=models.PositiveSmallIntegerField(blank=True, null=True)
        ),
        migrations.RunPython(name_retirements, migrations.RunPython.noop),
    ]
