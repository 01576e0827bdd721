"""Those who will use a service are asked before it goes online."""

import uuid

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("procedures", "0009_work_left")]

    operations = [
        migrations.CreateModel(
            name="Poll",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("question", models.TextField()),
                ("whom", models.TextField()),
                ("begins_on", models.DateField()),
                ("ends_on", models.DateField()),
                ("asked", models.PositiveIntegerField()),
                ("answered", models.PositiveIntegerField(blank=True, null=True)),
                ("assented", models.PositiveIntegerField(blank=True, null=True)),
                ("document", models.CharField(blank=True, max_length=200)),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "Being asked"), ("closed", "Counted")], default="open", max_length=10
                    ),
                ),
                ("opened_by", models.CharField(max_length=120)),
                ("counted_by", models.CharField(blank=True, max_length=120)),
                ("opened_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "procedure",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="polls",
                        to="procedures.procedure",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "open")),
                        fields=("procedure",),
                        name="one_open_poll_of_a_procedure",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ends_on__gte", models.F("begins_on"))),
                        name="a_poll_ends_after_it_begins",
                    ),
                    models.CheckConstraint(condition=models.Q(("asked__gt", 0)), name="a_poll_asks_somebody"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answered", None), ("assented", None), ("state", "open")),
                            models.Q(
                                ("answered__isnull", False),
                                ("answered__lte", models.F("asked")),
                                ("assented__isnull", False),
                                ("assented__lte", models.F("answered")),
                                ("state", "closed"),
                            ),
                            _connector="OR",
                        ),
                        name="a_closed_poll_adds_up",
                    ),
                ],
            },
        ),
    ]
