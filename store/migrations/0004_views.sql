-- +goose Up

-- A list kept under a name: its conditions and order, and perhaps its columns.
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

-- The columns of the list as each person chose them.
CREATE TABLE list_columns (
    user_id    TEXT PRIMARY KEY REFERENCES users (id),
    columns    TEXT NOT NULL,                         -- in order, parted by blanks
    updated_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Totals read these and never the rows: all of them, and those of a period.
CREATE INDEX distributions_totals ON distributions (status, amount) WHERE linked_to IS NULL;
CREATE INDEX distributions_period ON distributions (created_at, status, amount) WHERE linked_to IS NULL;
