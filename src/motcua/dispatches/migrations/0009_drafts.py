"""Versions of drafts, their way through the agency, templates, and files of work."""

import django.db.models.deletion
import django.utils.timezone
import uuid
from django.db import migrations, models

KINDS = [("resolution", "Resolution"), ("decision", "Administrative decision"), ("directive", "Directive"), ("regulation", "Regulation"), ("rule", "Rule"), ("communique", "Communiqué"), ("notice", "Announcement"), ("guidance", "Guidance"), ("programme", "Programme"), ("plan", "Work plan"), ("option", "Plan of action"), ("scheme", "Scheme"), ("project", "Project"), ("report", "Report"), ("minutes", "Minutes"), ("submission", "Submission"), ("contract", "Contract"), ("letter", "Official letter"), ("telegram", "Official telegram"), ("memorandum", "Memorandum"), ("agreement", "Agreement"), ("authorisation", "Authorisation"), ("invitation", "Invitation"), ("introduction", "Letter of introduction"), ("leave", "Leave permit"), ("dispatch_slip", "Dispatch slip"), ("transfer_slip", "Transfer slip"), ("notice_slip", "Notice slip"), ("courtesy", "Courtesy letter")]

def key() -> models.BigAutoField:
    return models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")


def to_outgoing(name: str, **more: object) -> models.ForeignKey:
    return models.ForeignKey(
        on_delete=django.db.models.deletion.PROTECT, related_name=name, to="dispatches.outgoing", **more
    )


class Migration(migrations.Migration):

    dependencies = [
        ("dispatches", "0008_recalls_for_own_systems"),
    ]

    operations = [
        migrations.AddField(
            model_name="outgoing",
            name="version",
            field=models.PositiveSmallIntegerField(default=0, help_text="Which version of the draft this is; of what is signed, the one that was signed."),
        ),
        migrations.CreateModel(
            name="Version",
            fields=[
                ("id", key()),
                ("number", models.PositiveSmallIntegerField()),
                ("kind", models.CharField(choices=KINDS, max_length=20)),
                ("subject", models.CharField(max_length=500)),
                ("text", models.TextField(blank=True)),
                ("receivers", models.JSONField(default=list)),
                ("files", models.JSONField(default=list)),
                ("urgency", models.PositiveSmallIntegerField(choices=[(0, "Not urgent"), (1, "Urgent"), (2, "Very urgent"), (3, "Express"), (4, "Express, by a fixed hour")], default=0)),
                ("answer_by", models.DateField(blank=True, null=True)),
                ("note", models.CharField(blank=True, max_length=300)),
                ("written_by", models.CharField(max_length=120)),
                ("written_by_name", models.CharField(blank=True, max_length=120)),
                ("written_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("outgoing", to_outgoing("versions")),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("outgoing", "number"), name="a_draft_counts_its_versions")],
            },
        ),
        migrations.CreateModel(
            name="Remark",
            fields=[
                ("id", key()),
                ("version", models.PositiveSmallIntegerField()),
                ("words", models.CharField(max_length=1000)),
                ("made_by", models.CharField(max_length=120)),
                ("made_by_name", models.CharField(max_length=120)),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("settled_at", models.DateTimeField(blank=True, null=True)),
                ("answer", models.CharField(blank=True, max_length=500)),
                ("outgoing", to_outgoing("remarks")),
            ],
            options={"indexes": [models.Index(fields=["outgoing", "version"], name="remarks_by_version")]},
        ),
        migrations.CreateModel(
            name="Review",
            fields=[
                ("id", key()),
                ("stage", models.PositiveSmallIntegerField(help_text="Those of one stage are asked at once.")),
                ("wanted", models.CharField(choices=[("opinion", "Opinion on the draft"), ("content", "Initials for the content"), ("form", "Initials for the form"), ("signature", "Signature of the head")], max_length=10)),
                ("officer", models.CharField(blank=True, help_text="Urn; empty for any head of the agency.", max_length=120)),
                ("officer_name", models.CharField(blank=True, max_length=120)),
                ("words", models.CharField(blank=True, help_text="What the drafter asks.", max_length=500)),
                ("days", models.PositiveSmallIntegerField(default=1, help_text="Working days from their turn on.")),
                ("asked_at", models.DateTimeField(blank=True, help_text="Empty as long as others come first.", null=True)),
                ("due_at", models.DateTimeField(blank=True, null=True)),
                ("answer", models.CharField(blank=True, choices=[("agreed", "Answered"), ("returned", "Sent back"), ("called_off", "Called off")], max_length=10)),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                ("said", models.CharField(blank=True, max_length=1000)),
                ("version", models.PositiveSmallIntegerField(default=0, help_text="Which version they answered about.")),
                ("fell_at", models.DateTimeField(blank=True, help_text="Since when a new version takes it back.", null=True)),
                ("outgoing", to_outgoing("reviews")),
            ],
            options={
                "ordering": ["stage", "pk"],
                "indexes": [
                    models.Index(fields=["outgoing", "stage"], name="reviews_by_stage"),
                    models.Index(condition=models.Q(("answered_at", None), ("asked_at__isnull", False)), fields=["officer", "due_at"], name="reviews_waiting"),
                ],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(models.Q(("answer", ""), ("answered_at", None)), models.Q(models.Q(("answer", ""), _negated=True), ("answered_at__isnull", False)), _connector="OR"), name="an_answer_says_when"),
                    models.CheckConstraint(condition=models.Q(models.Q(("asked_at", None), ("due_at", None)), models.Q(("asked_at__isnull", False), ("due_at__isnull", False)), _connector="OR"), name="who_is_asked_has_until_when"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Template",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("agency", models.CharField(max_length=35)),
                ("kind", models.CharField(choices=KINDS, max_length=20)),
                ("name", models.CharField(max_length=120)),
                ("subject", models.CharField(blank=True, max_length=500)),
                ("grounds", models.TextField(blank=True, help_text="Legal grounds, one on each line.")),
                ("text", models.TextField(blank=True)),
                ("receivers", models.JSONField(blank=True, default=list)),
                ("places", models.JSONField(blank=True, default=list)),
                ("kept_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("agency", "name"), name="a_template_has_its_name")],
            },
        ),
        migrations.CreateModel(
            name="Folder",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("agency", models.CharField(max_length=35)),
                ("year", models.PositiveSmallIntegerField(help_text="Of the list it stands in.")),
                ("heading", models.CharField(blank=True, help_text="Under which heading of the list.", max_length=200)),
                ("notation", models.CharField(max_length=20)),
                ("title", models.CharField(max_length=500)),
                ("retention_years", models.PositiveSmallIntegerField(blank=True, help_text="Empty: for ever.", null=True)),
                ("keeper", models.CharField(max_length=120)),
                ("keeper_name", models.CharField(max_length=120)),
                ("state", models.CharField(choices=[("new", "New"), ("open", "Being filled"), ("closed", "File of work closed"), ("handed_over", "In the archive")], default="new", max_length=12)),
                ("closed_on", models.DateField(blank=True, help_text="The day its matter ended.", null=True)),
                ("archived_on", models.DateField(blank=True, null=True)),
                ("contents", models.CharField(blank=True, max_length=64)),
            ],
            options={
                "indexes": [models.Index(fields=["agency", "state", "closed_on"], name="folders_by_closing")],
                "constraints": [
                    models.UniqueConstraint(fields=("agency", "year", "notation"), name="a_notation_names_one_folder_a_year"),
                    models.CheckConstraint(condition=models.Q(models.Q(("closed_on", None), ("state", "open")), models.Q(("closed_on__isnull", False), ("state__in", ["closed", "handed_over"])), _connector="OR"), name="what_is_closed_says_when"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Filing",
            fields=[
                ("id", key()),
                ("ordinal", models.PositiveSmallIntegerField()),
                ("pages", models.PositiveSmallIntegerField(default=0, help_text="Of the document itself; 0 where they cannot be counted.")),
                ("filed_by", models.CharField(max_length=120)),
                ("filed_by_name", models.CharField(max_length=120)),
                ("filed_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("folder", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="filings", to="dispatches.folder")),
                ("incoming", models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="filings", to="dispatches.incoming")),
                ("outgoing", to_outgoing("filings", blank=True, null=True)),
            ],
            options={
                "ordering": ["ordinal"],
                "constraints": [
                    models.UniqueConstraint(fields=("folder", "ordinal"), name="a_folder_counts_its_documents"),
                    models.UniqueConstraint(fields=("folder", "incoming"), name="what_came_lies_once_in_a_folder"),
                    models.UniqueConstraint(fields=("folder", "outgoing"), name="what_went_lies_once_in_a_folder"),
                    models.CheckConstraint(condition=models.Q(models.Q(("incoming", None), ("outgoing__isnull", False)), models.Q(("incoming__isnull", False), ("outgoing", None)), _connector="OR"), name="a_filing_is_of_one_document"),
                ],
            },
        ),
    ]
