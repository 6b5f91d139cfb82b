-- SPDX-License-Identifier: EUPL-1.2
-- +goose Up
-- What was cut off the record's beginning when its time was over.
CREATE TABLE audit_start (
    one  BIGINT PRIMARY KEY CHECK (one = 1),
    seq  BIGINT NOT NULL,               -- number of the last entry that was cut off
    hash BYTEA  NOT NULL                -- its hash, to which the first one kept is chained
);

DROP TRIGGER audit_never_deleted ON audit;

-- +goose StatementBegin
CREATE FUNCTION audit_never_but_start() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.seq > COALESCE((SELECT seq FROM audit_start), 0) THEN
        RAISE EXCEPTION 'audit entries are never deleted';
    END IF;
    RETURN OLD;
END;
$$;
-- +goose StatementEnd

CREATE TRIGGER audit_never_deleted BEFORE DELETE ON audit FOR EACH ROW EXECUTE FUNCTION audit_never_but_start();
CREATE TRIGGER audit_never_truncated BEFORE TRUNCATE ON audit FOR EACH STATEMENT EXECUTE FUNCTION audit_never('deleted');
CREATE TRIGGER audit_start_never_deleted BEFORE DELETE OR TRUNCATE ON audit_start FOR EACH STATEMENT EXECUTE FUNCTION audit_never('deleted');

CREATE INDEX audit_at ON audit (at);
