"""Whether the forms of a version can be had; read from what is published already."""

from django.db import migrations, models

FILL = """
UPDATE procedures_version
SET has_forms = jsonb_path_exists(content, '$.form[*]') OR jsonb_path_exists(content, '$.papers[*].template')
"""


class Migration(migrations.Migration):

    dependencies = [("procedures", "0007_drafts")]

    operations = [
        migrations.AddField(
            model_name="version", name="has_forms", field=models.BooleanField(default=False)
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
