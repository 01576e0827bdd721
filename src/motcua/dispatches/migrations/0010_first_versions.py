"""Drafts that are there become their own first version; from now on no version is ever changed or lost."""

from django.db import migrations

# Who wrote it is known by name only from now on.
FIRST_VERSIONS = """
INSERT INTO dispatches_version
    (outgoing_id, number, kind, subject, text, receivers, files, urgency, answer_by, note, written_by, written_by_name, written_at)
SELECT id, 1, kind, subject, text, receivers, files, urgency, answer_by, '', drafted_by, '', drafted_at
FROM dispatches_outgoing WHERE state IN ('draft', 'submitted');
UPDATE dispatches_outgoing SET version = 1 WHERE state IN ('draft', 'submitted')
"""

KEPT = """
CREATE FUNCTION dispatches_version_stays() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'a version of a draft is never changed or lost'; END $$;
CREATE TRIGGER dispatches_version_no_change BEFORE UPDATE OR DELETE ON dispatches_version
    FOR EACH ROW EXECUTE FUNCTION dispatches_version_stays();
CREATE TRIGGER dispatches_version_no_truncate BEFORE TRUNCATE ON dispatches_version
    FOR EACH STATEMENT EXECUTE FUNCTION dispatches_version_stays()
"""
GIVEN_UP = """
DROP TRIGGER dispatches_version_no_change ON dispatches_version;
DROP TRIGGER dispatches_version_no_truncate ON dispatches_version;
DROP FUNCTION dispatches_version_stays()
"""


class Migration(migrations.Migration):

    dependencies = [
        ("dispatches", "0009_drafts"),
    ]

    operations = [
        migrations.RunSQL(FIRST_VERSIONS, migrations.RunSQL.noop),
        migrations.RunSQL(KEPT, GIVEN_UP),
    ]
