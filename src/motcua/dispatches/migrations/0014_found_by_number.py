"""Documents that came in are found by sender and number, so that the same one is known when it comes again."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("dispatches", "0013_by_e_mail"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="incoming",
            index=models.Index(fields=["agency", "sender", "number"], name="incoming_by_number"),
        ),
    ]
