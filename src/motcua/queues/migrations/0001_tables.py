import django.core.validators
import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    # What a home made before this file has gone through; to be left out after the first release.
    replaces = [
        ('queues', '0001_queues_and_tickets'),
        ('queues', '0002_appointments'),
        ('queues', '0003_places_held'),
        ('queues', '0004_in_the_stead'),
    ]

    initial = True

    dependencies = [
        ('mandates', '0001_tables'),
        ('people', '__first__'),
    ]

    operations = [
        migrations.CreateModel(
            name='Queue',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('agency', models.CharField(max_length=35)),
                ('letter', models.CharField(max_length=1, validators=[django.core.validators.RegexValidator('^[A-Z]$', 'One letter from A to Z.')])),
                ('name_vi', models.CharField(max_length=80)),
                ('name_en', models.CharField(blank=True, max_length=80)),
            ],
            options={
                'ordering': ['agency', 'letter'],
                'constraints': [models.UniqueConstraint(fields=('agency', 'letter'), name='one_queue_a_letter')],
            },
        ),
        migrations.CreateModel(
            name='Ticket',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('agency', models.CharField(max_length=35)),
                ('day', models.DateField(default=django.utils.timezone.localdate)),
                ('number', models.PositiveIntegerField()),
                ('state', models.CharField(choices=[('waiting', 'Waiting in line'), ('called', 'Called to a counter'), ('served', 'Served'), ('gone', 'Did not come')], default='waiting', max_length=10)),
                ('counter', models.CharField(blank=True, max_length=10)),
                ('called_by', models.CharField(blank=True, max_length=120)),
                ('first_from', models.DateTimeField(blank=True, null=True)),
                ('drawn_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('called_at', models.DateTimeField(blank=True, null=True)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('queue', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='tickets', to='queues.queue')),
            ],
            options={
                'indexes': [models.Index(fields=['agency', 'day', 'state', 'number'], name='queues_tick_agency_9eefda_idx')],
                'constraints': [models.UniqueConstraint(fields=('agency', 'day', 'number'), name='one_ticket_a_number_and_day')],
            },
        ),
        migrations.CreateModel(
            name='Place',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('agency', models.CharField(max_length=35)),
                ('origin', models.CharField(max_length=35)),
                ('procedure', models.CharField(max_length=40)),
                ('name_vi', models.TextField()),
                ('name_en', models.TextField(blank=True)),
                ('person_name', models.CharField(max_length=120)),
                ('person_number', models.CharField(max_length=14)),
                ('bringer', models.JSONField(blank=True, default=dict)),
                ('begins_at', models.DateTimeField()),
                ('ends_at', models.DateTimeField()),
                ('seat', models.PositiveSmallIntegerField()),
                ('code', models.CharField(max_length=6)),
                ('state', models.CharField(choices=[('held', 'Expected'), ('come', 'Has come'), ('unused', 'Did not come'), ('freed', 'Cancelled by the person'), ('lost', 'Cannot be kept')], default='held', max_length=6)),
                ('booked_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('came_at', models.DateTimeField(blank=True, null=True)),
                ('ticket', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='place', to='queues.ticket')),
            ],
            options={
                'indexes': [models.Index(fields=['agency', 'begins_at'], name='queues_plac_agency_5f0cef_idx'), models.Index(condition=models.Q(('state', 'held')), fields=['begins_at'], name='places_held')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state__in', ['held', 'come'])), fields=('agency', 'begins_at', 'seat'), name='one_person_a_seat'), models.UniqueConstraint(condition=models.Q(('state', 'held')), fields=('agency', 'person_number', 'procedure'), name='one_place_held_a_person_and_procedure'), models.UniqueConstraint(condition=models.Q(('state', 'held')), fields=('agency', 'code'), name='one_place_held_a_code'), models.CheckConstraint(condition=models.Q(('ends_at__gt', models.F('begins_at'))), name='a_place_ends_after_it_begins')],
            },
        ),
        migrations.CreateModel(
            name='Booking',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('agency', models.CharField(max_length=35)),
                ('agency_name', models.CharField(max_length=200)),
                ('procedure', models.CharField(max_length=40)),
                ('name_vi', models.TextField()),
                ('name_en', models.TextField(blank=True)),
                ('state', models.CharField(choices=[('asked', 'Waiting for the agency to confirm'), ('booked', 'Confirmed'), ('declined', 'Not confirmed'), ('cancelled', 'Cancelled by you'), ('lost', 'The agency cannot keep it'), ('come', 'You came'), ('unused', 'You did not come'), ('over', 'Past')], default='asked', max_length=10)),
                ('begins_at', models.DateTimeField()),
                ('ends_at', models.DateTimeField()),
                ('wanted_at', models.DateTimeField(blank=True, null=True)),
                ('code', models.CharField(blank=True, max_length=6)),
                ('reason', models.CharField(blank=True, choices=[('full', 'Someone else has just taken the last place at this time.'), ('closed', 'The one-stop desk takes no appointments at present.'), ('not_offered', 'The one-stop desk does not offer this time.'), ('twice', 'You have an appointment there for this procedure already.'), ('many', 'You have five appointments there already. Cancel one you do not need.'), ('calendar', 'The agency does not work at this time any more.'), ('ended', 'The agency has ended; another one answers for it now.'), ('unheard', 'Your wish could not be brought to the agency.')], max_length=12)),
                ('asked_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='bookings', to=settings.AUTH_USER_MODEL)),
                ('mandate', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='mandates.mandate')),
            ],
            options={
                'indexes': [models.Index(fields=['account', 'begins_at'], name='queues_book_account_e5f72e_idx')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state__in', ['asked', 'booked'])), fields=('account', 'mandate', 'agency', 'procedure'), name='one_open_booking_a_person_agency_and_procedure', nulls_distinct=False)],
            },
        ),
        migrations.CreateModel(
            name='Offer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('agency', models.CharField(max_length=35, unique=True)),
                ('is_open', models.BooleanField(default=True)),
                ('minutes', models.PositiveSmallIntegerField(default=30, validators=[django.core.validators.MinValueValidator(5), django.core.validators.MaxValueValidator(240)])),
                ('persons', models.PositiveSmallIntegerField(default=2, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(50)])),
                ('days_ahead', models.PositiveSmallIntegerField(default=14, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(60)])),
                ('late_minutes', models.PositiveSmallIntegerField(default=10, validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(60)])),
                ('queue', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='queues.queue')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('minutes__gte', 5), ('minutes__lte', 240)), name='offer_minutes_within_bounds'), models.CheckConstraint(condition=models.Q(('persons__gte', 1), ('persons__lte', 50)), name='offer_persons_within_bounds'), models.CheckConstraint(condition=models.Q(('days_ahead__gte', 1), ('days_ahead__lte', 60)), name='offer_days_ahead_within_bounds'), models.CheckConstraint(condition=models.Q(('late_minutes__gte', 0), ('late_minutes__lte', 60)), name='offer_late_minutes_within_bounds')],
            },
        ),
    ]
