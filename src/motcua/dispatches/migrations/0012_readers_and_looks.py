"""Who may read a document by name, and who opened it."""

import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("dispatches", "0011_state_secrets")]

    operations = [
        migrations.CreateModel(
            name="Reader",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("document", models.UUIDField()),
                ("urn", models.CharField(max_length=120)),
                ("name", models.CharField(max_length=120)),
                (
                    "named_by",
                    models.CharField(
                        blank=True,
                        help_text="Empty: works on a document that this one changes.",
                        max_length=120,
                    ),
                ),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "indexes": [models.Index(fields=["urn"], name="documents_of_a_reader")],
                "constraints": [
                    models.UniqueConstraint(fields=("document", "urn"), name="a_reader_is_named_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Look",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("document", models.UUIDField()),
                ("looker", models.CharField(max_length=120)),
                ("who", models.CharField(max_length=120)),
                ("what", models.CharField(blank=True, max_length=200)),
                (
                    "place",
                    models.CharField(blank=True, help_text="The address it was opened from.", max_length=45),
                ),
                ("at", models.DateTimeField()),
            ],
            options={"indexes": [models.Index(fields=["document", "-at"], name="looks_at_a_document")]},
        ),
    ]
