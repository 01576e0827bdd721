import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    # What a home made before this file has gone through; to be left out after the first release.
    replaces = [
        ('api', '0001_machines'),
        ('api', '0002_what_a_deed_made'),
    ]

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Allowance',
            fields=[
                ('client', models.UUIDField(primary_key=True, serialize=False)),
                ('minute', models.BigIntegerField()),
                ('used', models.PositiveIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name='Client',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('agency', models.CharField(max_length=35)),
                ('name', models.CharField(max_length=120)),
                ('scopes', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=20))),
                ('secret', models.CharField(help_text='SHA-256; the secret itself is shown once.', max_length=64)),
                ('generation', models.PositiveIntegerField(default=1)),
                ('per_minute', models.PositiveIntegerField(default=600)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('per_minute__gt', 0)), name='a_client_may_call_at_all'), models.CheckConstraint(condition=models.Q(('secret__regex', '^[0-9a-f]{64}$')), name='client_secret_is_a_digest')],
            },
        ),
        migrations.CreateModel(
            name='Subscription',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('url', models.CharField(max_length=500)),
                ('kinds', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40))),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('failures', models.PositiveIntegerField(default=0, help_text='In a row.')),
                ('disabled_at', models.DateTimeField(blank=True, null=True)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('client', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='subscriptions', to='api.client')),
            ],
        ),
        migrations.CreateModel(
            name='Asked',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=64)),
                ('digest', models.BinaryField(max_length=32)),
                ('made', models.CharField(blank=True, default='', max_length=40)),
                ('at', models.DateTimeField(db_index=True, default=django.utils.timezone.now)),
                ('client', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='api.client')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('client', 'key'), name='one_deed_a_key')],
            },
        ),
        migrations.CreateModel(
            name='Delivery',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('entry', models.BigIntegerField()),
                ('body', models.JSONField()),
                ('state', models.CharField(choices=[('waiting', 'To be sent'), ('delivered', 'Taken'), ('failed', 'Given up')], default='waiting', max_length=10)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('trouble', models.CharField(blank=True, max_length=300)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('delivered_at', models.DateTimeField(blank=True, null=True)),
                ('subscription', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='deliveries', to='api.subscription')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('subscription', 'entry'), name='told_once_of_an_entry')],
            },
        ),
        # Counters that may be forgotten: no call waits for the disk to have been counted.
        migrations.RunSQL("ALTER TABLE api_allowance SET UNLOGGED", "ALTER TABLE api_allowance SET LOGGED"),
    ]
