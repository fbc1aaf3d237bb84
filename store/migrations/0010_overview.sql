-- +goose Up

-- What was paid lately, by Plexy's clock where it told one.
CREATE INDEX distribution_events_paid ON distribution_events (coalesce(plexy_at, at), distribution_id)
    WHERE to_status = 'paid' AND from_status <> 'paid';

-- The balance from day to day, in Almaty. It follows from balance_readings and is
-- kept so that a page reads a row for each day, however many figures there were.
-- A day without moves has no row.
CREATE TABLE balance_days (
    day     TEXT PRIMARY KEY CHECK (day = date(day)),
    opening INTEGER NOT NULL,
    came    INTEGER NOT NULL,
    went    INTEGER NOT NULL,
    closing INTEGER NOT NULL,
    CHECK (opening + came - went = closing)
) STRICT, WITHOUT ROWID;

-- The figures so far, by the rules of distribution.FigureMoves: what an answer
-- repeats is nothing new, nor is a reading from before an answer that was kept
-- after it and that the next reading takes back.
INSERT INTO balance_days (day, opening, came, went, closing)
    WITH told AS (
        SELECT id, at, amount, before, coalesce(lag(amount) OVER w, before, amount) AS was,
            lag(id) OVER w IS NULL AS is_first, lag(at) OVER w AS last_at, lag(before) OVER w IS NULL AS last_read,
            lag(amount, 2) OVER w AS second_amount, lag(before, 2) OVER w IS NULL AS second_read,
            lead(at) OVER w AS next_at, lead(amount) OVER w AS next_amount, lead(before) OVER w IS NULL AS next_read
        FROM balance_readings WHERE currency = 'KZT' WINDOW w AS (ORDER BY id)),
    judged AS (
        SELECT *, coalesce(amount = was
            OR before IS NULL AND NOT last_read AND next_read AND next_amount = was AND next_at - at <= 300000000
            OR before IS NULL AND last_read AND NOT second_read AND amount = second_amount AND at - last_at <= 300000000, FALSE) AS nothing_new
        FROM told),
    moved AS (
        SELECT id, date(at / 1000000 + 18000, 'unixepoch') AS day, was, coalesce(before, was) - was AS first, amount - coalesce(before, was) AS second
        FROM judged WHERE NOT nothing_new OR is_first),
    summed AS (
        SELECT day, min(id) AS id, sum(max(first, 0) + max(second, 0)) AS came, sum(max(-first, 0) + max(-second, 0)) AS went
        FROM moved GROUP BY day),
    opened AS (
        SELECT day, came, went, (SELECT was FROM moved m WHERE m.id = (SELECT min(id) FROM moved)) AS start,
            sum(came - went) OVER (ORDER BY day) AS upto
        FROM summed)
    SELECT day, start + upto - came + went, came, went, start + upto FROM opened;
