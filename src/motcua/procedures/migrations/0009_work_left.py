"""What an import left to be read by a person stands beside each version; what is published already is looked through now."""

import django.contrib.postgres.fields
from django.db import migrations, models

from motcua.procedures.schema import Definition
from motcua.procedures.unread import work_left


def look_through(apps, _editor):
    version = apps.get_model("procedures", "Version")
    for row in version.objects.filter(is_understood=False).only("content").iterator(200):
        left = work_left(Definition.from_content(row.content))
        version.objects.filter(pk=row.pk).update(work_left=left)


class Migration(migrations.Migration):

    dependencies = [("procedures", "0008_forms_of_a_version")]

    operations = [
        migrations.AddField(
            model_name="version",
            name="work_left",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=10), blank=True, default=list
            ),
        ),
        migrations.RunPython(look_through, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name="version",
            index=models.Index(
                condition=models.Q(("effective_until", None), models.Q(("work_left", []), _negated=True)),
                fields=["procedure"],
                name="procedures_with_work_left",
            ),
        ),
    ]
