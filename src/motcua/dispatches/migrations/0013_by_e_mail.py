"""Documents by e-mail: kept addresses, mails that go out, mails that came."""

import django.db.models.deletion
import django.utils.timezone
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("dispatches", "0012_readers_and_looks"),
    ]

    operations = [
        migrations.AddField(
            model_name="incoming",
            name="mail",
            field=models.EmailField(
                blank=True,
                help_text="The address it came from, of what came by e-mail: no system there reads states.",
                max_length=254,
            ),
        ),
        migrations.CreateModel(
            name="Correspondent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("agency", models.CharField(help_text="Whose correspondent it is.", max_length=35)),
                (
                    "code",
                    models.CharField(
                        help_text="Its code in the list of agencies; E.… for one outside.", max_length=35
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                ("address", models.EmailField(max_length=254)),
                ("kept_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("agency", "code"), name="a_correspondent_has_one_address")
                ],
            },
        ),
        migrations.CreateModel(
            name="SentMail",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("agency", models.CharField(max_length=35)),
                ("address", models.EmailField(max_length=254)),
                ("message", models.CharField(help_text="Digest of the mail as it is sent.", max_length=64)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "To be sent by e-mail"),
                            ("sent", "Sent by e-mail"),
                            ("delivered", "Arrived in their mailbox"),
                            ("refused", "Refused by their mail server"),
                            ("failed", "Could not be sent by e-mail"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("trouble", models.CharField(blank=True, max_length=300)),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("sent_at", models.DateTimeField(blank=True, null=True)),
                ("heard_at", models.DateTimeField(blank=True, null=True)),
                (
                    "delivery",
                    models.ForeignKey(
                        blank=True,
                        help_text="None: it refuses something that came by e-mail.",
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="mails",
                        to="dispatches.delivery",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ReceivedMail",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("agency", models.CharField(max_length=35)),
                ("address", models.CharField(blank=True, max_length=254)),
                ("subject", models.CharField(blank=True, max_length=500)),
                (
                    "text",
                    models.CharField(blank=True, help_text="The beginning of what it says.", max_length=2000),
                ),
                ("names", models.JSONField(blank=True, default=list, help_text="Names of its files.")),
                (
                    "message",
                    models.CharField(blank=True, help_text="Digest of the mail as it came.", max_length=64),
                ),
                ("message_id", models.CharField(blank=True, max_length=500)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("new", "New"),
                            ("taken", "Taken in"),
                            ("noted", "Noted"),
                            ("aside", "Put aside"),
                            ("dismissed", "Dismissed"),
                        ],
                        default="new",
                        max_length=10,
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        blank=True, help_text="Why it lies aside, a key of REASONS.", max_length=12
                    ),
                ),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "incoming",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="mails",
                        to="dispatches.incoming",
                    ),
                ),
                (
                    "answers",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="answers",
                        to="dispatches.sentmail",
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="sentmail",
            index=models.Index(fields=["agency", "state"], name="mails_by_state"),
        ),
        migrations.AddIndex(
            model_name="receivedmail",
            index=models.Index(
                condition=models.Q(("state", "aside")), fields=["agency", "at"], name="mails_put_aside"
            ),
        ),
    ]
