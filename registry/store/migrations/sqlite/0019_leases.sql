-- SPDX-License-Identifier: EUPL-1.2
-- +goose Up
CREATE TABLE leases (
    name   TEXT   PRIMARY KEY,          -- of the work
    holder TEXT   NOT NULL,             -- the program that does it, a random text drawn at its start
    until  BIGINT NOT NULL              -- milliseconds since 1970-01-01T00:00Z
);
