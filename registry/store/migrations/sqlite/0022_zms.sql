-- SPDX-License-Identifier: EUPL-1.2
-- +goose Up
CREATE TABLE zms_process (
    process     TEXT   PRIMARY KEY,     -- the appointment's number in ZMS
    auth_key    TEXT   NOT NULL,        -- lets its bearer cancel the appointment there
    appointment TEXT   NOT NULL UNIQUE, -- the same one in the office's own book, 16 hexadecimal digits
    over_at     BIGINT NOT NULL,        -- milliseconds since 1970-01-01T00:00Z; forgotten then
    told_at     BIGINT NOT NULL         -- 0 until ZMS knows that the citizen has come
);
