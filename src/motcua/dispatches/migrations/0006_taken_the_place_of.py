"""A later document takes the place of an earlier one: at its sender one alone, at each receiver beside it."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("dispatches", "0005_found_by_words")]

    operations = [
        migrations.AddField(
            model_name="incoming",
            name="changes",
            field=models.JSONField(
                blank=True,
                default=list,
                help_text="The identifiers of those its sender changes or replaces by it.",
            ),
        ),
        migrations.AddIndex(
            model_name="incoming",
            index=models.Index(
                fields=["agency", "sender"], condition=Q(purpose__in=[2, 3]), name="later_versions_from"
            ),
        ),
        migrations.AddField(
            model_name="incoming",
            name="replaced_by",
            field=models.ForeignKey(
                blank=True,
                help_text="The later one by which its sender changes or replaces it.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="replaces",
                to="dispatches.incoming",
            ),
        ),
        migrations.RemoveConstraint(
            model_name="incoming", name="what_is_registered_has_its_arrival_number"
        ),
        migrations.AlterField(
            model_name="incoming",
            name="state",
            field=models.CharField(
                choices=[
                    ("new", "New"),
                    ("arrived", "Arrived"),
                    ("refused", "Refused"),
                    ("registered", "In the register of the year"),
                    ("assigned", "Assigned"),
                    ("begun", "Being worked on"),
                    ("done", "Done"),
                    ("given_back", "Given back to the sender"),
                    ("superseded", "A later one has taken its place"),
                ],
                default="new",
                max_length=10,
            ),
        ),
        migrations.AddConstraint(
            model_name="incoming",
            constraint=models.CheckConstraint(
                condition=Q(state__in=["arrived", "refused"], serial=None)
                | Q(state__in=["given_back", "superseded"])
                | Q(state__in=["registered", "assigned", "begun", "done"], serial__isnull=False),
                name="what_is_registered_has_its_arrival_number",
            ),
        ),
        migrations.AddConstraint(
            model_name="outgoing",
            constraint=models.UniqueConstraint(
                condition=Q(state__in=["issued", "asked_back"]),
                fields=("earlier",),
                name="one_takes_the_place_of_a_dispatch",
            ),
        ),
    ]
