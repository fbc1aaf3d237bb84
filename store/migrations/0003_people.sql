-- +goose Up

-- Who is signed in where.
ALTER TABLE sessions ADD COLUMN id TEXT;              -- names the session on pages; the token never leaves the browser
ALTER TABLE sessions ADD COLUMN address TEXT NOT NULL DEFAULT '';
ALTER TABLE sessions ADD COLUMN proved_at INTEGER;    -- last time the person proved who they are: password, and factor if they have one
UPDATE sessions SET id = lower(hex(randomblob(16))), proved_at = signed_in_at;
CREATE UNIQUE INDEX sessions_by_id ON sessions (id) WHERE id IS NOT NULL;

-- A sign-in whose password was right and whose second factor is still to come.
CREATE TABLE signin_steps (
    token_hash BLOB PRIMARY KEY,
    user_id    TEXT NOT NULL REFERENCES users (id),
    expires_at INTEGER NOT NULL
) STRICT;

-- Second factor: time-based one-time passwords (RFC 6238).
CREATE TABLE factors (
    user_id      TEXT PRIMARY KEY REFERENCES users (id),
    secret       BLOB NOT NULL,
    confirmed_at INTEGER,                             -- null: offered, not yet proven
    last_step    INTEGER NOT NULL DEFAULT 0,          -- newest step that was used: no code works twice
    created_at   INTEGER NOT NULL
) STRICT;

CREATE TABLE recovery_codes (
    user_id TEXT NOT NULL REFERENCES users (id),
    hash    BLOB NOT NULL,                            -- SHA-256 of a random code
    used_at INTEGER,
    PRIMARY KEY (user_id, hash)
) STRICT, WITHOUT ROWID;

-- A link by which a person sets the first password, or a new one. Shown once.
CREATE TABLE invitations (
    token_hash BLOB PRIMARY KEY,
    user_id    TEXT NOT NULL REFERENCES users (id),
    by_id      TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    used_at    INTEGER
) STRICT;
CREATE INDEX invitations_by_user ON invitations (user_id);

-- When it was handed over last: the queue of approvals is in this order, and one
-- that nobody decides on for seven days goes back.
ALTER TABLE distributions ADD COLUMN submitted_at INTEGER;
UPDATE distributions SET submitted_at = (SELECT max(at) FROM distribution_events e
    WHERE e.distribution_id = distributions.id AND e.kind = 'submitted');
CREATE INDEX distributions_awaiting ON distributions (submitted_at, id) WHERE status = 'awaiting_approval';

-- What was handed over each time: an approver who comes with the code of an
-- earlier one is shown what changed since.
CREATE TABLE submissions (
    id              INTEGER PRIMARY KEY,
    distribution_id TEXT NOT NULL REFERENCES distributions (id),
    at              INTEGER NOT NULL,
    hash            BLOB NOT NULL,                    -- SHA-256 of the content
    content         TEXT NOT NULL                     -- JSON: field to value, as approvers saw them
) STRICT;
CREATE INDEX submissions_by_distribution ON submissions (distribution_id, id);

-- What each person decided on, newest first.
CREATE INDEX distribution_events_decided ON distribution_events (actor_id, id) WHERE kind IN ('approved', 'declined');
-- Which accounts a payee was paid to.
CREATE INDEX distributions_by_bin ON distributions (recipient_bin, status);

-- The figure below which the balance is low, and each time that it went there.
CREATE TABLE balance_thresholds (
    id      INTEGER PRIMARY KEY,
    at      INTEGER NOT NULL,
    amount  INTEGER NOT NULL CHECK (amount >= 0),     -- 0: none
    by_id   TEXT NOT NULL CHECK (by_id <> ''),
    by_name TEXT NOT NULL
) STRICT;
CREATE TABLE balance_dips (
    id        INTEGER PRIMARY KEY,
    at        INTEGER NOT NULL,
    amount    INTEGER NOT NULL,                       -- of the balance when it crossed
    threshold INTEGER NOT NULL,
    ended_at  INTEGER,
    acknowledged_by TEXT NOT NULL DEFAULT '',
    acknowledged_by_name TEXT NOT NULL DEFAULT '',
    acknowledged_at INTEGER
) STRICT;
CREATE UNIQUE INDEX balance_dips_open ON balance_dips (ended_at IS NULL) WHERE ended_at IS NULL;

-- The language of the words in a file.
ALTER TABLE exports ADD COLUMN lang TEXT NOT NULL DEFAULT 'ru';

-- What the audit log is searched by follows from the records themselves, so that
-- it cannot say anything else.
ALTER TABLE audit ADD COLUMN at TEXT AS (json_extract(CAST(record AS TEXT), '$.at')) VIRTUAL;
ALTER TABLE audit ADD COLUMN actor TEXT AS (json_extract(CAST(record AS TEXT), '$.actor.id')) VIRTUAL;
ALTER TABLE audit ADD COLUMN role TEXT AS (json_extract(CAST(record AS TEXT), '$.actor.role')) VIRTUAL;
ALTER TABLE audit ADD COLUMN action TEXT AS (json_extract(CAST(record AS TEXT), '$.action')) VIRTUAL;
ALTER TABLE audit ADD COLUMN object TEXT AS (json_extract(CAST(record AS TEXT), '$.object')) VIRTUAL;
ALTER TABLE audit ADD COLUMN object_id TEXT AS (json_extract(CAST(record AS TEXT), '$.objectId')) VIRTUAL;
ALTER TABLE audit ADD COLUMN result TEXT AS (json_extract(CAST(record AS TEXT), '$.result')) VIRTUAL;
CREATE INDEX audit_by_time ON audit (at, seq);
CREATE INDEX audit_by_actor ON audit (actor, seq);
CREATE INDEX audit_by_action ON audit (action, seq);
CREATE INDEX audit_by_kind ON audit (object, seq);
CREATE INDEX audit_by_object ON audit (object_id, seq);
CREATE INDEX audit_by_result ON audit (result, seq) WHERE result <> 'done';
