from django.conf import settings
from django.db import migrations, models
import django.db.models.deletion
import django.utils.timezone
import uuid


class Migration(migrations.Migration):
    dependencies = [("tasks", "0001_initial"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]
    operations = [
        # A response becomes one row with all its answers; the old rows are read by the next step.
        migrations.RemoveConstraint(model_name="response", name="one_response_per_person"),
        migrations.RenameModel(old_name="Response", new_name="OldResponse"),
        migrations.AlterField(
            model_name="oldresponse",
            name="survey",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", db_index=False, to="tasks.survey"),
        ),
        migrations.CreateModel(
            name='BallotBox',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ballots', models.JSONField(default=list)),
            ],
        ),
        migrations.CreateModel(
            name='BankQuestion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=120, verbose_name='title')),
                ('body', models.JSONField(help_text='One question as it is exported.')),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'verbose_name': 'question of the bank',
                'verbose_name_plural': 'question bank',
                'ordering': ['title', 'id'],
            },
        ),
        migrations.CreateModel(
            name='QuotaCell',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('model', models.CharField(blank=True, max_length=40)),
                ('version', models.CharField(blank=True, max_length=40)),
                ('koc_level', models.CharField(blank=True, max_length=12)),
                ('limit', models.PositiveIntegerField(verbose_name='at most')),
                ('used', models.PositiveIntegerField(default=0)),
            ],
            options={
                'verbose_name': 'quota',
                'verbose_name_plural': 'quotas',
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='QuotaHold',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('until', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Response',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('respondent', models.CharField(max_length=64)),
                ('anonymous', models.BooleanField(default=False)),
                ('answers', models.JSONField(default=dict, help_text='By key of the question; null: seen and not answered.')),
                ('facts', models.JSONField(default=dict, help_text='Car, version, level and city, as they were at the start.')),
                ('version', models.PositiveSmallIntegerField(default=1)),
                ('state', models.CharField(choices=[('counted', 'Counted'), ('over_quota', 'Over the quota')], default='counted', max_length=12)),
                ('late', models.BooleanField(default=False)),
                ('seed', models.PositiveIntegerField(help_text='Of the order in which options were shown.', null=True)),
                ('seconds', models.PositiveIntegerField(blank=True, null=True)),
                ('submitted_at', models.DateTimeField(default=django.utils.timezone.now, null=True)),
                ('revision', models.PositiveSmallIntegerField(default=0, help_text='How often it was written.')),
            ],
            options={
                'verbose_name': 'response',
                'verbose_name_plural': 'responses',
            },
        ),
        migrations.CreateModel(
            name='ResponseDraft',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('answers', models.JSONField(default=dict)),
                ('facts', models.JSONField(default=dict)),
                ('version', models.PositiveSmallIntegerField(default=1)),
                ('page', models.PositiveSmallIntegerField(default=1)),
                ('seed', models.PositiveIntegerField()),
                ('started_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('saved_at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
        ),
        migrations.CreateModel(
            name='Wording',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveSmallIntegerField()),
                ('questions', models.JSONField(help_text='As they are exported.')),
                ('changes', models.JSONField(default=list, help_text='[place, before, after] of each line that changed.')),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'verbose_name': 'wording',
                'verbose_name_plural': 'wordings',
                'ordering': ['version'],
            },
        ),
        migrations.AddField(
            model_name='option',
            name='exclusive',
            field=models.BooleanField(default=False, verbose_name='excludes all others'),
        ),
        migrations.AddField(
            model_name='option',
            name='retired',
            field=models.BooleanField(default=False, help_text='Nobody chooses it any more; who chose it stays counted.', verbose_name='retired'),
        ),
        migrations.AddField(
            model_name='option',
            name='words',
            field=models.BooleanField(default=False, verbose_name='asks for own words'),
        ),
        migrations.AddField(
            model_name='question',
            name='cannot_judge',
            field=models.BooleanField(default=False, verbose_name='“cannot judge” may be answered'),
        ),
        migrations.AddField(
            model_name='question',
            name='help',
            field=models.CharField(blank=True, max_length=300, verbose_name='beneath it'),
        ),
        migrations.AddField(
            model_name='question',
            name='high',
            field=models.IntegerField(blank=True, null=True, verbose_name='to'),
        ),
        migrations.AddField(
            model_name='question',
            name='high_label',
            field=models.CharField(blank=True, max_length=40, verbose_name='words at the high end'),
        ),
        migrations.AddField(
            model_name='question',
            name='low',
            field=models.IntegerField(blank=True, null=True, verbose_name='from'),
        ),
        migrations.AddField(
            model_name='question',
            name='low_label',
            field=models.CharField(blank=True, max_length=40, verbose_name='words at the low end'),
        ),
        migrations.AddField(
            model_name='question',
            name='most',
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='at most so many'),
        ),
        migrations.AddField(
            model_name='question',
            name='page',
            field=models.PositiveSmallIntegerField(default=1, verbose_name='page'),
        ),
        migrations.AddField(
            model_name='question',
            name='required',
            field=models.BooleanField(default=False, verbose_name='must be answered'),
        ),
        migrations.AddField(
            model_name='question',
            name='show_if',
            field=models.JSONField(blank=True, null=True, verbose_name='shown if'),
        ),
        migrations.AddField(
            model_name='question',
            name='shuffled',
            field=models.BooleanField(default=False, verbose_name='options in a new order for each person'),
        ),
        migrations.AddField(
            model_name='survey',
            name='amendable',
            field=models.BooleanField(default=True, verbose_name='answers may be changed until the end'),
        ),
        migrations.AddField(
            model_name='survey',
            name='fixed_at',
            field=models.DateTimeField(blank=True, help_text='The first answer was begun: from then on the promises do not change.', null=True),
        ),
        migrations.AddField(
            model_name='survey',
            name='privacy',
            field=models.CharField(choices=[('identified', 'With the name'), ('confidential', 'Confidential'), ('anonymous', 'Anonymous')], default='confidential', max_length=12, verbose_name='privacy'),
        ),
        migrations.AddField(
            model_name='survey',
            name='version',
            field=models.PositiveSmallIntegerField(default=1, help_text='Of the wording; answers keep theirs.'),
        ),
        migrations.AlterField(
            model_name='question',
            name='type',
            field=models.CharField(choices=[('single', 'One of several'), ('multiple', 'Several of several'), ('image', 'One of several pictures'), ('rating', 'Rating'), ('nps', 'Would recommend, 0 to 10'), ('ranking', 'Put in order'), ('matrix', 'Several rows on one scale'), ('number', 'Number'), ('text', 'A few words'), ('long_text', 'In own words, at length'), ('photo', 'Photo'), ('maxdiff', 'Best and worst of a few, several times'), ('pairwise', 'One of two, several times')], default='single', max_length=12),
        ),
        migrations.AlterField(
            model_name='survey',
            name='guess',
            field=models.JSONField(blank=True, default=dict, help_text='By question: whole percent by option, written down before it opens, shown beside the answer.', verbose_name='our guess'),
        ),
        migrations.AddConstraint(
            model_name='survey',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('privacy', 'anonymous'), _negated=True), ('amendable', False), _connector='OR'), name='what_is_anonymous_cannot_be_changed_later'),
        ),
        migrations.AddField(
            model_name='ballotbox',
            name='survey',
            field=models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='box', to='tasks.survey'),
        ),
        migrations.AddField(
            model_name='bankquestion',
            name='by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='quotacell',
            name='option',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='cells', to='tasks.option'),
        ),
        migrations.AddField(
            model_name='quotacell',
            name='survey',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='cells', to='tasks.survey'),
        ),
        migrations.AddField(
            model_name='quotahold',
            name='cell',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='holds', to='tasks.quotacell'),
        ),
        migrations.AddField(
            model_name='response',
            name='member',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='response',
            name='survey',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='responses', to='tasks.survey'),
        ),
        migrations.AddField(
            model_name='responsedraft',
            name='member',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='responsedraft',
            name='survey',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='drafts', to='tasks.survey'),
        ),
        migrations.AddField(
            model_name='quotahold',
            name='draft',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='holds', to='tasks.responsedraft'),
        ),
        migrations.AddField(
            model_name='wording',
            name='by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='wording',
            name='survey',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='wordings', to='tasks.survey'),
        ),
        migrations.AddConstraint(
            model_name='quotacell',
            constraint=models.CheckConstraint(condition=models.Q(('used__lte', models.F('limit'))), name='never_over_a_quota'),
        ),
        migrations.AddConstraint(
            model_name='quotacell',
            constraint=models.UniqueConstraint(condition=models.Q(('option__isnull', True)), fields=('survey', 'model', 'version', 'koc_level'), name='one_quota_per_kind_of_person'),
        ),
        migrations.AddConstraint(
            model_name='quotacell',
            constraint=models.UniqueConstraint(condition=models.Q(('option__isnull', False)), fields=('option', 'model', 'version', 'koc_level'), name='one_quota_per_option_and_kind_of_person'),
        ),
        migrations.AddConstraint(
            model_name='response',
            constraint=models.UniqueConstraint(fields=('survey', 'respondent'), name='one_response_per_person'),
        ),
        migrations.AddConstraint(
            model_name='response',
            constraint=models.CheckConstraint(condition=models.Q(('anonymous', False), models.Q(('late', False), ('member__isnull', True), ('revision', 1), ('seconds__isnull', True), ('seed__isnull', True), ('submitted_at__isnull', True)), _connector='OR'), name='an_anonymous_response_knows_nobody'),
        ),
        migrations.AddConstraint(
            model_name='responsedraft',
            constraint=models.UniqueConstraint(fields=('survey', 'member'), name='one_draft_per_person'),
        ),
        migrations.AddConstraint(
            model_name='quotahold',
            constraint=models.UniqueConstraint(fields=('cell', 'draft'), name='one_hold_per_cell_and_draft'),
        ),
        migrations.AddConstraint(
            model_name='wording',
            constraint=models.UniqueConstraint(fields=('survey', 'version'), name='one_wording_per_version'),
        ),
    ]
