"""PostgreSQL's readings in partitions by day: a day that is over its time is dropped, not deleted.

Dropping a partition takes milliseconds and leaves nothing to clean up; deleting a day's rows takes
as long as writing them. SQLite keeps its one table.
"""

from alembic import op

revision = "0010"
down_revision = "0009"

_PARTITIONED = """
ALTER TABLE reading RENAME TO reading_before;
ALTER INDEX reading_pkey RENAME TO reading_before_pkey;
-- No reference to series: it would be looked up for each row, and series are never removed.
CREATE TABLE reading (
    series integer NOT NULL, at bigint NOT NULL, value double precision NOT NULL,
    PRIMARY KEY (series, at)
) PARTITION BY RANGE (at);
-- What a device with a wrong clock dates far away.
CREATE TABLE reading_rest PARTITION OF reading DEFAULT;
"""

# A day has 86,400,000,000 microseconds, the unit of `reading.at`.
# Whoever stores readings may not make tables: these two functions are the only way, and run as
# their owner. A day that has rows in reading_rest already stays there.
_MAKE = """
CREATE FUNCTION make_reading_day(a_time bigint) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path FROM CURRENT AS $$
DECLARE
    today bigint := floor(extract(epoch FROM now()) * 1000000 / 86400000000);
    a_day bigint := floor(a_time / 86400000000::numeric);
    called text := 'reading_' || to_char(to_timestamp(a_day * 86400) AT TIME ZONE 'UTC', 'YYYYMMDD');
BEGIN
    IF a_day NOT BETWEEN today - 60 AND today + 2 OR to_regclass(called) IS NOT NULL THEN
        RETURN;
    END IF;
    PERFORM pg_advisory_xact_lock(hashtext('make_reading_day'));
    EXECUTE format('CREATE TABLE IF NOT EXISTS %I PARTITION OF reading FOR VALUES FROM (%s) TO (%s)',
                   called, a_day * 86400000000, (a_day + 1) * 86400000000);
EXCEPTION WHEN check_violation THEN
    NULL;
END $$
"""

_DROP = """
CREATE FUNCTION drop_reading_days(before bigint) RETURNS TABLE (dropped text, held bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
    FOR dropped IN
        SELECT child.relname FROM pg_inherits
        JOIN pg_class child ON child.oid = inhrelid
        WHERE inhparent = 'reading'::regclass AND child.relname ~ '^reading_[0-9]{8}$'
          AND (extract(epoch FROM to_date(right(child.relname, 8), 'YYYYMMDD')) * 1000000)::bigint
              + 86400000000 <= least(before, (extract(epoch FROM now()) * 1000000)::bigint - 86400000000)
        ORDER BY child.relname
    LOOP
        EXECUTE format('SELECT count(*) FROM %I', dropped) INTO held;
        EXECUTE format('DROP TABLE %I', dropped);
        RETURN NEXT;
    END LOOP;
END $$
"""

_MOVED = """
SELECT make_reading_day(at_day * 86400000000) FROM (
    SELECT DISTINCT at / 86400000000 AS at_day FROM reading_before) AS days;
INSERT INTO reading SELECT series, at, value FROM reading_before;
DROP TABLE reading_before;
"""

_CLOSED = """
REVOKE ALL ON FUNCTION make_reading_day(bigint), drop_reading_days(bigint) FROM PUBLIC;
"""


def upgrade() -> None:
    """Move PostgreSQL's readings into a table of days."""
    if op.get_bind().dialect.name != "postgresql":
        return
    for script in (_PARTITIONED, _MAKE, _DROP, _MOVED, _CLOSED):
        # The driver would take a percent sign for a place of a parameter's.
        op.get_bind().exec_driver_sql(script.replace("%", "%%"))
