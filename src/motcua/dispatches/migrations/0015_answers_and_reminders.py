"""Who has answered what was asked of them, and who was reminded of it."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("dispatches", "0014_found_by_number")]

    operations = [
        migrations.AddField(
            model_name="incoming",
            name="reminders",
            field=models.JSONField(
                blank=True, default=list, help_text="What its sender reminded of, each with at, words and by."
            ),
        ),
        migrations.AddField(
            model_name="incoming",
            name="answered_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="delivery",
            name="reminders",
            field=models.JSONField(
                blank=True, default=list, help_text="Each with at, words, by, and why it was refused if it was."
            ),
        ),
        migrations.AddField(
            model_name="delivery",
            name="answer",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="dispatches.incoming",
            ),
        ),
    ]
