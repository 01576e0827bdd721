"""What the readiness check found stands beside each version; what is published already is judged now."""

import django.contrib.postgres.fields
from django.db import migrations, models

from motcua.procedures.readiness import judged
from motcua.procedures.schema import Definition


def judge(apps, _editor):
    version = apps.get_model("procedures", "Version")
    for row in version.objects.only("content").iterator(200):
        judgement = judged(Definition.from_content(row.content))
        version.objects.filter(pk=row.pk).update(
            readiness=judgement.verdict, hindrances=judgement.hindrances, is_understood=judgement.is_sure
        )


class Migration(migrations.Migration):

    dependencies = [("procedures", "0003_search_by_bitmaps")]

    operations = [
        migrations.AddField(
            model_name="version",
            name="hindrances",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=20), blank=True, default=list
            ),
        ),
        migrations.AddField(
            model_name="version", name="is_understood", field=models.BooleanField(default=True)
        ),
        migrations.AddField(
            model_name="version",
            name="readiness",
            field=models.CharField(blank=True, default="", max_length=10),
        ),
        migrations.RunPython(judge, migrations.RunPython.noop),
    ]
