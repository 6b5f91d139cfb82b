-- SPDX-License-Identifier: EUPL-1.2
-- +goose Up
CREATE TABLE items (
    id          TEXT   PRIMARY KEY,     -- of the capture, UUIDv7
    appointment TEXT   NOT NULL,        -- 16 hexadecimal digits
    device      TEXT   NOT NULL,        -- the station that delivered it
    digest      TEXT   NOT NULL,        -- as in Content-Digest
    size        BIGINT NOT NULL,        -- of the envelope in bytes
    received_at BIGINT NOT NULL,        -- milliseconds since 1970-01-01T00:00Z, as all times
    expires_at  BIGINT NOT NULL,
    state       TEXT   NOT NULL,        -- arrived, opened, taken, refused, forgotten
    changed_at  BIGINT NOT NULL,
    changed_by  TEXT   NOT NULL,        -- a clerk, or empty
    photo       BIGINT NOT NULL,        -- index of the photo taken over, -1 for none
    veto        TEXT   NOT NULL,        -- the clerk's reason, or empty
    erased_at   BIGINT NOT NULL         -- 0 while the bytes are there
);

CREATE INDEX items_appointment ON items (appointment);
CREATE INDEX items_received ON items (received_at);
CREATE INDEX items_erased ON items (erased_at, expires_at);

CREATE TABLE captures (
    id    TEXT PRIMARY KEY REFERENCES items (id),
    bytes BYTEA NOT NULL                -- the sealed envelope as it arrived
);

-- Sealed bytes cannot be compressed: nothing is gained by trying.
ALTER TABLE captures ALTER COLUMN bytes SET STORAGE EXTERNAL;
