"""Entries know their transaction; nothing in the journal can be changed or removed."""

from django.db import migrations

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
    dependencies = [("journal", "0001_initial")]
    operations = [
        migrations.RunSQL(FORBID + "".join(GUARD.format(table=table) for table in TABLES), migrations.RunSQL.noop)
    ]
