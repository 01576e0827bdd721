"""When a service was last used is asked of each service."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("indicators", "0002_declarations")]

    operations = [
        migrations.AddIndex(
            model_name="count",
            index=models.Index(
                condition=models.Q(("kind", "filed")),
                fields=["procedure", "day"],
                name="indicators_last_filed",
            ),
        ),
    ]
