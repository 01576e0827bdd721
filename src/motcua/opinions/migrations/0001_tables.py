import django.contrib.postgres.fields
import django.utils.timezone
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    # What a home made before this file has gone through; to be left out after the first release.
    replaces = [
        ('opinions', '0001_inquiries_and_questions'),
        ('opinions', '0002_whose_matter_it_is'),
    ]

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Inquiry',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(help_text='What it is about: the procedure as it is called.', max_length=300)),
                ('reference', models.CharField(blank=True, help_text='Code of the dossier.', max_length=60)),
                ('question', models.TextField(max_length=4000)),
                ('papers', models.JSONField(blank=True, default=list)),
                ('concerned', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=14), blank=True, default=list)),
                ('silence_agrees', models.BooleanField(default=False)),
                ('asked_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('due_at', models.DateTimeField()),
                ('verdict', models.CharField(blank=True, choices=[('agrees', 'Agrees'), ('conditionally', 'Agrees on conditions'), ('disagrees', 'Does not agree')], max_length=15)),
                ('answer', models.TextField(blank=True, max_length=4000)),
                ('file', models.JSONField(blank=True, default=dict)),
                ('answered_by', models.CharField(blank=True, max_length=120)),
                ('answered_at', models.DateTimeField(blank=True, null=True)),
                ('subject', models.CharField(max_length=120)),
                ('step', models.CharField(blank=True, max_length=40)),
                ('asker', models.CharField(max_length=35)),
                ('asked_by', models.CharField(max_length=120)),
                ('agency', models.CharField(max_length=35)),
                ('agency_name', models.CharField(max_length=200)),
                ('round', models.UUIDField(default=uuid.uuid4)),
                ('one_is_enough', models.BooleanField(default=False)),
                ('state', models.CharField(choices=[('asked', 'Waiting for an opinion'), ('answered', 'Answered'), ('presumed', 'Silent, and so agreed')], default='asked', max_length=10)),
            ],
            options={
                'verbose_name_plural': 'inquiries',
                'indexes': [models.Index(fields=['subject', 'asked_at'], name='opinions_in_subject_3b1a6d_idx'), models.Index(condition=models.Q(('state', 'asked')), fields=['due_at'], name='inquiries_still_open')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'asked')), fields=('subject', 'agency'), name='an_agency_is_asked_once_at_a_time'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'answered'), models.Q(('verdict', ''), _negated=True), ('answered_at__isnull', False)), models.Q(models.Q(('state', 'answered'), _negated=True), ('verdict', '')), _connector='OR'), name='an_answered_inquiry_has_its_answer')],
            },
        ),
        migrations.CreateModel(
            name='Question',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(help_text='What it is about: the procedure as it is called.', max_length=300)),
                ('reference', models.CharField(blank=True, help_text='Code of the dossier.', max_length=60)),
                ('question', models.TextField(max_length=4000)),
                ('papers', models.JSONField(blank=True, default=list)),
                ('concerned', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=14), blank=True, default=list)),
                ('silence_agrees', models.BooleanField(default=False)),
                ('asked_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('due_at', models.DateTimeField()),
                ('verdict', models.CharField(blank=True, choices=[('agrees', 'Agrees'), ('conditionally', 'Agrees on conditions'), ('disagrees', 'Does not agree')], max_length=15)),
                ('answer', models.TextField(blank=True, max_length=4000)),
                ('file', models.JSONField(blank=True, default=dict)),
                ('answered_by', models.CharField(blank=True, max_length=120)),
                ('answered_at', models.DateTimeField(blank=True, null=True)),
                ('inquiry', models.UUIDField()),
                ('agency', models.CharField(max_length=35)),
                ('asker', models.CharField(max_length=35)),
                ('asker_name', models.CharField(max_length=200)),
                ('state', models.CharField(choices=[('waiting', 'To be answered'), ('given', 'Answered')], default='waiting', max_length=10)),
            ],
            options={
                'indexes': [models.Index(fields=['agency', 'state', 'due_at'], name='opinions_qu_agency_2bdb4f_idx')],
                'constraints': [models.UniqueConstraint(fields=('inquiry', 'agency'), name='a_question_comes_once'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'given'), models.Q(('verdict', ''), _negated=True)), models.Q(('state', 'waiting'), ('verdict', '')), _connector='OR'), name='a_given_opinion_has_its_verdict')],
            },
        ),
    ]
