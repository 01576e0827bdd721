import datetime
import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):

    # What a home made before this file has gone through; to be left out after the first release.
    replaces = [
        ('organisations', '0001_initial'),
        ('organisations', '0002_office_hours'),
        ('organisations', '0003_specialists'),
        ('organisations', '0004_deputies'),
        ('organisations', '0005_heirs'),
        ('organisations', '0006_shares_of_heirs'),
    ]

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Agency',
            fields=[
                ('code', models.CharField(max_length=35, primary_key=True, serialize=False, validators=[django.core.validators.RegexValidator('^[A-Y][0-9]{2}(\\.[A-Z0-9]+)*$')])),
                ('name_vi', models.CharField(max_length=200)),
                ('name_en', models.CharField(blank=True, max_length=200)),
                ('short_name', models.CharField(help_text='As people say it: UBND xã Bát Xát.', max_length=100)),
                ('abbreviation', models.CharField(help_text='As it stands in the notation of documents.', max_length=20)),
                ('level', models.PositiveSmallIntegerField()),
                ('unit_code', models.CharField(blank=True, max_length=5, validators=[django.core.validators.RegexValidator('^([0-9]{2}|[0-9]{3}|[0-9]{5})$')])),
                ('valid_from', models.DateField(default=datetime.date(1945, 9, 2))),
                ('valid_to', models.DateField(blank=True, null=True)),
                ('address', models.CharField(blank=True, max_length=200)),
                ('phone', models.CharField(blank=True, max_length=20)),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='subordinates', to='organisations.agency')),
                ('successor', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='predecessors', to='organisations.agency')),
            ],
            options={
                'verbose_name_plural': 'agencies',
                'constraints': [models.CheckConstraint(condition=models.Q(('code__regex', '^[A-Y][0-9]{2}(\\.[A-Z0-9]+)*$')), name='agency_code_has_its_form'), models.CheckConstraint(condition=models.Q(('valid_to__isnull', True), ('valid_to__gte', models.F('valid_from')), _connector='OR'), name='agency_ends_after_it_begins'), models.CheckConstraint(condition=models.Q(('successor__isnull', True), ('valid_to__isnull', False), _connector='OR'), name='only_a_closed_agency_has_a_successor')],
            },
        ),
        migrations.CreateModel(
            name='CalendarDay',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('date', models.DateField()),
                ('works', models.BooleanField()),
                ('name_vi', models.CharField(max_length=120)),
                ('name_en', models.CharField(blank=True, max_length=120)),
                ('source', models.CharField(blank=True, max_length=120)),
                ('edited_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('agency', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='days', to='organisations.agency')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('date', 'agency'), name='one_decision_a_day_and_agency', nulls_distinct=False)],
            },
        ),
        migrations.CreateModel(
            name='Heir',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('on', models.DateField()),
                ('main', models.BooleanField(default=True)),
                ('share', models.JSONField(blank=True, default=list)),
                ('new', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='inherited', to='organisations.agency')),
                ('old', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='heirs', to='organisations.agency')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('old', 'new'), name='one_heir_a_pair'), models.CheckConstraint(condition=models.Q(('old', models.F('new')), _negated=True), name='nobody_is_their_own_heir')],
            },
        ),
        migrations.CreateModel(
            name='OfficeHours',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('since', models.DateField()),
                ('week', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(blank=True, max_length=60), size=7)),
                ('source', models.CharField(blank=True, max_length=120)),
                ('edited_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='hours', to='organisations.agency')),
            ],
            options={
                'verbose_name_plural': 'office hours',
                'constraints': [models.UniqueConstraint(fields=('agency', 'since'), name='one_week_an_agency_and_day'), models.CheckConstraint(condition=models.Q(('week__len', 7)), name='a_week_has_seven_days')],
            },
        ),
        migrations.CreateModel(
            name='Post',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(choices=[('receiver', 'one-stop officer'), ('registrar', 'civil-status officer'), ('specialist', 'specialist'), ('chair', 'head of the agency'), ('deputy', 'deputy head of the agency'), ('clerk', 'records clerk'), ('administrator', 'administrator'), ('auditor', 'auditor')], max_length=20)),
                ('title_vi', models.CharField(max_length=100)),
                ('title_en', models.CharField(blank=True, max_length=100)),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='posts', to='organisations.agency')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('agency', 'role', 'title_vi'), name='one_post_a_title'), models.CheckConstraint(condition=models.Q(('role__in', ['receiver', 'registrar', 'specialist', 'chair', 'deputy', 'clerk', 'administrator', 'auditor'])), name='post_role_is_known')],
            },
        ),
        migrations.CreateModel(
            name='Succession',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('old_code', models.CharField(max_length=5)),
                ('new_code', models.CharField(max_length=5)),
                ('on', models.DateField()),
                ('main', models.BooleanField(default=True)),
            ],
            options={
                'indexes': [models.Index(fields=['new_code', 'on'], name='organisatio_new_cod_52ace2_idx')],
                'constraints': [models.UniqueConstraint(fields=('old_code', 'on', 'new_code'), name='one_succession_a_pair_and_day'), models.UniqueConstraint(condition=models.Q(('main', True)), fields=('old_code', 'on'), name='one_main_successor')],
            },
        ),
        migrations.CreateModel(
            name='Unit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=5, validators=[django.core.validators.RegexValidator('^([0-9]{2}|[0-9]{3}|[0-9]{5})$')])),
                ('level', models.PositiveSmallIntegerField(choices=[(1, 'province'), (2, 'district'), (3, 'commune')])),
                ('kind', models.CharField(max_length=20)),
                ('name', models.CharField(max_length=60)),
                ('parent_code', models.CharField(blank=True, max_length=3)),
                ('valid_from', models.DateField(default=datetime.date(1945, 9, 2))),
                ('valid_to', models.DateField(blank=True, null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['parent_code', 'code'], name='organisatio_parent__e77092_idx')],
                'constraints': [models.UniqueConstraint(fields=('code', 'valid_from'), name='one_unit_a_code_and_day'), models.CheckConstraint(condition=models.Q(models.Q(('code__regex', '^[0-9]{2}$'), ('level', 1), ('parent_code', '')), models.Q(('code__regex', '^[0-9]{3}$'), ('level', 2), ('parent_code__regex', '^[0-9]{2}$')), models.Q(('code__regex', '^[0-9]{5}$'), ('level', 3), ('parent_code__regex', '^[0-9]{2,3}$')), _connector='OR'), name='unit_code_fits_level'), models.CheckConstraint(condition=models.Q(('valid_to__isnull', True), ('valid_to__gte', models.F('valid_from')), _connector='OR'), name='unit_ends_after_it_begins')],
            },
        ),
    ]
