-- +goose Up

-- What people wrote about a distribution, for each other: it never goes to Plexy.
CREATE TABLE notes (
    id              INTEGER PRIMARY KEY,
    distribution_id TEXT NOT NULL REFERENCES distributions (id),
    at              INTEGER NOT NULL,
    by_id           TEXT NOT NULL REFERENCES users (id),
    by_name         TEXT NOT NULL,
    text            TEXT NOT NULL CHECK (text <> ''),
    audit_seq       INTEGER NOT NULL UNIQUE REFERENCES audit (seq)
) STRICT;
CREATE INDEX notes_by_distribution ON notes (distribution_id, id);
-- +goose StatementBegin
CREATE TRIGGER notes_no_update BEFORE UPDATE ON notes BEGIN SELECT raise(ABORT, 'notes are append-only'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER notes_no_delete BEFORE DELETE ON notes BEGIN SELECT raise(ABORT, 'notes are append-only'); END;
-- +goose StatementEnd

-- How long the last payments to each bank took: the bank is in the account number.
CREATE INDEX distributions_paid_by_bank ON distributions (substr(recipient_iban, 5, 3), plexy_created_at)
    WHERE status = 'paid';
