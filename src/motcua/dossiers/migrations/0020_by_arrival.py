from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("dossiers", "0019_form_signatures"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="dossier",
            index=models.Index(fields=["agency", "-arrived_at", "-id"], name="dossiers_by_arrival"),
        ),
    ]
