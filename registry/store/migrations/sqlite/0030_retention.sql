-- SPDX-License-Identifier: EUPL-1.2
-- +goose Up
-- What was cut off the record's beginning when its time was over.
CREATE TABLE audit_start (
    one  BIGINT PRIMARY KEY CHECK (one = 1),
    seq  BIGINT NOT NULL,               -- number of the last entry that was cut off
    hash BLOB   NOT NULL                -- its hash, to which the first one kept is chained
);

DROP TRIGGER audit_never_deleted;

-- +goose StatementBegin
CREATE TRIGGER audit_never_deleted BEFORE DELETE ON audit
WHEN OLD.seq > COALESCE((SELECT seq FROM audit_start), 0)
BEGIN
    SELECT RAISE(ABORT, 'audit entries are never deleted');
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER audit_start_never_deleted BEFORE DELETE ON audit_start
BEGIN
    SELECT RAISE(ABORT, 'the start of the record is never deleted');
END;
-- +goose StatementEnd

CREATE INDEX audit_at ON audit (at);
