from django.db import migrations, models

# Who was confirmed before there was a term has a year from now to be asked about again.
FILL = """
UPDATE mandates_mandate
   SET valid_until = greatest(valid_from, current_date) + 365
 WHERE valid_until IS NULL
"""


class Migration(migrations.Migration):

    dependencies = [
        ("mandates", "0001_initial"),
    ]

    operations = [
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.RemoveConstraint(model_name="mandate", name="mandate_has_a_last_day"),
        migrations.AddConstraint(
            model_name="mandate",
            constraint=models.CheckConstraint(
                condition=models.Q(("valid_until__isnull", False)), name="every_mandate_has_a_last_day"
            ),
        ),
    ]
