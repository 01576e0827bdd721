"""Which versions can be filed online, beside them; those already published are read once (as `going_online.is_online` does)."""

from django.db import migrations, models

FILL = """
UPDATE procedures_version SET is_online = true
WHERE jsonb_array_length(coalesce(nullif(content->'steps', 'null'), '[]')) > 0
    AND coalesce(nullif(content->'channels', 'null'), '[]') ? 'online'
"""


class Migration(migrations.Migration):

    dependencies = [
        ('procedures', '0002_how_long_it_may_take'),
    ]

    operations = [
        migrations.AddField(
            model_name='version',
            name='is_online',
            field=models.BooleanField(default=False),
            preserve_default=False,
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
