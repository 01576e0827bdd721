"""How secret a document is; what is secret is issued on paper, with a number."""

from django.db import migrations, models
from django.db.models import Q

DEGREES = [
    (0, "Not a state secret"),
    (1, "Classified: confidential"),
    (2, "Classified: secret"),
    (3, "Classified: top secret"),
]
STATES = ["draft", "submitted"], ["signed", "issued", "voided", "asked_back", "recalled", "on_paper"]


class Migration(migrations.Migration):
    dependencies = [("dispatches", "0010_first_versions")]

    operations = [
        *(
            migrations.AddField(
                model_name=model,
                name="secrecy",
                field=models.PositiveSmallIntegerField(choices=DEGREES, default=0),
            )
            for model in ("incoming", "outgoing")
        ),
        migrations.RemoveConstraint(model_name="outgoing", name="what_is_signed_has_its_number"),
        migrations.RemoveConstraint(model_name="outgoing", name="what_is_issued_says_when"),
        migrations.AlterField(
            model_name="outgoing",
            name="state",
            field=models.CharField(
                choices=[
                    ("new", "New"),
                    ("draft", "Draft"),
                    ("submitted", "To be signed"),
                    ("signed", "Signed, to be issued"),
                    ("issued", "Issued"),
                    ("voided", "Not issued"),
                    ("asked_back", "Being asked back"),
                    ("recalled", "Recalled"),
                    ("on_paper", "Issued on paper"),
                ],
                default="new",
                max_length=10,
            ),
        ),
        migrations.AddConstraint(
            model_name="outgoing",
            constraint=models.CheckConstraint(
                condition=Q(state__in=STATES[0], serial=None)
                | Q(state__in=STATES[1], serial__isnull=False, signed_at__isnull=False),
                name="what_is_signed_has_its_number",
            ),
        ),
        migrations.AddConstraint(
            model_name="outgoing",
            constraint=models.CheckConstraint(
                condition=Q(
                    state__in=["issued", "asked_back", "recalled", "on_paper"], issued_at__isnull=False
                )
                | Q(issued_at=None),
                name="what_is_issued_says_when",
            ),
        ),
    ]
