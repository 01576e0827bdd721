"""Ministries and provinces have procedures of their own, and a draft may be of a procedure that is not there yet."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("procedures", "0010_polls"),
    ]

    operations = [
        migrations.AddField(
            model_name="procedure",
            name="owner",
            field=models.CharField(blank=True, default="", max_length=35),
        ),
        migrations.AddField(
            model_name="draft",
            name="owner",
            field=models.CharField(blank=True, default="", max_length=35),
        ),
        migrations.AlterField(
            model_name="draft",
            name="base",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="procedures.version",
            ),
        ),
    ]
