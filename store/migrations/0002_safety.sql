-- +goose Up

-- Acts that only two people together may do.
CREATE TABLE decisions (
    id              TEXT PRIMARY KEY,
    kind            TEXT NOT NULL CHECK (kind IN (
        'resend', 'link', 'close', 'ticket', 'ours', 'not_ours', 'override', 'unit', 'policy')),
    subject         TEXT NOT NULL,                    -- id of the distribution, or 'sending', or 'policy'
    distribution_id TEXT REFERENCES distributions (id),
    version         INTEGER NOT NULL DEFAULT 0,       -- of the distribution, or of the policy, as the proposer saw it
    reason          TEXT NOT NULL CHECK (reason <> ''),
    details         TEXT NOT NULL DEFAULT '{}',       -- JSON: plexyId, ticket, policy
    status          TEXT NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'confirmed', 'refused', 'withdrawn', 'void')),
    proposed_by     TEXT NOT NULL REFERENCES users (id),
    proposed_by_name TEXT NOT NULL,
    proposed_role   TEXT NOT NULL,
    proposed_at     INTEGER NOT NULL,
    settled_by      TEXT NOT NULL DEFAULT '',         -- a user, or the part of the program that voided it
    settled_by_name TEXT NOT NULL DEFAULT '',
    settled_at      INTEGER,
    settled_note    TEXT NOT NULL DEFAULT '',
    CHECK (status <> 'confirmed' OR settled_by <> proposed_by),
    CHECK ((status = 'open') = (settled_at IS NULL))
) STRICT;
CREATE UNIQUE INDEX decisions_open ON decisions (subject) WHERE status = 'open';
CREATE INDEX decisions_by_distribution ON decisions (distribution_id, proposed_at);

-- Why nothing is sent. One open row for each kind that holds.
CREATE TABLE stops (
    id          INTEGER PRIMARY KEY,
    kind        TEXT NOT NULL CHECK (kind IN ('person', 'unit', 'clock', 'invariant')),
    reason      TEXT NOT NULL,                        -- a person's words, or what was found
    distribution_id TEXT REFERENCES distributions (id),
    by_id       TEXT NOT NULL CHECK (by_id <> ''),
    by_name     TEXT NOT NULL,
    at          INTEGER NOT NULL,
    lifted_by   TEXT NOT NULL DEFAULT '',
    lifted_by_name TEXT NOT NULL DEFAULT '',
    lifted_note TEXT NOT NULL DEFAULT '',
    lifted_at   INTEGER
) STRICT;
CREATE UNIQUE INDEX stops_open ON stops (kind) WHERE lifted_at IS NULL;

-- What somebody must have seen. It stays until it is acknowledged with a note.
CREATE TABLE alarms (
    id              INTEGER PRIMARY KEY,
    kind            TEXT NOT NULL CHECK (kind IN ('executed_twice', 'made_outside', 'regressed', 'vanished', 'found_late')),
    distribution_id TEXT NOT NULL REFERENCES distributions (id),
    at              INTEGER NOT NULL,
    acknowledged_by TEXT NOT NULL DEFAULT '',
    acknowledged_by_name TEXT NOT NULL DEFAULT '',
    acknowledged_at INTEGER,
    note            TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE UNIQUE INDEX alarms_open ON alarms (distribution_id, kind) WHERE acknowledged_at IS NULL;
CREATE INDEX alarms_by_time ON alarms (at) WHERE acknowledged_at IS NULL;

-- Who must approve, and what may leave at most. The newest row holds.
CREATE TABLE policies (
    id          INTEGER PRIMARY KEY,
    at          INTEGER NOT NULL,
    by_id       TEXT NOT NULL CHECK (by_id <> ''),
    by_name     TEXT NOT NULL,
    decision_id TEXT REFERENCES decisions (id),
    body        TEXT NOT NULL                         -- JSON, amounts in tiyn
) STRICT;

-- Complete walks through Plexy's list, and what each proves about those sought.
CREATE TABLE sweeps (
    id          INTEGER PRIMARY KEY,
    reason      TEXT NOT NULL CHECK (reason IN ('night', 'asked')),
    started_at  INTEGER NOT NULL,
    finished_at INTEGER,
    pages       INTEGER NOT NULL DEFAULT 0,
    items       INTEGER NOT NULL DEFAULT 0,           -- distinct ids
    total       INTEGER,                              -- as Plexy told it; null when it does not
    ended       TEXT NOT NULL DEFAULT '' CHECK (ended IN ('', 'proven', 'inconclusive', 'failed')),
    error       TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX sweeps_by_start ON sweeps (started_at);

CREATE TABLE sweep_evidence (
    sweep_id        INTEGER NOT NULL REFERENCES sweeps (id),
    distribution_id TEXT NOT NULL REFERENCES distributions (id),
    verdict         TEXT NOT NULL CHECK (verdict IN ('found', 'missed', 'inconclusive')),
    why             TEXT NOT NULL DEFAULT '',         -- of inconclusive
    after_window    INTEGER NOT NULL CHECK (after_window IN (0, 1)), -- the sweep began when the settle window was over
    older_reference TEXT NOT NULL DEFAULT '',         -- a control seen that is known to be older than the attempt
    older_at        INTEGER,
    newer_reference TEXT NOT NULL DEFAULT '',         -- a control seen that was accepted later than the attempt
    newer_at        INTEGER,
    PRIMARY KEY (sweep_id, distribution_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX sweep_evidence_by_distribution ON sweep_evidence (distribution_id, sweep_id);

-- Rows of Plexy that two people said are not the payment under our reference.
CREATE TABLE disowned (
    plexy_id        TEXT PRIMARY KEY,
    distribution_id TEXT NOT NULL REFERENCES distributions (id),
    decision_id     TEXT NOT NULL REFERENCES decisions (id)
) STRICT;

-- Signed roots of the audit log, oldest first.
CREATE TABLE checkpoints (
    size INTEGER PRIMARY KEY,
    at   INTEGER NOT NULL,
    note BLOB NOT NULL
) STRICT;
-- +goose StatementBegin
CREATE TRIGGER checkpoints_no_update BEFORE UPDATE ON checkpoints BEGIN SELECT raise(ABORT, 'checkpoints are append-only'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER checkpoints_no_delete BEFORE DELETE ON checkpoints BEGIN SELECT raise(ABORT, 'checkpoints are append-only'); END;
-- +goose StatementEnd

-- A balance that an answer to a POST told is a link of the same chain as one that was read.
ALTER TABLE balance_readings ADD COLUMN distribution_id TEXT REFERENCES distributions (id);
ALTER TABLE balance_readings ADD COLUMN before INTEGER; -- what the same answer told of the balance before it
-- Money that came back, or left once more after that.
CREATE INDEX distribution_events_back ON distribution_events (at)
    WHERE (to_status IN ('failed', 'returned')) <> (from_status IN ('failed', 'returned'));

ALTER TABLE distributions ADD COLUMN linked_to TEXT REFERENCES distributions (id); -- two people said that it is the payment of that one
ALTER TABLE distributions ADD COLUMN gone_at INTEGER;   -- Plexy had it and no longer returns it
ALTER TABLE distributions ADD COLUMN duplicate_reason TEXT NOT NULL DEFAULT ''; -- why the same was paid again, in the maker's words
-- What was made elsewhere is held against ours by the account that Plexy told, too.
UPDATE distributions SET biz_key = upper(replace(recipient_iban, ' ', '')) || biz_key WHERE origin = 'plexy' AND biz_key LIKE '|%';
CREATE INDEX distributions_by_content ON distributions (biz_key, created_at);
CREATE INDEX distributions_by_plexy_time ON distributions (plexy_created_at) WHERE plexy_id IS NOT NULL;
CREATE INDEX distributions_linked ON distributions (linked_to) WHERE linked_to IS NOT NULL;

CREATE INDEX attempts_by_start ON attempts (started_at);

-- Each event has an audit record of its own.
CREATE UNIQUE INDEX distribution_events_by_record ON distribution_events (audit_seq);
-- Holds what the invariants read of every event that ever was.
DROP INDEX distribution_events_by_distribution;
CREATE INDEX distribution_events_by_distribution ON distribution_events (distribution_id, id, kind, from_status, to_status);

DROP INDEX sync_runs_by_start;
ALTER TABLE sync_runs RENAME TO sync_runs_old;
CREATE TABLE sync_runs (
    id          INTEGER PRIMARY KEY,
    kind        TEXT NOT NULL CHECK (kind IN ('import', 'sync', 'look', 'sweep')),
    started_at  INTEGER NOT NULL,
    finished_at INTEGER,
    pages       INTEGER NOT NULL DEFAULT 0,
    items       INTEGER NOT NULL DEFAULT 0,
    changed     INTEGER NOT NULL DEFAULT 0,
    error       TEXT NOT NULL DEFAULT ''
) STRICT;
INSERT INTO sync_runs SELECT * FROM sync_runs_old;
DROP TABLE sync_runs_old;
CREATE INDEX sync_runs_by_start ON sync_runs (started_at);
