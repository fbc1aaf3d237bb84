-- +goose Up

-- An index of every three letters of what the list searches, so that a part of a
-- word is found without reading the whole table. It holds no text of its own;
-- search_rows gives each row a number that no VACUUM changes.
CREATE TABLE search_rows (
    n  INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE REFERENCES distributions (id)
) STRICT;
CREATE VIRTUAL TABLE search_index USING fts5 (text, content = '', contentless_delete = 1, tokenize = 'trigram');
INSERT INTO search_rows (id) SELECT id FROM distributions ORDER BY created_at, id;
INSERT INTO search_index (rowid, text) SELECT r.n, d.search FROM search_rows r JOIN distributions d ON d.id = r.id;

-- +goose StatementBegin
CREATE TRIGGER distributions_searched AFTER INSERT ON distributions BEGIN
    INSERT INTO search_rows (id) VALUES (new.id);
    INSERT INTO search_index (rowid, text) SELECT n, new.search FROM search_rows WHERE id = new.id;
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER distributions_searched_anew AFTER UPDATE OF search ON distributions WHEN new.search <> old.search BEGIN
    UPDATE search_index SET text = new.search WHERE rowid = (SELECT n FROM search_rows WHERE id = new.id);
END;
-- +goose StatementEnd

-- Of several pasted accounts, and of the filter by one.
CREATE INDEX distributions_by_iban ON distributions (recipient_iban, created_at, id);
