import django.db.models.functions.comparison
from django.db import migrations, models

# What waits to be received already has until the end of the day after it came; what waited to go on elsewhere keeps its time.
FILL = """
UPDATE dossiers_dossier SET
    receive_by = coalesce(due_at, arrived_at + interval '1 day'),
    began_at = arrived_at,
    due_at = NULL
WHERE state = 1;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("dossiers", "0020_by_arrival"),
    ]

    operations = [
        migrations.AddField(
            model_name="application",
            name="receive_by",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.RemoveIndex(model_name="dossier", name="dossier_work_list"),
        migrations.RemoveField(model_name="dossier", name="urgency"),
        migrations.AddField(
            model_name="dossier",
            name="receive_by",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.AddField(
            model_name="dossier",
            name="urgency",
            field=models.GeneratedField(
                db_persist=True,
                expression=models.Case(
                    models.When(state__in=[5, 6], then=2),
                    models.When(due_at__isnull=True, receive_by__isnull=True, then=1),
                    default=0,
                ),
                output_field=models.SmallIntegerField(),
            ),
        ),
        migrations.AddField(
            model_name="dossier",
            name="deadline",
            field=models.GeneratedField(
                db_persist=True,
                expression=django.db.models.functions.comparison.Coalesce("due_at", "receive_by"),
                output_field=models.DateTimeField(),
            ),
        ),
        migrations.AddIndex(
            model_name="dossier",
            index=models.Index(
                condition=models.Q(("state__in", [1, 2, 4, 5, 6])),
                fields=["agency", "urgency", "deadline", "arrived_at", "id"],
                name="dossier_work_list",
            ),
        ),
    ]
