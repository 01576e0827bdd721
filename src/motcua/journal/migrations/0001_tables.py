import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

FORBID = """
ALTER TABLE journal_entry ADD COLUMN tx xid8 NOT NULL DEFAULT pg_current_xact_id();
CREATE INDEX journal_entry_tx ON journal_entry (tx, id);

CREATE FUNCTION journal_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The journal is append-only: % on % is forbidden.', TG_OP, TG_TABLE_NAME;
END $$;
"""

GUARD = """
CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION journal_is_append_only();
CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION journal_is_append_only();
"""

TABLES = ("journal_entry", "journal_seal", "journal_head")


class Migration(migrations.Migration):

    # What a home made before this file has gone through; to be left out after the first release.
    replaces = [
        ('journal', '0001_initial'),
        ('journal', '0002_append_only'),
    ]

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Follower',
            fields=[
                ('name', models.CharField(max_length=80, primary_key=True, serialize=False)),
                ('place', models.PositiveBigIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name='Head',
            fields=[
                ('number', models.PositiveBigIntegerField(primary_key=True, serialize=False)),
                ('first_place', models.PositiveBigIntegerField()),
                ('size', models.PositiveIntegerField()),
                ('root', models.BinaryField(max_length=32)),
                ('previous', models.BinaryField(max_length=32)),
                ('origin', models.CharField(max_length=80)),
                ('at', models.DateTimeField()),
                ('key_id', models.CharField(max_length=80)),
                ('signature', models.BinaryField()),
            ],
        ),
        migrations.CreateModel(
            name='Entry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('event', models.CharField(max_length=80)),
                ('about', models.CharField(max_length=120)),
                ('actor', models.JSONField()),
                ('facts', models.JSONField()),
            ],
            options={
                'indexes': [models.Index(fields=['about', 'id'], name='journal_ent_about_690d4a_idx'), models.Index(fields=['event', 'id'], name='journal_ent_event_d6829e_idx')],
            },
        ),
        migrations.CreateModel(
            name='Seal',
            fields=[
                ('place', models.PositiveBigIntegerField(primary_key=True, serialize=False)),
                ('entry_id', models.BigIntegerField(unique=True)),
                ('leaf', models.BinaryField(max_length=32)),
                ('head', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='seals', to='journal.head')),
            ],
        ),
        # Entries know their transaction; nothing in the journal can be changed or removed.
        migrations.RunSQL(FORBID + "".join(GUARD.format(table=table) for table in TABLES), migrations.RunSQL.noop),
    ]
