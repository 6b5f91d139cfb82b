-- SPDX-License-Identifier: EUPL-1.2
-- +goose Up
CREATE TABLE appointment (
    id             TEXT   PRIMARY KEY,  -- 64 random bits, 16 hexadecimal digits
    terminkennung  TEXT   NOT NULL UNIQUE,
    name           TEXT   NOT NULL,     -- personal
    start_at       BIGINT NOT NULL,     -- milliseconds since 1970-01-01T00:00Z, a whole minute
    length_minutes BIGINT NOT NULL,
    service        BIGINT NOT NULL,
    persons        BIGINT NOT NULL,
    photo_wanted   BIGINT NOT NULL,     -- 0 or 1
    revision       BIGINT NOT NULL,
    state          TEXT   NOT NULL
);

CREATE INDEX appointment_by_start ON appointment (start_at);
