import django.db.models.deletion
import django.db.models.functions.datetime
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    # What a home made before this file has gone through; to be left out after the first release.
    replaces = [
        ('notices', '0001_initial'),
        ('notices', '0002_contacts_confirmed_by_code'),
        ('notices', '0003_told_without_an_account'),
    ]

    initial = True

    dependencies = [
        ('people', '__first__'),
    ]

    operations = [
        migrations.CreateModel(
            name='Outgoing',
            fields=[
                ('code', models.CharField(max_length=80)),
                ('parameters', models.JSONField(default=dict)),
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=120)),
                ('email', models.CharField(blank=True, max_length=254)),
                ('phone', models.CharField(blank=True, max_length=20)),
                ('about', models.CharField(max_length=120)),
                ('key', models.CharField(max_length=160, unique=True)),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('mailed_at', models.DateTimeField(blank=True, null=True)),
                ('texted_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'verbose_name_plural': 'outgoing',
            },
        ),
        migrations.CreateModel(
            name='Notice',
            fields=[
                ('code', models.CharField(max_length=80)),
                ('parameters', models.JSONField(default=dict)),
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('about', models.CharField(blank=True, max_length=120)),
                ('link', models.CharField(blank=True, max_length=200)),
                ('key', models.CharField(max_length=120)),
                ('sent_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('read_at', models.DateTimeField(blank=True, null=True)),
                ('recipient', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='notices', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['recipient', '-sent_at', '-id'], name='notices_not_recipie_da78c5_idx'), models.Index(condition=models.Q(('read_at__isnull', True)), fields=['recipient'], name='unread_notices')],
                'constraints': [models.UniqueConstraint(fields=('recipient', 'key'), name='one_notice_an_occasion'), models.CheckConstraint(condition=models.Q(('key', ''), _negated=True), name='notice_names_its_occasion')],
            },
        ),
        migrations.CreateModel(
            name='Delivery',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('channel', models.CharField(max_length=20)),
                ('delivered_at', models.DateTimeField(blank=True, null=True)),
                ('notice', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='deliveries', to='notices.notice')),
            ],
            options={
                'verbose_name_plural': 'deliveries',
                'constraints': [models.UniqueConstraint(fields=('notice', 'channel'), name='one_delivery_a_channel')],
            },
        ),
        migrations.CreateModel(
            name='Contact',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('channel', models.CharField(choices=[('mail', 'E-mail'), ('text', 'Text message')], max_length=10)),
                ('value', models.CharField(max_length=254)),
                ('asked_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('tries', models.PositiveSmallIntegerField(default=0)),
                ('sent_at', models.DateTimeField(blank=True, null=True)),
                ('confirmed_at', models.DateTimeField(blank=True, null=True)),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='contacts', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['account', '-asked_at'], name='contacts_asked_for')],
            },
        ),
    ]
