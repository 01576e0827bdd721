"""How long each version may take, beside it; those already published are read once (as `lengths.days_of` does)."""

from django.db import migrations, models

FILL = """
UPDATE procedures_version v SET term_days = nullif(coalesce(said.online, said.longest), 0)
FROM (
    SELECT id, ceil(max(days))::int AS longest, ceil(max(days) FILTER (
        WHERE coalesce(jsonb_array_length(nullif(term->'channels', 'null')), 0) = 0 OR term->'channels' ? 'online'
    ))::int AS online
    FROM procedures_version, jsonb_array_elements(coalesce(nullif(content->'terms', 'null'), '[]')) AS term,
        LATERAL (SELECT CASE term->>'unit' WHEN 'at_once' THEN 1 ELSE (term->>'value')::numeric * CASE term->>'unit'
            WHEN 'hours' THEN 0.175 WHEN 'working_days' THEN 1.4 WHEN 'days' THEN 1 WHEN 'months' THEN 30 END END AS days
        ) AS counted
    GROUP BY id
) AS said WHERE said.id = v.id
"""


class Migration(migrations.Migration):

    dependencies = [
        ('procedures', '0001_tables'),
    ]

    operations = [
        migrations.AddField(
            model_name='version',
            name='term_days',
            field=models.PositiveIntegerField(null=True),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
