"""A document that is asked back is recalled when all have given it back; warnings are codes; numbering holds from a year on."""

from django.db import migrations, models

# What was kept as a sentence stays the sentence it was: a code nobody knows is shown as it is.
CODES = """
UPDATE dispatches_incoming SET warnings = (
    SELECT jsonb_agg(jsonb_build_object('place', '', 'code', one, 'about', '{}'::jsonb))
    FROM jsonb_array_elements_text(warnings) AS one
) WHERE warnings <> '[]'::jsonb
"""
ASKED_BACK = """
UPDATE dispatches_outgoing SET state = 'asked_back'
WHERE state = 'recalled' AND EXISTS (
    SELECT 1 FROM dispatches_delivery
    WHERE outgoing_id = dispatches_outgoing.id AND recall_asked_at IS NOT NULL AND recall_answer = ''
)
"""
STATES = ["draft", "submitted"], ["signed", "issued", "voided", "asked_back", "recalled"]


class Migration(migrations.Migration):
    dependencies = [("dispatches", "0001_initial")]

    operations = [
        migrations.RemoveConstraint(model_name="outgoing", name="what_is_signed_has_its_number"),
        migrations.RemoveConstraint(model_name="outgoing", name="what_is_issued_says_when"),
        # No page has ever set a row of it.
        migrations.DeleteModel(name="Numbering"),
        migrations.CreateModel(
            name="Numbering",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("agency", models.CharField(max_length=35)),
                ("since", models.PositiveSmallIntegerField(help_text="The first year it holds.")),
                ("is_by_kind", models.BooleanField(default=False)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("agency", "since"), name="one_way_of_numbering_a_year")
                ]
            },
        ),
        migrations.AlterField(
            model_name="incoming",
            name="warnings",
            field=models.JSONField(blank=True, default=list, help_text="Codes of faults, with what they are about."),
        ),
        migrations.AlterField(
            model_name="outgoing",
            name="state",
            field=models.CharField(
                choices=[
                    ("new", "New"), ("draft", "Draft"), ("submitted", "To be signed"), ("signed", "Signed, to be issued"),
                    ("issued", "Issued"), ("voided", "Not issued"), ("asked_back", "Being asked back"), ("recalled", "Recalled"),
                ],
                default="new",
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="incoming",
            name="state",
            field=models.CharField(
                choices=[
                    ("new", "New"), ("arrived", "Arrived"), ("refused", "Refused"), ("registered", "In the register of the year"),
                    ("assigned", "Assigned"), ("begun", "Being worked on"), ("done", "Done"), ("given_back", "Given back to the sender"),
                ],
                default="new",
                max_length=10,
            ),
        ),
        migrations.RunSQL(CODES, migrations.RunSQL.noop),
        migrations.RunSQL(ASKED_BACK, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name="outgoing",
            constraint=models.CheckConstraint(
                condition=models.Q(state__in=STATES[0], serial=None)
                | models.Q(state__in=STATES[1], serial__isnull=False, signed_at__isnull=False),
                name="what_is_signed_has_its_number",
            ),
        ),
        migrations.AddConstraint(
            model_name="outgoing",
            constraint=models.CheckConstraint(
                condition=models.Q(state__in=["issued", "asked_back", "recalled"], issued_at__isnull=False)
                | models.Q(issued_at=None),
                name="what_is_issued_says_when",
            ),
        ),
    ]
