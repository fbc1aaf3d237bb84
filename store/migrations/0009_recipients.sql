-- +goose Up

-- Whom distributions of the dashboard went to: one for each number and account.
-- They come by themselves, are put aside, and never go.
CREATE TABLE recipients (
    id          TEXT PRIMARY KEY,
    bin         TEXT NOT NULL,
    iban        TEXT NOT NULL,
    name        TEXT NOT NULL,
    bic         TEXT NOT NULL,
    kbe         TEXT NOT NULL,
    knp         TEXT NOT NULL,                        -- the usual one
    search      TEXT NOT NULL,                        -- folded name, number and account
    saved_at    INTEGER NOT NULL,
    used_at     INTEGER NOT NULL,                     -- when one went out to it last
    archived_at INTEGER,
    version     INTEGER NOT NULL DEFAULT 1
) STRICT;
CREATE UNIQUE INDEX recipients_requisites ON recipients (bin, iban);
CREATE INDEX recipients_by_use ON recipients (used_at, id);

-- What people did with a recipient.
CREATE TABLE recipient_events (
    id           INTEGER PRIMARY KEY,
    recipient_id TEXT NOT NULL REFERENCES recipients (id),
    at           INTEGER NOT NULL,
    by_id        TEXT NOT NULL CHECK (by_id <> ''),
    by_name      TEXT NOT NULL,
    kind         TEXT NOT NULL CHECK (kind IN ('saved', 'edited', 'archived', 'restored')),
    changes      TEXT NOT NULL,                       -- JSON: field to value, field.was to the one before
    audit_seq    INTEGER NOT NULL UNIQUE REFERENCES audit (seq)
) STRICT;
CREATE INDEX recipient_events_by_recipient ON recipient_events (recipient_id, id);
-- +goose StatementBegin
CREATE TRIGGER recipient_events_no_update BEFORE UPDATE ON recipient_events BEGIN SELECT raise(ABORT, 'history is append-only'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER recipient_events_no_delete BEFORE DELETE ON recipient_events BEGIN SELECT raise(ABORT, 'history is append-only'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER recipients_no_delete BEFORE DELETE ON recipients BEGIN SELECT raise(ABORT, 'recipients are put aside, not deleted'); END;
-- +goose StatementEnd

-- What reached Plexy, by whom it was for: accounts of a number, numbers of an
-- account, and the payments of both together.
CREATE INDEX distributions_to_number ON distributions (recipient_bin, recipient_iban, created_at, id, status, amount, linked_to)
    WHERE linked_to IS NULL AND status IN ('accepted', 'processing', 'paid', 'failed', 'returned');
CREATE INDEX distributions_to_account ON distributions (recipient_iban, recipient_bin, created_at, status, linked_to)
    WHERE linked_to IS NULL AND status IN ('accepted', 'processing', 'paid', 'failed', 'returned');

-- Those of distributions so far, with the requisites of the newest. The folded
-- text of a distribution is its reference, its Plexy id, and then these.
INSERT INTO recipients (id, bin, iban, name, bic, kbe, knp, search, saved_at, used_at)
    WITH sent AS (
        SELECT recipient_bin AS bin, recipient_iban AS iban, min(created_at) AS saved_at, max(created_at) AS used_at, lower(hex(randomblob(16))) AS random
        FROM distributions
        WHERE origin = 'dashboard' AND linked_to IS NULL AND status IN ('accepted', 'processing', 'paid')
        GROUP BY recipient_bin, recipient_iban),
    newest AS (
        SELECT s.*, d.recipient_name, d.recipient_bic, d.recipient_kbe, d.recipient_knp, substr(d.search, instr(d.search, ' | ') + 3) AS told
        FROM sent s JOIN distributions d ON d.id = (SELECT id FROM distributions WHERE recipient_bin = s.bin AND recipient_iban = s.iban
            AND origin = 'dashboard' AND linked_to IS NULL AND status IN ('accepted', 'processing', 'paid') ORDER BY created_at DESC, id DESC LIMIT 1))
    SELECT substr(random, 1, 8) || '-' || substr(random, 9, 4) || '-4' || substr(random, 14, 3) || '-a' || substr(random, 18, 3) || '-' || substr(random, 21, 12),
        bin, iban, recipient_name, recipient_bic, recipient_kbe, recipient_knp,
        substr(told, instr(told, ' | ') + 3, instr(told, lower(' | ' || iban)) - instr(told, ' | ') + length(iban)),
        saved_at, used_at
    FROM newest;
