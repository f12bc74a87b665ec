"""What keeps people safe at an event. The database itself lets nobody change a report, or who was there when it was filed."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

INCIDENT, ADDITION, SCAN = "tasks_incident", "tasks_incidentaddition", "tasks_scan"
STANDS = ("event_id", "reporter_id", "kind", "happened_at", "people", "doctor", "police", "recorded", "filed_at")
OTHER = " OR ".join(f"NEW.{name} <> OLD.{name}" for name in STANDS)
# Words may go after their time, and nothing else changes.
GUARDS = {
    f"{INCIDENT}_stays": f"BEFORE UPDATE ON {INCIDENT} {{each}}WHEN (NEW.what <> '' OR NEW.done <> '' OR {OTHER})",
    f"{INCIDENT}_is_there": f"BEFORE DELETE ON {INCIDENT} {{each}}",
    f"{ADDITION}_stays": f"BEFORE UPDATE ON {ADDITION} {{each}}"
    "WHEN (NEW.words <> '' OR NEW.incident_id <> OLD.incident_id OR NEW.by_id <> OLD.by_id OR NEW.at <> OLD.at)",
    f"{ADDITION}_is_there": f"BEFORE DELETE ON {ADDITION} {{each}}",
    f"{SCAN}_stands": f"BEFORE UPDATE ON {SCAN} {{each}}WHEN (OLD.frozen_at IS NOT NULL AND (NEW.frozen_at IS NULL "
    "OR NEW.result <> OLD.result OR NEW.people <> OLD.people))",
    f"{SCAN}_remains": f"BEFORE DELETE ON {SCAN} {{each}}WHEN (OLD.frozen_at IS NOT NULL)",
}
SQLITE = [
    f"CREATE TRIGGER IF NOT EXISTS {name} {when.format(each='')} "
    "BEGIN SELECT RAISE(ABORT, 'what was reported stands'); END"
    for name, when in GUARDS.items()
]
SQLITE_BACK = [f"DROP TRIGGER IF EXISTS {name}" for name in GUARDS]
POSTGRESQL = [
    """
    CREATE OR REPLACE FUNCTION tasks_what_was_reported_stands() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'what was reported stands' USING ERRCODE = 'integrity_constraint_violation'; END $$
    """,
    *(
        f"CREATE TRIGGER {name} {when.format(each='FOR EACH ROW ')} EXECUTE FUNCTION tasks_what_was_reported_stands()"
        for name, when in GUARDS.items()
    ),
]
POSTGRESQL_BACK = [
    *(f"DROP TRIGGER {name} ON {'_'.join(name.split('_')[:2])}" for name in GUARDS),
    "DROP FUNCTION tasks_what_was_reported_stands()",
]


def _run(schema_editor, on_sqlite, on_postgresql):
    statements = {"sqlite": on_sqlite, "postgresql": on_postgresql}[schema_editor.connection.vendor]
    with schema_editor.connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def let_it_stand(apps, schema_editor):
    _run(schema_editor, SQLITE, POSTGRESQL)


def let_it_go(apps, schema_editor):
    _run(schema_editor, SQLITE_BACK, POSTGRESQL_BACK)


class Migration(migrations.Migration):

    dependencies = [
        ('garage', '0001_initial'),
        ('tasks', '0021_material'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Incident',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('injury', 'Somebody is hurt or ill'), ('damage', 'Something is damaged'), ('weather', 'Weather'), ('lost_child', 'A child is missing'), ('other', 'Something else')], max_length=10, verbose_name='what kind')),
                ('happened_at', models.DateTimeField(verbose_name='when')),
                ('what', models.TextField(max_length=4000, verbose_name='what happened')),
                ('done', models.TextField(blank=True, max_length=4000, verbose_name='what was done')),
                ('people', models.PositiveSmallIntegerField(default=0, verbose_name='people involved')),
                ('doctor', models.BooleanField(default=False, verbose_name='a doctor or an ambulance was called')),
                ('police', models.BooleanField(default=False, verbose_name='the police was called')),
                ('recorded', models.PositiveIntegerField(default=0)),
                ('filed_at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'verbose_name': 'incident',
                'verbose_name_plural': 'incidents',
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='IncidentAddition',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('words', models.TextField(max_length=4000, verbose_name='what you know now')),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'verbose_name': 'addition to an incident',
                'verbose_name_plural': 'additions to incidents',
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='WaiverText',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sha256', models.CharField(max_length=64)),
                ('words', models.TextField(max_length=4000)),
                ('since', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'verbose_name': 'words about risk',
                'verbose_name_plural': 'words about risk',
                'ordering': ['id'],
            },
        ),
        migrations.AddField(
            model_name='event',
            name='waiver',
            field=models.TextField(blank=True, max_length=4000, verbose_name='what is risky about it'),
        ),
        migrations.AddField(
            model_name='event',
            name='waiver_sha256',
            field=models.CharField(blank=True, editable=False, max_length=64),
        ),
        migrations.AddField(
            model_name='rsvp',
            name='guardian',
            field=models.CharField(blank=True, max_length=60, verbose_name='whom to call for them'),
        ),
        migrations.AddField(
            model_name='rsvp',
            name='guardian_phone',
            field=models.CharField(blank=True, max_length=24, verbose_name='phone of that person'),
        ),
        migrations.AddField(
            model_name='rsvp',
            name='minors',
            field=models.PositiveSmallIntegerField(default=0, verbose_name='how many of them are under 18'),
        ),
        migrations.AddField(
            model_name='rsvp',
            name='waived_sha256',
            field=models.CharField(blank=True, editable=False, max_length=64),
        ),
        migrations.AddField(
            model_name='scan',
            name='frozen_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AlterField(
            model_name='scan',
            name='result',
            field=models.CharField(choices=[('in', 'Welcome'), ('more', 'More of the party'), ('walk_in', 'Let in without a place'), ('again', 'In already'), ('not_going', 'Has no place any more'), ('elsewhere', 'A ticket of another event'), ('unknown', 'Unknown ticket'), ('frozen', 'An incident is on record: who was there stays as it stands'), ('undo', 'Takes one back'), ('undone', 'Taken back')], max_length=9, verbose_name='result'),
        ),
        migrations.AddConstraint(
            model_name='rsvp',
            constraint=models.CheckConstraint(condition=models.Q(('minors__lt', models.F('party'))), name='minors_come_with_somebody'),
        ),
        migrations.AddConstraint(
            model_name='rsvp',
            constraint=models.CheckConstraint(condition=models.Q(('minors', 0), models.Q(models.Q(('guardian', ''), _negated=True), models.Q(('guardian_phone', ''), _negated=True)), _connector='OR'), name='minors_have_a_guardian'),
        ),
        migrations.AddField(
            model_name='incident',
            name='event',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='incidents', to='tasks.event'),
        ),
        migrations.AddField(
            model_name='incident',
            name='reporter',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='incidentaddition',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='incidentaddition',
            name='incident',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='additions', to='tasks.incident'),
        ),
        migrations.AddField(
            model_name='waivertext',
            name='event',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='waivers', to='tasks.event'),
        ),
        migrations.AddConstraint(
            model_name='waivertext',
            constraint=models.UniqueConstraint(fields=('event', 'sha256'), name='one_waiver_text_per_event_and_hash'),
        ),
        migrations.RunPython(let_it_stand, let_it_go),
    ]
