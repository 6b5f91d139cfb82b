-- SPDX-License-Identifier: EUPL-1.2
-- +goose Up
CREATE TABLE audit (
    seq     BIGINT PRIMARY KEY,
    at      BIGINT NOT NULL,            -- milliseconds since 1970-01-01T00:00Z
    actor   TEXT   NOT NULL,
    action  TEXT   NOT NULL,
    subject TEXT   NOT NULL,            -- an id, never a name
    detail  TEXT   NOT NULL,
    hash    BLOB   NOT NULL             -- SHA-256 over the entry before and this one
);

-- +goose StatementBegin
CREATE TRIGGER audit_never_updated BEFORE UPDATE ON audit
BEGIN
    SELECT RAISE(ABORT, 'audit entries are never changed');
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER audit_never_deleted BEFORE DELETE ON audit
BEGIN
    SELECT RAISE(ABORT, 'audit entries are never deleted');
END;
-- +goose StatementEnd
