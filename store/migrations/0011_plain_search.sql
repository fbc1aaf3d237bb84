-- +goose Up

-- What is searched is kept in Russian letters from here on: many type without the
-- Kazakh ones. The index of letters is written anew, which is faster than row by row.
DROP TRIGGER distributions_searched_anew;
UPDATE distributions SET search = replace(replace(replace(replace(replace(replace(replace(replace(replace(search, 'ә', 'а'), 'ғ', 'г'), 'қ', 'к'), 'ң', 'н'), 'ө', 'о'), 'ұ', 'у'), 'ү', 'у'), 'һ', 'х'), 'і', 'и')
    WHERE search GLOB '*[әғқңөұүһі]*';
INSERT INTO search_index (search_index) VALUES ('delete-all');
INSERT INTO search_index (rowid, text) SELECT r.n, d.search FROM search_rows r JOIN distributions d ON d.id = r.id ORDER BY r.n;
-- +goose StatementBegin
CREATE TRIGGER distributions_searched_anew AFTER UPDATE OF search ON distributions WHEN new.search <> old.search BEGIN
    UPDATE search_index SET text = new.search WHERE rowid = (SELECT n FROM search_rows WHERE id = new.id);
END;
-- +goose StatementEnd
UPDATE recipients SET search = replace(replace(replace(replace(replace(replace(replace(replace(replace(search, 'ә', 'а'), 'ғ', 'г'), 'қ', 'к'), 'ң', 'н'), 'ө', 'о'), 'ұ', 'у'), 'ү', 'у'), 'һ', 'х'), 'і', 'и')
    WHERE search GLOB '*[әғқңөұүһі]*';

-- Of pasted references, in whatever letters they are typed.
CREATE INDEX distributions_by_plain_reference ON distributions (substr(search, 1, instr(search, ' | ') - 1));

-- How many there are and what they add up to, by the day in Almaty on which they
-- were made. It follows from the rows and is kept with them, so that a page need not
-- count a million. The author of what was made elsewhere is empty.
CREATE TABLE distribution_days (
    status TEXT NOT NULL,
    author TEXT NOT NULL,                             -- e-mail address
    day    TEXT NOT NULL CHECK (day = date(day)),
    count  INTEGER NOT NULL,                          -- no CHECK: no figure keeps a row from being written
    sum    INTEGER NOT NULL,                          -- tiyn
    PRIMARY KEY (status, author, day)
) STRICT, WITHOUT ROWID;
INSERT INTO distribution_days (author, status, day, count, sum)
    SELECT created_by_email, status, date(created_at / 1000000 + 18000, 'unixepoch') AS made, count(*), sum(amount)
    FROM distributions WHERE linked_to IS NULL GROUP BY created_by_email, status, made;
-- +goose StatementBegin
CREATE TRIGGER distributions_counted AFTER INSERT ON distributions WHEN new.linked_to IS NULL BEGIN
    INSERT INTO distribution_days (author, status, day, count, sum)
        VALUES (new.created_by_email, new.status, date(new.created_at / 1000000 + 18000, 'unixepoch'), 1, new.amount)
        ON CONFLICT DO UPDATE SET count = count + 1, sum = sum + excluded.sum;
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER distributions_counted_anew AFTER UPDATE OF created_by_email, status, created_at, amount, linked_to ON distributions
WHEN (new.created_by_email, new.status, new.created_at, new.amount, new.linked_to)
    IS NOT (old.created_by_email, old.status, old.created_at, old.amount, old.linked_to) BEGIN
    UPDATE distribution_days SET count = count - 1, sum = sum - old.amount
        WHERE old.linked_to IS NULL AND author = old.created_by_email AND status = old.status
            AND day = date(old.created_at / 1000000 + 18000, 'unixepoch');
    INSERT INTO distribution_days (author, status, day, count, sum)
        SELECT new.created_by_email, new.status, date(new.created_at / 1000000 + 18000, 'unixepoch'), 1, new.amount
        WHERE new.linked_to IS NULL
        ON CONFLICT DO UPDATE SET count = count + 1, sum = sum + excluded.sum;
END;
-- +goose StatementEnd

-- Of the filters by author and by purpose code.
CREATE INDEX distributions_by_author ON distributions (created_by_email, created_at, id) WHERE linked_to IS NULL;
CREATE INDEX distributions_by_knp ON distributions (recipient_knp, created_at, id, status, amount, linked_to) WHERE linked_to IS NULL;
