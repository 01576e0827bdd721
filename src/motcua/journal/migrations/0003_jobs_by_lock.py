from django.db import migrations

# Whether another job of the same subject stands before one is asked for each that waits, each time a job is taken.
MAKE = """
CREATE INDEX procrastinate_jobs_by_lock ON procrastinate_jobs (lock, priority DESC, id) WHERE status IN ('todo', 'doing')
"""


class Migration(migrations.Migration):
    dependencies = [
        ("journal", "0002_counts_of_a_period"),
        ("procrastinate", "0041_post_retry_failed_job"),
    ]

    operations = [migrations.RunSQL(MAKE, "DROP INDEX procrastinate_jobs_by_lock")]
