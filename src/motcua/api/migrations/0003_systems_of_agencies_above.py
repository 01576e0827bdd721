"""Systems may act at the agencies below theirs as well."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('api', '0002_each_row_in_no_index_twice'),
    ]

    operations = [
        migrations.AddField(
            model_name='client',
            name='below',
            field=models.BooleanField(default=False, help_text='Also at every agency below it.'),
        ),
    ]
