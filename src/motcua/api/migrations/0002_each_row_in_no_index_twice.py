"""Deeds stand in one index where two said the same."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('api', '0001_tables'),
    ]

    operations = [
        migrations.AlterField(
            model_name='asked',
            name='client',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='api.client'),
        ),
    ]
