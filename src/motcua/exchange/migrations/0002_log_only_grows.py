from django.db import migrations

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
    dependencies = [("exchange", "0001_initial")]

    operations = [
        migrations.RunSQL(STORAGE, migrations.RunSQL.noop),
        migrations.RunSQL(ONLY_GROWS, UNDO),
    ]
