import django.core.validators
import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models

# What `createcachetable` would make, so that no operator has to know of it.
CACHE = """
CREATE TABLE people_cache (cache_key varchar(255) PRIMARY KEY, value text NOT NULL, expires timestamptz NOT NULL);
CREATE INDEX people_cache_expires ON people_cache (expires);
"""


class Migration(migrations.Migration):

    # What a home made before this file has gone through; to be left out after the first release.
    replaces = [
        ('people', '0001_initial'),
        ('people', '0002_shared_cache'),
        ('people', '0003_electronic_identity'),
        ('people', '0004_substitutions'),
        ('people', '0005_one_time_passwords'),
        ('people', '0006_channels_one_wants'),
    ]

    initial = True

    dependencies = [
        ('organisations', '0001_tables'),
    ]

    operations = [
        migrations.CreateModel(
            name='Account',
            fields=[
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('username', models.CharField(max_length=12, unique=True, validators=[django.core.validators.RegexValidator('^\\d{12}$', 'A personal number has 12 digits.')], verbose_name='personal number')),
                ('name', models.CharField(max_length=120)),
                ('email', models.EmailField(blank=True, max_length=254)),
                ('phone', models.CharField(blank=True, max_length=20)),
                ('wants_mail', models.BooleanField(default=True)),
                ('wants_text', models.BooleanField(default=True)),
                ('assurance', models.PositiveSmallIntegerField(choices=[(1, 'Level 1'), (2, 'Level 2')], default=1)),
                ('one_time_until', models.DateTimeField(blank=True, null=True)),
                ('is_active', models.BooleanField(default=True)),
                ('date_joined', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Appointment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('valid_from', models.DateField(default=django.utils.timezone.localdate)),
                ('valid_to', models.DateField(blank=True, null=True)),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='appointments', to=settings.AUTH_USER_MODEL)),
                ('post', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='appointments', to='organisations.post')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('account', 'post', 'valid_from'), name='one_appointment_a_day'), models.CheckConstraint(condition=models.Q(('valid_to__isnull', True), ('valid_to__gte', models.F('valid_from')), _connector='OR'), name='appointment_ends_after_it_begins')],
            },
        ),
        migrations.CreateModel(
            name='SignOn',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('session_key', models.CharField(max_length=40)),
                ('client', models.CharField(max_length=100)),
                ('code_digest', models.CharField(max_length=64, unique=True)),
                ('level', models.PositiveSmallIntegerField(choices=[(1, 'Level 1'), (2, 'Level 2')])),
                ('methods', models.JSONField(default=list)),
                ('authenticated_at', models.DateTimeField()),
                ('begun_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('told_at', models.DateTimeField(blank=True, null=True)),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='sign_ons', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('ended_at__isnull', True)), fields=['session_key'], name='sign_on_of_open_session')],
            },
        ),
        migrations.CreateModel(
            name='Substitution',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('since', models.DateField()),
                ('until', models.DateField()),
                ('reason', models.CharField(max_length=300)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('appointment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='substitutions', to='people.appointment')),
                ('stand_in', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='substitutions', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('ended_at', None)), fields=['stand_in'], name='substitution_by_stand_in')],
                'constraints': [models.CheckConstraint(condition=models.Q(('until__gte', models.F('since'))), name='substitution_ends_after_it_begins')],
            },
        ),
        migrations.CreateModel(
            name='Admission',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('session_key', models.CharField(max_length=40, unique=True)),
                ('issuer', models.CharField(max_length=255)),
                ('subject', models.CharField(max_length=255)),
                ('sid', models.CharField(blank=True, max_length=255)),
                ('begun_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='admissions', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['issuer', 'sid'], name='admission_by_sid'), models.Index(fields=['issuer', 'subject'], name='admission_by_subject')],
            },
        ),
        migrations.RunSQL(CACHE, "DROP TABLE people_cache"),
    ]
