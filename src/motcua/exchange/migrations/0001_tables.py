import django.contrib.postgres.fields
import django.db.models.functions.datetime
from django.db import migrations, models

# Bodies are mostly compressed or small: trying to compress each costs more than it saves.
STORAGE = """
ALTER TABLE exchange_leaf ALTER COLUMN text SET STORAGE EXTERNAL, ALTER COLUMN envelope SET STORAGE EXTERNAL,
    ALTER COLUMN body SET STORAGE EXTERNAL;
ALTER TABLE exchange_leaf SET (toast_tuple_target = 8160);
"""

ONLY_GROWS = """
CREATE FUNCTION exchange_only_grows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND TG_TABLE_NAME = 'exchange_leaf' THEN
        -- Erasing a body is lawful and leaves the chain whole; nothing else changes.
        NEW.body := OLD.body;
        IF NEW IS NOT DISTINCT FROM OLD THEN
            NEW.body := NULL;
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'The log of the exchange only grows.';
END $$;
CREATE TRIGGER exchange_leaf_only_grows BEFORE UPDATE OR DELETE ON exchange_leaf
    FOR EACH ROW EXECUTE FUNCTION exchange_only_grows();
CREATE TRIGGER exchange_batch_only_grows BEFORE UPDATE OR DELETE ON exchange_batch
    FOR EACH ROW EXECUTE FUNCTION exchange_only_grows();
CREATE TRIGGER exchange_peerhead_only_grows BEFORE UPDATE OR DELETE ON exchange_peerhead
    FOR EACH ROW EXECUTE FUNCTION exchange_only_grows();
"""

UNDO = """
DROP TRIGGER exchange_leaf_only_grows ON exchange_leaf;
DROP TRIGGER exchange_batch_only_grows ON exchange_batch;
DROP TRIGGER exchange_peerhead_only_grows ON exchange_peerhead;
DROP FUNCTION exchange_only_grows();
"""


class Migration(migrations.Migration):

    # What a home made before this file has gone through; to be left out after the first release.
    replaces = [
        ('exchange', '0001_initial'),
        ('exchange', '0002_log_only_grows'),
        ('exchange', '0003_contradictions'),
    ]

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Batch',
            fields=[
                ('number', models.BigIntegerField(primary_key=True, serialize=False)),
                ('first', models.BigIntegerField()),
                ('size', models.IntegerField()),
                ('text', models.BinaryField()),
                ('signature', models.BinaryField()),
                ('at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Channel',
            fields=[
                ('name', models.TextField(primary_key=True, serialize=False)),
                ('last', models.BigIntegerField()),
                ('previous', models.TextField()),
            ],
        ),
        migrations.CreateModel(
            name='DirectoryVersion',
            fields=[
                ('version', models.BigIntegerField(primary_key=True, serialize=False)),
                ('text', models.BinaryField()),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
        ),
        migrations.CreateModel(
            name='Fork',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('node', models.TextField()),
                ('number', models.BigIntegerField()),
                ('text', models.BinaryField()),
                ('signature', models.BinaryField()),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('is_reported', models.BooleanField(db_default=False)),
            ],
        ),
        migrations.CreateModel(
            name='Outbox',
            fields=[
                ('position', models.BigAutoField(primary_key=True, serialize=False)),
                ('id', models.UUIDField(unique=True)),
                ('kind', models.TextField()),
                ('sender', models.TextField()),
                ('recipient', models.TextField()),
                ('stream', models.TextField()),
                ('correlation', models.TextField()),
                ('created', models.DateTimeField()),
                ('expires', models.DateTimeField()),
                ('content_type', models.TextField()),
                ('digest', models.BinaryField()),
                ('body', models.BinaryField(null=True)),
                ('attachments', models.JSONField()),
                ('confirm', models.BooleanField()),
            ],
        ),
        migrations.CreateModel(
            name='Peer',
            fields=[
                ('name', models.TextField(primary_key=True, serialize=False)),
                ('agencies', django.contrib.postgres.fields.ArrayField(base_field=models.TextField())),
                ('failures', models.IntegerField(db_default=0)),
                ('next_try', models.DateTimeField(null=True)),
                ('last_error', models.TextField(db_default='')),
                ('last_ok', models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='PeerHead',
            fields=[
                ('pk', models.CompositePrimaryKey('node', 'number', blank=True, editable=False, primary_key=True, serialize=False)),
                ('node', models.TextField()),
                ('number', models.BigIntegerField()),
                ('text', models.BinaryField()),
                ('signature', models.BinaryField()),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
        ),
        migrations.CreateModel(
            name='Receipt',
            fields=[
                ('pk', models.CompositePrimaryKey('message', 'state', blank=True, editable=False, primary_key=True, serialize=False)),
                ('message', models.UUIDField()),
                ('node', models.TextField()),
                ('state', models.TextField()),
                ('text', models.BinaryField()),
                ('head', models.BigIntegerField()),
                ('index', models.IntegerField()),
                ('proof', models.BinaryField()),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
        ),
        migrations.CreateModel(
            name='Incoming',
            fields=[
                ('pk', models.CompositePrimaryKey('message', 'sender', blank=True, editable=False, primary_key=True, serialize=False)),
                ('message', models.UUIDField()),
                ('sender', models.TextField()),
                ('digest', models.BinaryField()),
                ('leaf', models.BigIntegerField()),
                ('parcel', models.UUIDField()),
                ('kind', models.TextField()),
                ('recipient', models.TextField()),
                ('stream', models.TextField()),
                ('seq', models.BigIntegerField()),
                ('effect', models.TextField()),
                ('tries', models.IntegerField(db_default=0)),
                ('next_try', models.DateTimeField(null=True)),
                ('reason', models.TextField(db_default='')),
                ('settled_at', models.DateTimeField(null=True)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('effect', 'pending')), fields=['parcel', 'leaf'], name='exchange_incoming_parcel'), models.Index(condition=models.Q(('effect', 'pending'), models.Q(('stream', ''), _negated=True)), fields=['sender', 'recipient', 'stream', 'seq'], name='exchange_incoming_order')],
            },
        ),
        migrations.CreateModel(
            name='Leaf',
            fields=[
                ('number', models.BigIntegerField(primary_key=True, serialize=False)),
                ('batch', models.BigIntegerField()),
                ('what', models.TextField()),
                ('text', models.BinaryField()),
                ('envelope', models.BinaryField(null=True)),
                ('body', models.BinaryField(null=True)),
                ('peer', models.TextField(null=True)),
                ('peer_head', models.BigIntegerField(null=True)),
                ('peer_index', models.IntegerField(null=True)),
                ('peer_proof', models.BinaryField(null=True)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('what', 'refusal')), fields=['number'], name='exchange_leaf_refusals')],
            },
        ),
        migrations.CreateModel(
            name='Outgoing',
            fields=[
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('leaf', models.BigIntegerField()),
                ('kind', models.TextField()),
                ('sender', models.TextField()),
                ('recipient', models.TextField()),
                ('stream', models.TextField()),
                ('seq', models.BigIntegerField()),
                ('correlation', models.TextField()),
                ('created', models.DateTimeField()),
                ('expires', models.DateTimeField()),
                ('give_up_at', models.DateTimeField()),
                ('confirm', models.BooleanField()),
                ('state', models.TextField(choices=[('signed', 'on its way'), ('received', 'received'), ('handled', 'handled'), ('refused', 'refused'), ('dead', 'not delivered'), ('returned', 'returned to the sender'), ('cancelled', 'cancelled')])),
                ('tries', models.IntegerField(db_default=0)),
                ('next_try', models.DateTimeField(null=True)),
                ('reason', models.TextField(db_default='')),
                ('settled_at', models.DateTimeField(null=True)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('state', 'signed')), fields=['recipient', 'leaf'], name='exchange_outgoing_open'), models.Index(condition=models.Q(('state', 'signed'), models.Q(('stream', ''), _negated=True)), fields=['sender', 'recipient', 'stream', 'seq'], name='exchange_outgoing_order'), models.Index(condition=models.Q(('state', 'dead')), fields=['leaf'], name='exchange_outgoing_dead')],
            },
        ),
        migrations.RunSQL(STORAGE, migrations.RunSQL.noop),
        migrations.RunSQL(ONLY_GROWS, UNDO),
    ]
