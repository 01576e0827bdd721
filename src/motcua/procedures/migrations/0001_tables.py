import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models

# The content of a version lies outside its row: lists read thousands of rows and no content.
NARROW = "ALTER TABLE procedures_version SET (toast_tuple_target = 256), ALTER heading SET STORAGE MAIN"
WIDE = "ALTER TABLE procedures_version RESET (toast_tuple_target), ALTER heading SET STORAGE EXTENDED"

# Search keeps its bitmaps in each process; a stamp says when they are to be made again.
TOUCH = """
CREATE FUNCTION procedures_new_edition() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO procedures_edition (id, stamp) VALUES (1, gen_random_uuid())
    ON CONFLICT (id) DO UPDATE SET stamp = EXCLUDED.stamp;
    RETURN NULL;
END $$;
"""
ON_CHANGE = """
CREATE TRIGGER {table}_new_edition AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION procedures_new_edition();
"""
TABLES = ("procedures_version", "organisations_agency")
UNDO = "".join(f"DROP TRIGGER {table}_new_edition ON {table};" for table in TABLES) + "DROP FUNCTION procedures_new_edition();"


class Migration(migrations.Migration):

    # What a home made before this file has gone through; to be left out after the first release.
    replaces = [
        ('procedures', '0001_initial'),
        ('procedures', '0002_narrow_rows'),
        ('procedures', '0003_search_by_bitmaps'),
        ('procedures', '0004_readiness'),
        ('procedures', '0005_favourites'),
        ('procedures', '0006_overlays'),
        ('procedures', '0007_drafts'),
        ('procedures', '0008_forms_of_a_version'),
        ('procedures', '0009_work_left'),
        ('procedures', '0010_polls'),
        ('procedures', '0011_procedures_of_an_agency'),
    ]

    initial = True

    dependencies = [
        ('organisations', '0001_tables'),
        ('people', '__first__'),
    ]

    operations = [
        migrations.CreateModel(
            name='Edition',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('stamp', models.UUIDField()),
            ],
        ),
        migrations.CreateModel(
            name='Procedure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=8, unique=True)),
                ('owner', models.CharField(blank=True, default='', max_length=35)),
            ],
        ),
        migrations.CreateModel(
            name='Version',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('effective_from', models.DateField()),
                ('effective_until', models.DateField(blank=True, null=True)),
                ('source', models.CharField(choices=[('file', 'file'), ('portal', 'portal')], max_length=10)),
                ('digest', models.CharField(max_length=64)),
                ('content', models.JSONField()),
                ('name_vi', models.TextField()),
                ('name_en', models.TextField(blank=True)),
                ('field_vi', models.CharField(max_length=200)),
                ('field_en', models.CharField(blank=True, max_length=200)),
                ('online', models.CharField(max_length=10)),
                ('is_offered', models.BooleanField()),
                ('levels', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=10))),
                ('audience', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=30))),
                ('life_events', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=20))),
                ('heading', models.TextField()),
                ('subjects', models.TextField()),
                ('agency', models.TextField(blank=True, default='')),
                ('readiness', models.CharField(blank=True, default='', max_length=10)),
                ('hindrances', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=20), blank=True, default=list)),
                ('is_understood', models.BooleanField(default=True)),
                ('has_forms', models.BooleanField(default=False)),
                ('work_left', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=10), blank=True, default=list)),
                ('approved_by', models.CharField(blank=True, default='', help_text='Of what was written here.', max_length=120)),
                ('procedure', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='procedures.procedure')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('effective_until', None), models.Q(('work_left', []), _negated=True)), fields=['procedure'], name='procedures_with_work_left')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('effective_until', None)), fields=('procedure',), name='procedures_one_open_version'), models.CheckConstraint(condition=models.Q(('effective_until', None), ('effective_until__gte', models.F('effective_from')), _connector='OR'), name='procedures_until_not_before_from')],
            },
        ),
        migrations.CreateModel(
            name='Draft',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('code', models.CharField(max_length=8)),
                ('owner', models.CharField(blank=True, default='', max_length=35)),
                ('content', models.JSONField()),
                ('state', models.CharField(choices=[('draft', 'Being written'), ('proposed', 'Waits for approval'), ('approved', 'Approved'), ('discarded', 'Given up')], default='draft', max_length=10)),
                ('authors', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=120))),
                ('author', models.CharField(max_length=120)),
                ('note', models.TextField(blank=True)),
                ('reason', models.TextField(blank=True)),
                ('proposed_by', models.CharField(blank=True, max_length=120)),
                ('proposer', models.CharField(blank=True, max_length=120)),
                ('approved_by', models.CharField(blank=True, max_length=120)),
                ('approver', models.CharField(blank=True, max_length=120)),
                ('begun_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('proposed_at', models.DateTimeField(blank=True, null=True)),
                ('approved_at', models.DateTimeField(blank=True, null=True)),
                ('base', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='procedures.version')),
                ('version', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='draft', to='procedures.version')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('state__in', ['draft', 'proposed'])), fields=('code',), name='one_open_draft_of_a_procedure'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'approved'), _negated=True), models.Q(('version__isnull', False), models.Q(('approved_by', ''), _negated=True), models.Q(('approved_by', models.F('proposed_by')), _negated=True)), _connector='OR'), name='a_draft_is_approved_by_a_second_person')],
            },
        ),
        migrations.CreateModel(
            name='Poll',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('question', models.TextField()),
                ('whom', models.TextField()),
                ('begins_on', models.DateField()),
                ('ends_on', models.DateField()),
                ('asked', models.PositiveIntegerField()),
                ('answered', models.PositiveIntegerField(blank=True, null=True)),
                ('assented', models.PositiveIntegerField(blank=True, null=True)),
                ('document', models.CharField(blank=True, max_length=200)),
                ('state', models.CharField(choices=[('open', 'Being asked'), ('closed', 'Counted')], default='open', max_length=10)),
                ('opened_by', models.CharField(max_length=120)),
                ('counted_by', models.CharField(blank=True, max_length=120)),
                ('opened_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('closed_at', models.DateTimeField(blank=True, null=True)),
                ('procedure', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='polls', to='procedures.procedure')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'open')), fields=('procedure',), name='one_open_poll_of_a_procedure'), models.CheckConstraint(condition=models.Q(('ends_on__gte', models.F('begins_on'))), name='a_poll_ends_after_it_begins'), models.CheckConstraint(condition=models.Q(('asked__gt', 0)), name='a_poll_asks_somebody'), models.CheckConstraint(condition=models.Q(models.Q(('answered', None), ('assented', None), ('state', 'open')), models.Q(('answered__isnull', False), ('answered__lte', models.F('asked')), ('assented__isnull', False), ('assented__lte', models.F('answered')), ('state', 'closed')), _connector='OR'), name='a_closed_poll_adds_up')],
            },
        ),
        migrations.CreateModel(
            name='Overlay',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('key', models.CharField(choices=[('fee', 'fee'), ('term', 'term'), ('office', 'office'), ('holder', 'holder'), ('channel', 'channel')], max_length=10)),
                ('case', models.CharField(blank=True, max_length=60)),
                ('channel', models.CharField(blank=True, max_length=10)),
                ('step', models.CharField(blank=True, max_length=60)),
                ('value', models.JSONField(null=True)),
                ('decision', models.CharField(max_length=200)),
                ('effective_from', models.DateField()),
                ('effective_until', models.DateField(blank=True, null=True)),
                ('set_by', models.CharField(max_length=120)),
                ('set_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.agency')),
                ('procedure', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='overlays', to='procedures.procedure')),
            ],
            options={
                'indexes': [models.Index(fields=['procedure', 'agency'], name='procedures__procedu_b45dcb_idx')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('effective_until', None)), fields=('procedure', 'agency', 'key', 'case', 'channel', 'step'), name='one_open_overlay_of_a_part'), models.CheckConstraint(condition=models.Q(('key__in', ['fee', 'term', 'office', 'holder', 'channel'])), name='only_what_the_law_leaves_is_overlaid'), models.CheckConstraint(condition=models.Q(('decision', ''), _negated=True), name='an_overlay_names_its_decision'), models.CheckConstraint(condition=models.Q(('effective_until', None), ('effective_until__gte', models.F('effective_from')), _connector='OR'), name='overlay_ends_after_it_begins')],
            },
        ),
        migrations.CreateModel(
            name='Favourite',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('marked_at', models.DateTimeField(auto_now_add=True)),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='favourites', to=settings.AUTH_USER_MODEL)),
                ('procedure', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='procedures.procedure')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('account', 'procedure'), name='procedures_one_mark_each')],
            },
        ),
        migrations.RunSQL(NARROW, WIDE),
        migrations.RunSQL(TOUCH + "".join(ON_CHANGE.format(table=table) for table in TABLES), UNDO),
    ]
