-- SPDX-License-Identifier: EUPL-1.2
-- +goose Up
CREATE TABLE clerk_passkey (
    id         BYTEA PRIMARY KEY,        -- as the passkey names itself
    clerk      TEXT   NOT NULL REFERENCES clerk (name) ON DELETE CASCADE,
    handle     BYTEA NOT NULL,           -- random, as the passkey knows the clerk
    name       TEXT   NOT NULL,         -- as the clerk calls it
    credential TEXT   NOT NULL,         -- JSON: public key, counter
    added_at   BIGINT NOT NULL,
    used_at    BIGINT NOT NULL          -- 0: never
);
