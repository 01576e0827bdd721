from django.db import migrations, models

GROWS = """
-- What is archived stands in the file of its month, of which the log itself says so; it may be dropped here, but no name of a file.
CREATE FUNCTION exchange_leaf_only_grows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF NEW.text IS NULL AND OLD.text IS NOT NULL
            AND (OLD.body IS NOT NULL OR (OLD.envelope IS NULL AND OLD.what <> 'message')
                 OR EXISTS (SELECT FROM exchange_apart a WHERE a.leaf = OLD.number))
            AND EXISTS (SELECT FROM exchange_archivedmonth m WHERE m.leaf IS NOT NULL AND OLD.number BETWEEN m.first AND m.last)
            AND EXISTS (SELECT FROM exchange_archivedbatch b WHERE b.number = OLD.batch)
        THEN
            OLD.text := NULL;
            IF OLD.envelope IS NOT NULL AND NEW.envelope IS NULL AND NEW.peer_proof IS NULL THEN
                OLD.envelope := NULL;
                OLD.peer_proof := NULL;
            END IF;
        END IF;
        -- Erasing a body is lawful and leaves the chain whole; nothing else changes.
        IF NEW.body IS NULL THEN
            OLD.body := NULL;
        END IF;
        IF NEW IS NOT DISTINCT FROM OLD THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'The log of the exchange only grows.';
END $$;
DROP TRIGGER exchange_leaf_only_grows ON exchange_leaf;
CREATE TRIGGER exchange_leaf_only_grows BEFORE UPDATE OR DELETE ON exchange_leaf
    FOR EACH ROW EXECUTE FUNCTION exchange_leaf_only_grows();

CREATE FUNCTION exchange_month_only_said() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.leaf IS NULL THEN
        OLD.leaf := NEW.leaf;
        IF NEW IS NOT DISTINCT FROM OLD THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'The log of the exchange only grows.';
END $$;
CREATE TRIGGER exchange_month_only_said BEFORE UPDATE OR DELETE ON exchange_archivedmonth
    FOR EACH ROW EXECUTE FUNCTION exchange_month_only_said();
CREATE TRIGGER exchange_archivedbatch_only_grows BEFORE UPDATE OR DELETE ON exchange_archivedbatch
    FOR EACH ROW EXECUTE FUNCTION exchange_only_grows();
CREATE TRIGGER exchange_apart_only_grows BEFORE UPDATE OR DELETE ON exchange_apart
    FOR EACH ROW EXECUTE FUNCTION exchange_only_grows();
"""

UNDO = """
DROP TRIGGER exchange_apart_only_grows ON exchange_apart;
DROP TRIGGER exchange_archivedbatch_only_grows ON exchange_archivedbatch;
DROP TRIGGER exchange_month_only_said ON exchange_archivedmonth;
DROP FUNCTION exchange_month_only_said();
DROP TRIGGER exchange_leaf_only_grows ON exchange_leaf;
CREATE TRIGGER exchange_leaf_only_grows BEFORE UPDATE OR DELETE ON exchange_leaf
    FOR EACH ROW EXECUTE FUNCTION exchange_only_grows();
DROP FUNCTION exchange_leaf_only_grows();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('exchange', '0009_bodies_of_our_messages'),
    ]

    operations = [
        migrations.CreateModel(
            name='ArchivedMonth',
            fields=[
                ('month', models.TextField(primary_key=True, serialize=False)),
                ('digest', models.BinaryField()),
                ('first', models.BigIntegerField()),
                ('last', models.BigIntegerField()),
                ('text', models.BinaryField()),
                ('leaf', models.BigIntegerField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='ArchivedBatch',
            fields=[
                ('number', models.BigIntegerField(primary_key=True, serialize=False)),
                ('month', models.TextField()),
                ('place', models.BigIntegerField()),
                ('size', models.BigIntegerField()),
                ('digest', models.BinaryField()),
            ],
        ),
        migrations.CreateModel(
            name='Apart',
            fields=[
                ('leaf', models.BigIntegerField(primary_key=True, serialize=False)),
                ('digest', models.BinaryField()),
            ],
        ),
        migrations.AlterField(
            model_name='leaf',
            name='text',
            field=models.BinaryField(null=True),
        ),
        migrations.RunSQL(GROWS, UNDO),
    ]
