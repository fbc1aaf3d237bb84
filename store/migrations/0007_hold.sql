-- +goose Up

-- HOLD is a reason to stop. Its kinds are checked by the program alone from here
-- on: a list in the table can only be changed by writing the table anew.
ALTER TABLE stops RENAME TO stops_old;
DROP INDEX stops_open;
CREATE TABLE stops (
    id          INTEGER PRIMARY KEY,
    kind        TEXT NOT NULL CHECK (kind <> ''),
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
INSERT INTO stops SELECT * FROM stops_old;
DROP TABLE stops_old;
CREATE UNIQUE INDEX stops_open ON stops (kind) WHERE lifted_at IS NULL;

-- The same for what two people decide, with the tables that refer to it.
ALTER TABLE decisions RENAME TO decisions_old;
DROP INDEX decisions_open;
DROP INDEX decisions_by_distribution;
CREATE TABLE decisions (
    id              TEXT PRIMARY KEY,
    kind            TEXT NOT NULL CHECK (kind <> ''),
    subject         TEXT NOT NULL,                    -- id of the distribution, or 'sending', 'policy', 'hold'
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
INSERT INTO decisions SELECT * FROM decisions_old;
CREATE UNIQUE INDEX decisions_open ON decisions (subject) WHERE status = 'open';
CREATE INDEX decisions_by_distribution ON decisions (distribution_id, proposed_at);

ALTER TABLE policies RENAME TO policies_old;
CREATE TABLE policies (
    id          INTEGER PRIMARY KEY,
    at          INTEGER NOT NULL,
    by_id       TEXT NOT NULL CHECK (by_id <> ''),
    by_name     TEXT NOT NULL,
    decision_id TEXT REFERENCES decisions (id),
    body        TEXT NOT NULL                         -- JSON, amounts in tiyn
) STRICT;
INSERT INTO policies SELECT * FROM policies_old;
DROP TABLE policies_old;

ALTER TABLE disowned RENAME TO disowned_old;
CREATE TABLE disowned (
    plexy_id        TEXT PRIMARY KEY,
    distribution_id TEXT NOT NULL REFERENCES distributions (id),
    decision_id     TEXT NOT NULL REFERENCES decisions (id)
) STRICT;
INSERT INTO disowned SELECT * FROM disowned_old;
DROP TABLE disowned_old;
DROP TABLE decisions_old;

-- Each time that the database turned out to be an older copy of itself, or a
-- second one. The stop says when that was and who ended it.
CREATE TABLE holds (
    id          INTEGER PRIMARY KEY,
    stop_id     INTEGER NOT NULL REFERENCES stops (id),
    why         TEXT NOT NULL CHECK (why IN ('missing', 'behind', 'forked', 'moved', 'machine')),
    at          INTEGER NOT NULL,
    known_size  INTEGER NOT NULL,                     -- records of the log that were known of beside the database; 0: nothing was
    known_at    INTEGER,
    size        INTEGER NOT NULL,                     -- records there were
    newest_at   INTEGER,                              -- when the last of them was written
    queued      INTEGER NOT NULL,                     -- those that became unknown, by what they had been
    sending     INTEGER NOT NULL,
    not_found   INTEGER NOT NULL,
    imported_at INTEGER                               -- when all that Plexy has had been read anew
) STRICT;
