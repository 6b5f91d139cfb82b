-- SPDX-License-Identifier: EUPL-1.2
-- +goose Up
CREATE TABLE vendors (
    id          TEXT   PRIMARY KEY,     -- 16 hexadecimal digits
    name        TEXT   NOT NULL,        -- which registry software
    added_at    BIGINT NOT NULL,        -- milliseconds since 1970-01-01T00:00Z, as all times
    valid_until BIGINT NOT NULL,        -- of its certificate
    seen_at     BIGINT NOT NULL,        -- 0 until it asks for the first time
    revoked_at  BIGINT NOT NULL         -- 0 while it is let in
);
