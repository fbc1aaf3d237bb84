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

CREATE INDEX alarms_by_time ON alarms (at) WHERE acknowledged_at IS NULL;

CREATE UNIQUE INDEX alarms_open ON alarms (distribution_id, kind) WHERE acknowledged_at IS NULL;

CREATE TABLE attempts (
    id              TEXT PRIMARY KEY,
    distribution_id TEXT NOT NULL REFERENCES distributions (id),
    n               INTEGER NOT NULL,
    boot            TEXT NOT NULL,                    -- which run of the program opened it
    started_at      INTEGER NOT NULL,
    request_hash    BLOB NOT NULL,                    -- SHA-256 of the submitted content
    body_hash       BLOB,                             -- SHA-256 of the bytes on the wire
    answer_id       INTEGER REFERENCES raw_answers (id),
    outcome         TEXT CHECK (outcome IN ('ok', 'differs', 'refused', 'not_sent', 'unknown')),
    reason          TEXT NOT NULL DEFAULT '',
    finished_at     INTEGER,
    UNIQUE (distribution_id, n)
) STRICT;

CREATE INDEX attempts_by_start ON attempts (started_at);

CREATE UNIQUE INDEX attempts_open ON attempts (distribution_id) WHERE outcome IS NULL;

CREATE TABLE audit (
    seq    INTEGER PRIMARY KEY,
    record BLOB NOT NULL
, at TEXT AS (json_extract(CAST(record AS TEXT), '$.at')) VIRTUAL, actor TEXT AS (json_extract(CAST(record AS TEXT), '$.actor.id')) VIRTUAL, role TEXT AS (json_extract(CAST(record AS TEXT), '$.actor.role')) VIRTUAL, action TEXT AS (json_extract(CAST(record AS TEXT), '$.action')) VIRTUAL, object TEXT AS (json_extract(CAST(record AS TEXT), '$.object')) VIRTUAL, object_id TEXT AS (json_extract(CAST(record AS TEXT), '$.objectId')) VIRTUAL, result TEXT AS (json_extract(CAST(record AS TEXT), '$.result')) VIRTUAL) STRICT;

CREATE INDEX audit_by_action ON audit (action, seq);

CREATE INDEX audit_by_actor ON audit (actor, seq);

CREATE INDEX audit_by_kind ON audit (object, seq);

CREATE INDEX audit_by_object ON audit (object_id, seq);

CREATE INDEX audit_by_result ON audit (result, seq) WHERE result <> 'done';

CREATE INDEX audit_by_time ON audit (at, seq);

CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit BEGIN SELECT raise(ABORT, 'audit is append-only'); END;

CREATE TRIGGER audit_no_gap BEFORE INSERT ON audit WHEN NEW.seq <> (SELECT coalesce(max(seq) + 1, 0) FROM audit)
BEGIN SELECT raise(ABORT, 'audit has no gaps'); END;

CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit BEGIN SELECT raise(ABORT, 'audit is append-only'); END;

CREATE TABLE audit_hashes (
    ix   INTEGER PRIMARY KEY,
    hash BLOB NOT NULL CHECK (length(hash) = 32)
) STRICT;

CREATE TRIGGER audit_hashes_no_delete BEFORE DELETE ON audit_hashes BEGIN SELECT raise(ABORT, 'audit is append-only'); END;

CREATE TRIGGER audit_hashes_no_update BEFORE UPDATE ON audit_hashes BEGIN SELECT raise(ABORT, 'audit is append-only'); END;

CREATE TABLE balance_days (
    day     TEXT PRIMARY KEY CHECK (day = date(day)),
    opening INTEGER NOT NULL,
    came    INTEGER NOT NULL,
    went    INTEGER NOT NULL,
    closing INTEGER NOT NULL,
    CHECK (opening + came - went = closing)
) STRICT, WITHOUT ROWID;

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

CREATE TABLE balance_readings (
    id         INTEGER PRIMARY KEY,
    at         INTEGER NOT NULL,                      -- first time this figure was seen
    checked_at INTEGER NOT NULL,                      -- last time it was seen unchanged
    plexy_at   INTEGER,
    amount     INTEGER NOT NULL,
    currency   TEXT NOT NULL,
    reserved   INTEGER,
    answer_id  INTEGER REFERENCES raw_answers (id)
, distribution_id TEXT REFERENCES distributions (id), before INTEGER) STRICT;

CREATE TABLE balance_thresholds (
    id      INTEGER PRIMARY KEY,
    at      INTEGER NOT NULL,
    amount  INTEGER NOT NULL CHECK (amount >= 0),     -- 0: none
    by_id   TEXT NOT NULL CHECK (by_id <> ''),
    by_name TEXT NOT NULL
) STRICT;

CREATE TABLE checkpoints (
    size INTEGER PRIMARY KEY,
    at   INTEGER NOT NULL,
    note BLOB NOT NULL
) STRICT;

CREATE TRIGGER checkpoints_no_delete BEFORE DELETE ON checkpoints BEGIN SELECT raise(ABORT, 'checkpoints are append-only'); END;

CREATE TRIGGER checkpoints_no_update BEFORE UPDATE ON checkpoints BEGIN SELECT raise(ABORT, 'checkpoints are append-only'); END;

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

CREATE INDEX decisions_by_distribution ON decisions (distribution_id, proposed_at);

CREATE UNIQUE INDEX decisions_open ON decisions (subject) WHERE status = 'open';

CREATE TABLE disowned (
    plexy_id        TEXT PRIMARY KEY,
    distribution_id TEXT NOT NULL REFERENCES distributions (id),
    decision_id     TEXT NOT NULL REFERENCES decisions (id)
) STRICT;

CREATE TABLE distribution_days (
    status TEXT NOT NULL,
    author TEXT NOT NULL,                             -- e-mail address
    day    TEXT NOT NULL CHECK (day = date(day)),
    count  INTEGER NOT NULL,                          -- no CHECK: no figure keeps a row from being written
    sum    INTEGER NOT NULL,                          -- tiyn
    PRIMARY KEY (status, author, day)
) STRICT, WITHOUT ROWID;

CREATE TABLE distribution_events (
    id              INTEGER PRIMARY KEY,
    distribution_id TEXT NOT NULL REFERENCES distributions (id),
    at              INTEGER NOT NULL,
    plexy_at        INTEGER,
    actor_id        TEXT NOT NULL CHECK (actor_id <> ''),
    actor_name      TEXT NOT NULL,
    kind            TEXT NOT NULL,
    from_status     TEXT NOT NULL,
    to_status       TEXT NOT NULL,
    reason          TEXT NOT NULL DEFAULT '',
    note            TEXT NOT NULL DEFAULT '',
    plexy_word      TEXT NOT NULL DEFAULT '',
    regression      INTEGER NOT NULL DEFAULT 0 CHECK (regression IN (0, 1)),
    answer_id       INTEGER REFERENCES raw_answers (id),
    audit_seq       INTEGER NOT NULL REFERENCES audit (seq)
) STRICT;

CREATE INDEX distribution_events_back ON distribution_events (at)
    WHERE (to_status IN ('failed', 'returned')) <> (from_status IN ('failed', 'returned'));

CREATE INDEX distribution_events_by_distribution ON distribution_events (distribution_id, id, kind, from_status, to_status);

CREATE UNIQUE INDEX distribution_events_by_record ON distribution_events (audit_seq);

CREATE INDEX distribution_events_decided ON distribution_events (actor_id, id) WHERE kind IN ('approved', 'declined');

CREATE INDEX distribution_events_paid ON distribution_events (coalesce(plexy_at, at), distribution_id)
    WHERE to_status = 'paid' AND from_status <> 'paid';

CREATE TRIGGER events_no_delete BEFORE DELETE ON distribution_events BEGIN SELECT raise(ABORT, 'history is append-only'); END;

CREATE TRIGGER events_no_update BEFORE UPDATE ON distribution_events BEGIN SELECT raise(ABORT, 'history is append-only'); END;

CREATE TABLE distributions (
    id              TEXT PRIMARY KEY,
    origin          TEXT NOT NULL CHECK (origin IN ('dashboard', 'plexy')),
    order_reference TEXT NOT NULL,
    amount          INTEGER NOT NULL CHECK (amount > 0 OR (origin = 'plexy' AND amount = 0)),
    currency        TEXT NOT NULL,
    recipient_name  TEXT NOT NULL,
    recipient_bin   TEXT NOT NULL,
    recipient_iban  TEXT NOT NULL,
    recipient_bic   TEXT NOT NULL,
    recipient_kbe   TEXT NOT NULL,
    recipient_knp   TEXT NOT NULL,
    payment_purpose TEXT NOT NULL,
    search          TEXT NOT NULL,                    -- folded text of what the list searches
    biz_key         TEXT NOT NULL,
    dup_no          INTEGER NOT NULL DEFAULT 0,
    status          TEXT NOT NULL CHECK (status IN (
        'draft', 'awaiting_approval', 'declined', 'queued', 'sending', 'unknown', 'not_found', 'mismatch',
        'accepted', 'processing', 'paid', 'failed', 'returned', 'refused', 'cancelled', 'abandoned')),
    status_reason   TEXT NOT NULL DEFAULT '',
    status_note     TEXT NOT NULL DEFAULT '',
    plexy_id        TEXT UNIQUE,
    plexy_status    TEXT NOT NULL DEFAULT '',
    balance_before  INTEGER,
    balance_after   INTEGER,
    plexy_created_at INTEGER,
    plexy_updated_at INTEGER,
    plexy_shows     TEXT,                             -- JSON of what Plexy shows instead: {amount, currency, iban, name}
    created_by      TEXT REFERENCES users (id),       -- null when made elsewhere
    created_by_email TEXT NOT NULL DEFAULT '',
    created_by_name TEXT NOT NULL DEFAULT '',
    approved_by     TEXT NOT NULL DEFAULT '[]',       -- JSON: [{id, email, name}]
    confirmations   TEXT NOT NULL DEFAULT '[]',       -- JSON: [{code, by, at}]
    submitted_hash  BLOB,
    attempts        INTEGER NOT NULL DEFAULT 0,       -- that may have reached Plexy
    queued_at       INTEGER,
    next_try_at     INTEGER,
    unknown_since   INTEGER,
    next_look_at    INTEGER,                          -- of an unknown one: when the list is searched again
    looks           INTEGER NOT NULL DEFAULT 0,
    unconfirmed     INTEGER NOT NULL DEFAULT 0 CHECK (unconfirmed IN (0, 1)), -- a list hinted at news that no read by id confirmed yet
    last_checked_at INTEGER,                          -- last read by id or last look, whatever it said
    regressed       INTEGER NOT NULL DEFAULT 0 CHECK (regressed IN (0, 1)),
    twin_of         TEXT REFERENCES distributions (id),
    copy_of         TEXT REFERENCES distributions (id),
    created_at      INTEGER NOT NULL,
    updated_at      INTEGER NOT NULL,
    version         INTEGER NOT NULL DEFAULT 1, linked_to TEXT REFERENCES distributions (id), gone_at INTEGER, duplicate_reason TEXT NOT NULL DEFAULT '', submitted_at INTEGER,
    CHECK (origin = 'plexy' OR created_by IS NOT NULL),
    CHECK (status NOT IN ('accepted', 'processing', 'paid', 'failed', 'returned') OR plexy_id IS NOT NULL)
) STRICT;

CREATE INDEX distributions_awaiting ON distributions (submitted_at, id) WHERE status = 'awaiting_approval';

CREATE INDEX distributions_by_amount ON distributions (amount, id);

CREATE INDEX distributions_by_author ON distributions (created_by_email, created_at, id) WHERE linked_to IS NULL;

CREATE INDEX distributions_by_bin ON distributions (recipient_bin, status);

CREATE INDEX distributions_by_content ON distributions (biz_key, created_at);

CREATE INDEX distributions_by_created ON distributions (created_at, id);

CREATE INDEX distributions_by_iban ON distributions (recipient_iban, created_at, id);

CREATE INDEX distributions_by_knp ON distributions (recipient_knp, created_at, id, status, amount, linked_to) WHERE linked_to IS NULL;

CREATE INDEX distributions_by_original ON distributions (copy_of) WHERE copy_of IS NOT NULL;

CREATE INDEX distributions_by_plain_reference ON distributions (substr(search, 1, instr(search, ' | ') - 1));

CREATE INDEX distributions_by_plexy_time ON distributions (plexy_created_at) WHERE plexy_id IS NOT NULL;

CREATE INDEX distributions_by_recipient ON distributions (recipient_name, id);

CREATE INDEX distributions_by_reference ON distributions (order_reference);

CREATE INDEX distributions_by_state ON distributions (status, id);

CREATE INDEX distributions_by_status ON distributions (status, created_at, id);

CREATE INDEX distributions_by_twin ON distributions (twin_of) WHERE twin_of IS NOT NULL;

CREATE INDEX distributions_by_update ON distributions (updated_at, id);

CREATE INDEX distributions_linked ON distributions (linked_to) WHERE linked_to IS NOT NULL;

CREATE INDEX distributions_looks ON distributions (next_look_at) WHERE status IN ('unknown', 'not_found');

CREATE INDEX distributions_open ON distributions (last_checked_at) WHERE status IN ('accepted', 'processing') OR unconfirmed = 1;

CREATE INDEX distributions_paid_by_bank ON distributions (substr(recipient_iban, 5, 3), plexy_created_at)
    WHERE status = 'paid';

CREATE INDEX distributions_period ON distributions (created_at, status, amount) WHERE linked_to IS NULL;

CREATE INDEX distributions_queue ON distributions (queued_at, id) WHERE status = 'queued';

CREATE UNIQUE INDEX distributions_reference ON distributions (order_reference) WHERE origin = 'dashboard';

CREATE INDEX distributions_to_account ON distributions (recipient_iban, recipient_bin, created_at, status, linked_to)
    WHERE linked_to IS NULL AND status IN ('accepted', 'processing', 'paid', 'failed', 'returned');

CREATE INDEX distributions_to_number ON distributions (recipient_bin, recipient_iban, created_at, id, status, amount, linked_to)
    WHERE linked_to IS NULL AND status IN ('accepted', 'processing', 'paid', 'failed', 'returned');

CREATE INDEX distributions_totals ON distributions (status, amount) WHERE linked_to IS NULL;

CREATE UNIQUE INDEX distributions_twin ON distributions (biz_key, dup_no)
    WHERE origin = 'dashboard' AND status IN ('awaiting_approval', 'queued', 'sending', 'unknown', 'not_found', 'mismatch');

CREATE TRIGGER distributions_counted AFTER INSERT ON distributions WHEN new.linked_to IS NULL BEGIN
    INSERT INTO distribution_days (author, status, day, count, sum)
        VALUES (new.created_by_email, new.status, date(new.created_at / 1000000 + 18000, 'unixepoch'), 1, new.amount)
        ON CONFLICT DO UPDATE SET count = count + 1, sum = sum + excluded.sum;
END;

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

CREATE TRIGGER distributions_searched AFTER INSERT ON distributions BEGIN
    INSERT INTO search_rows (id) VALUES (new.id);
    INSERT INTO search_index (rowid, text) SELECT n, new.search FROM search_rows WHERE id = new.id;
END;

CREATE TRIGGER distributions_searched_anew AFTER UPDATE OF search ON distributions WHEN new.search <> old.search BEGIN
    UPDATE search_index SET text = new.search WHERE rowid = (SELECT n FROM search_rows WHERE id = new.id);
END;

CREATE TABLE drafts (
    token      TEXT PRIMARY KEY,                      -- of the form; spent together with it
    user_id    TEXT NOT NULL REFERENCES users (id),
    fields     TEXT NOT NULL CHECK (length(fields) <= 65536), -- JSON: name of the field → texts
    edits      TEXT REFERENCES distributions (id),    -- the one that it would change; null: a new one
    copy_of    TEXT REFERENCES distributions (id),
    created_at INTEGER NOT NULL,
    kept_at    INTEGER NOT NULL
) STRICT;

CREATE INDEX drafts_by_person ON drafts (user_id, kept_at);

CREATE TABLE exports (
    id          TEXT PRIMARY KEY,
    kind        TEXT NOT NULL CHECK (kind IN ('distributions', 'audit')),
    format      TEXT NOT NULL,
    dialect     TEXT NOT NULL,
    filter      TEXT NOT NULL,                        -- the query of the list, encoded
    status      TEXT NOT NULL CHECK (status IN ('waiting', 'ready', 'failed')),
    file_name   TEXT NOT NULL DEFAULT '',
    rows        INTEGER NOT NULL DEFAULT 0,
    sum         INTEGER NOT NULL DEFAULT 0,
    sha256      BLOB,
    bytes       INTEGER NOT NULL DEFAULT 0,
    as_of       INTEGER,                              -- last successful read of Plexy before the rows were read
    complete    INTEGER NOT NULL DEFAULT 1 CHECK (complete IN (0, 1)), -- 0: the first import was still running
    error_id    TEXT NOT NULL DEFAULT '',
    created_by  TEXT NOT NULL REFERENCES users (id),
    created_at  INTEGER NOT NULL,
    finished_at INTEGER
, lang TEXT NOT NULL DEFAULT 'ru') STRICT;

CREATE INDEX exports_by_person ON exports (created_by, created_at);

CREATE TABLE factors (
    user_id      TEXT PRIMARY KEY REFERENCES users (id),
    secret       BLOB NOT NULL,
    confirmed_at INTEGER,                             -- null: offered, not yet proven
    last_step    INTEGER NOT NULL DEFAULT 0,          -- newest step that was used: no code works twice
    created_at   INTEGER NOT NULL
) STRICT;

CREATE TABLE form_tokens (
    token           TEXT PRIMARY KEY,
    user_id         TEXT NOT NULL REFERENCES users (id),
    content_hash    BLOB NOT NULL,
    distribution_id TEXT NOT NULL REFERENCES distributions (id),
    spent_at        INTEGER NOT NULL
) STRICT;

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

CREATE TABLE imports (
    id          INTEGER PRIMARY KEY,
    started_at  INTEGER NOT NULL,
    next_page   INTEGER NOT NULL,
    size        INTEGER NOT NULL,
    items       INTEGER NOT NULL DEFAULT 0,
    total       INTEGER,                              -- as Plexy told it; null when it does not
    list_order  TEXT NOT NULL DEFAULT '' CHECK (list_order IN ('', 'newest', 'oldest', 'none')),
    finished_at INTEGER
) STRICT;

CREATE UNIQUE INDEX imports_open ON imports (finished_at IS NULL) WHERE finished_at IS NULL;

CREATE TABLE invitations (
    token_hash BLOB PRIMARY KEY,
    user_id    TEXT NOT NULL REFERENCES users (id),
    by_id      TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    used_at    INTEGER
) STRICT;

CREATE INDEX invitations_by_user ON invitations (user_id);

CREATE TABLE list_columns (
    user_id    TEXT PRIMARY KEY REFERENCES users (id),
    columns    TEXT NOT NULL,                         -- in order, parted by blanks
    updated_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

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

CREATE TRIGGER notes_no_delete BEFORE DELETE ON notes BEGIN SELECT raise(ABORT, 'notes are append-only'); END;

CREATE TRIGGER notes_no_update BEFORE UPDATE ON notes BEGIN SELECT raise(ABORT, 'notes are append-only'); END;

CREATE TABLE policies (
    id          INTEGER PRIMARY KEY,
    at          INTEGER NOT NULL,
    by_id       TEXT NOT NULL CHECK (by_id <> ''),
    by_name     TEXT NOT NULL,
    decision_id TEXT REFERENCES decisions (id),
    body        TEXT NOT NULL                         -- JSON, amounts in tiyn
) STRICT;

CREATE TABLE raw_answers (
    id          INTEGER PRIMARY KEY,
    at          INTEGER NOT NULL,
    call        TEXT NOT NULL CHECK (call IN ('create', 'list', 'detail', 'balance')),
    status      INTEGER NOT NULL,                     -- HTTP; 0: no answer
    duration    INTEGER NOT NULL,                     -- microseconds
    server_date INTEGER,                              -- Plexy's clock
    headers     TEXT NOT NULL,                        -- JSON, a safe few
    body        BLOB NOT NULL,
    error       TEXT NOT NULL DEFAULT ''
) STRICT;

CREATE TRIGGER answers_no_delete BEFORE DELETE ON raw_answers BEGIN SELECT raise(ABORT, 'answers are append-only'); END;

CREATE TRIGGER answers_no_update BEFORE UPDATE ON raw_answers BEGIN SELECT raise(ABORT, 'answers are append-only'); END;

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

CREATE TRIGGER recipient_events_no_delete BEFORE DELETE ON recipient_events BEGIN SELECT raise(ABORT, 'history is append-only'); END;

CREATE TRIGGER recipient_events_no_update BEFORE UPDATE ON recipient_events BEGIN SELECT raise(ABORT, 'history is append-only'); END;

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

CREATE INDEX recipients_by_use ON recipients (used_at, id);

CREATE UNIQUE INDEX recipients_requisites ON recipients (bin, iban);

CREATE TRIGGER recipients_no_delete BEFORE DELETE ON recipients BEGIN SELECT raise(ABORT, 'recipients are put aside, not deleted'); END;

CREATE TABLE recovery_codes (
    user_id TEXT NOT NULL REFERENCES users (id),
    hash    BLOB NOT NULL,                            -- SHA-256 of a random code
    used_at INTEGER,
    PRIMARY KEY (user_id, hash)
) STRICT, WITHOUT ROWID;

CREATE TABLE saved_views (
    id         TEXT PRIMARY KEY,
    owner_id   TEXT NOT NULL REFERENCES users (id),
    name       TEXT NOT NULL CHECK (name <> ''),
    name_key   TEXT NOT NULL,                         -- folded name: nobody tells two apart by a capital
    query      TEXT NOT NULL,                         -- the address of the list, without paging
    period     TEXT NOT NULL DEFAULT '' CHECK (period IN ('', 'today', 'yesterday', 'week', 'days', 'month', 'last')),
    columns    TEXT NOT NULL DEFAULT '',              -- in order, parted by blanks; empty: those of whoever looks
    shared     INTEGER NOT NULL DEFAULT 0 CHECK (shared IN (0, 1)),
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;

CREATE UNIQUE INDEX saved_views_mine ON saved_views (owner_id, name_key);

CREATE UNIQUE INDEX saved_views_shared ON saved_views (name_key) WHERE shared = 1;

CREATE VIRTUAL TABLE search_index USING fts5 (text, content = '', contentless_delete = 1, tokenize = 'trigram');

CREATE TABLE 'search_index_config'(k PRIMARY KEY, v) WITHOUT ROWID;

CREATE TABLE 'search_index_data'(id INTEGER PRIMARY KEY, block BLOB);

CREATE TABLE 'search_index_docsize'(id INTEGER PRIMARY KEY, sz BLOB, origin INTEGER);

CREATE TABLE 'search_index_idx'(segid, term, pgno, PRIMARY KEY(segid, term)) WITHOUT ROWID;

CREATE TABLE search_rows (
    n  INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE REFERENCES distributions (id)
) STRICT;

CREATE TABLE sessions (
    token_hash BLOB PRIMARY KEY,                      -- SHA-256 of the cookie; the token itself is never stored
    user_id    TEXT REFERENCES users (id),            -- null before sign-in
    data       BLOB NOT NULL,                         -- values of the session: flash, return address
    user_agent TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    signed_in_at INTEGER,
    last_seen  INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
, id TEXT, address TEXT NOT NULL DEFAULT '', proved_at INTEGER) STRICT;

CREATE INDEX sessions_by_expiry ON sessions (expires_at);

CREATE UNIQUE INDEX sessions_by_id ON sessions (id) WHERE id IS NOT NULL;

CREATE INDEX sessions_by_user ON sessions (user_id);

CREATE TABLE signin_failures (
    id      INTEGER PRIMARY KEY,
    account BLOB NOT NULL,                            -- SHA-256 of the address typed, known or not
    address TEXT NOT NULL,
    at      INTEGER NOT NULL
) STRICT;

CREATE INDEX signin_failures_by_account ON signin_failures (account, at);

CREATE INDEX signin_failures_by_address ON signin_failures (address, at);

CREATE TABLE signin_steps (
    token_hash BLOB PRIMARY KEY,
    user_id    TEXT NOT NULL REFERENCES users (id),
    expires_at INTEGER NOT NULL
) STRICT;

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

CREATE UNIQUE INDEX stops_open ON stops (kind) WHERE lifted_at IS NULL;

CREATE TABLE submissions (
    id              INTEGER PRIMARY KEY,
    distribution_id TEXT NOT NULL REFERENCES distributions (id),
    at              INTEGER NOT NULL,
    hash            BLOB NOT NULL,                    -- SHA-256 of the content
    content         TEXT NOT NULL                     -- JSON: field to value, as approvers saw them
) STRICT;

CREATE INDEX submissions_by_distribution ON submissions (distribution_id, id);

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

CREATE INDEX sync_runs_by_start ON sync_runs (started_at);

CREATE TABLE sync_state (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;

CREATE TABLE users (
    id            TEXT PRIMARY KEY,
    email         TEXT NOT NULL UNIQUE,               -- lower case
    name          TEXT NOT NULL,
    role          TEXT NOT NULL CHECK (role IN ('accountant', 'manager', 'auditor', 'admin')),
    password_hash TEXT NOT NULL,                      -- argon2id; empty: cannot sign in with a password
    disabled_at   INTEGER,
    created_at    INTEGER NOT NULL,
    updated_at    INTEGER NOT NULL
) STRICT;

