-- SPDX-License-Identifier: EUPL-1.2
-- +goose Up
CREATE TABLE audit (
    seq     BIGINT PRIMARY KEY,
    at      BIGINT NOT NULL,            -- milliseconds since 1970-01-01T00:00Z
    actor   TEXT   NOT NULL,
    action  TEXT   NOT NULL,
    subject TEXT   NOT NULL,            -- an id, never a name
    detail  TEXT   NOT NULL,
    hash    BYTEA  NOT NULL             -- SHA-256 over the entry before and this one
);

-- +goose StatementBegin
CREATE FUNCTION audit_never() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'audit entries are never %', TG_ARGV[0];
END;
$$;
-- +goose StatementEnd

CREATE TRIGGER audit_never_updated BEFORE UPDATE ON audit FOR EACH STATEMENT EXECUTE FUNCTION audit_never('changed');
CREATE TRIGGER audit_never_deleted BEFORE DELETE OR TRUNCATE ON audit FOR EACH STATEMENT EXECUTE FUNCTION audit_never('deleted');
