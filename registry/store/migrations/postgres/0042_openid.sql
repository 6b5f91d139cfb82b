-- SPDX-License-Identifier: EUPL-1.2
-- +goose Up
-- Who they are for the town's OpenID provider; empty for clerks with a password of ours.
ALTER TABLE clerk ADD COLUMN issuer TEXT NOT NULL DEFAULT '';
ALTER TABLE clerk ADD COLUMN subject TEXT NOT NULL DEFAULT '';
CREATE UNIQUE INDEX clerk_openid ON clerk (issuer, subject) WHERE issuer <> '';

-- A sign-in that needs more than one request, until it ends; good for once.
CREATE TABLE clerk_journey (
    token      BYTEA PRIMARY KEY,       -- SHA-256 of the token that the browser holds
    kind       TEXT NOT NULL,
    data       TEXT NOT NULL,           -- JSON: state, nonce, challenge
    started_at BIGINT NOT NULL
);
