"""Consents begin unticked. Rows that are there keep what was said."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('tasks', '0030_readers'),
    ]

    operations = [
        migrations.AlterField(
            model_name='entry',
            name='keep_when_left',
            field=models.BooleanField(default=False, verbose_name='it stays when I leave the community'),
        ),
        migrations.AlterField(
            model_name='entry',
            name='quote_inside',
            field=models.BooleanField(default=False, verbose_name='colleagues of the brand may quote it'),
        ),
    ]
