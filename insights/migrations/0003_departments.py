"""The departments that most brands have. Staff rename them and add others in the administration."""

from django.db import migrations

DEPARTMENTS = [
    ("software", "软件工程部", "Software engineering", "软件", "software"),
    ("product", "产品研发部", "Product development", "研发", "development"),
    ("service", "售后服务部", "After-sales service", "售后", "service"),
    ("quality", "质量合规部", "Quality and compliance", "质量", "quality"),
]


def forwards(apps, schema_editor):
    department = apps.get_model("insights", "Department")
    for slug, name, name_en, public_name, public_name_en in DEPARTMENTS:
        department.objects.get_or_create(
            slug=slug,
            defaults={
                "name": name,
                "name_en": name_en,
                "public_name": public_name,
                "public_name_en": public_name_en,
            },
        )


class Migration(migrations.Migration):
    dependencies = [("insights", "0002_frozen_rows")]
    operations = [migrations.RunPython(forwards, migrations.RunPython.noop)]
