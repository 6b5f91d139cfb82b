-- SPDX-License-Identifier: EUPL-1.2
-- +goose Up
CREATE TABLE clerk (
    name     TEXT COLLATE "C" PRIMARY KEY, -- lower case, ordered as on SQLite
    password TEXT   NOT NULL,           -- argon2id in PHC string format
    added_at BIGINT NOT NULL            -- milliseconds since 1970-01-01T00:00Z
);

CREATE TABLE clerk_session (
    token      BYTEA  PRIMARY KEY,      -- SHA-256 of the token that the browser holds
    clerk      TEXT   NOT NULL REFERENCES clerk (name) ON DELETE CASCADE,
    started_at BIGINT NOT NULL,
    used_at    BIGINT NOT NULL
);

-- Kept for every name that is typed, known or not: a pause that only known
-- names have would tell which names are known.
CREATE TABLE clerk_attempt (
    name    BYTEA  PRIMARY KEY,         -- SHA-256 of the name as typed: it may be a password in the wrong field
    misses  BIGINT NOT NULL,
    last_at BIGINT NOT NULL
);
