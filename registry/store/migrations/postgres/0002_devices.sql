-- SPDX-License-Identifier: EUPL-1.2
-- +goose Up
CREATE TABLE invites (
    id         TEXT   PRIMARY KEY,      -- 8 hexadecimal digits, the secret's first 4 bytes
    hash       BYTEA  NOT NULL,         -- SHA-256 of the whole secret
    expires_at BIGINT NOT NULL,         -- milliseconds since 1970-01-01T00:00Z, as all times
    misses     BIGINT NOT NULL,         -- wrong secrets tried for this id
    used       BIGINT NOT NULL          -- 1 once a station was let in
);

CREATE TABLE devices (
    id          TEXT   PRIMARY KEY,     -- 16 hexadecimal digits
    name        TEXT   NOT NULL,        -- where the station stands
    enrolled_at BIGINT NOT NULL,
    valid_until BIGINT NOT NULL,        -- of its newest certificate
    seen_at     BIGINT NOT NULL,
    revoked_at  BIGINT NOT NULL         -- 0 while it is let in
);
