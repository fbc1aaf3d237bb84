-- +goose Up

-- Forms of distributions as people left them: any text, right or wrong. One goes
-- when its form becomes a distribution, or when its owner throws it away.
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
