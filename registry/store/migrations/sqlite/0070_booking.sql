-- SPDX-License-Identifier: EUPL-1.2
-- +goose Up
CREATE TABLE location (
    code   TEXT   PRIMARY KEY,          -- of one of the town's offices
    name   TEXT   NOT NULL,
    online BIGINT NOT NULL              -- 1 when everybody may book
);

CREATE TABLE service (
    code         BIGINT PRIMARY KEY,    -- as in the appointment's code
    name         TEXT   NOT NULL,
    grp          TEXT   NOT NULL,       -- services of a group share their seats
    minutes      BIGINT NOT NULL,       -- that it takes at least: so many slots
    seats        BIGINT NOT NULL,       -- for each person
    photo_wanted BIGINT NOT NULL        -- 0 or 1
);

CREATE TABLE calendar (
    one    BIGINT PRIMARY KEY CHECK (one = 1),
    plan   TEXT   NOT NULL,             -- rules and closures, calendar.Plan, JSON
    run_at BIGINT NOT NULL              -- milliseconds since 1970-01-01T00:00Z, as all times; up to when releases were done
);

CREATE TABLE slot (
    id       INTEGER PRIMARY KEY,
    location TEXT   NOT NULL REFERENCES location (code),
    grp      TEXT   NOT NULL,
    start_at BIGINT NOT NULL,
    minutes  BIGINT NOT NULL,
    seats    BIGINT NOT NULL,           -- numbers from 0 on; one behind it that is taken is one too many
    released BIGINT NOT NULL,           -- so many of them are for everybody
    close_at BIGINT NOT NULL,           -- from then on only the office books
    cooling  BIGINT NOT NULL,           -- milliseconds that a cancelled seat rests
    UNIQUE (location, grp, start_at)
);

CREATE INDEX slot_by_start ON slot (start_at);

-- A row is a seat that nobody else can have: no seat is given twice, whatever a program does.
CREATE TABLE seat (
    slot        BIGINT NOT NULL REFERENCES slot (id) ON DELETE CASCADE,
    number      BIGINT NOT NULL,
    appointment TEXT   REFERENCES appointment (id) ON DELETE CASCADE, -- NULL while a cancelled seat rests
    free_at     BIGINT NOT NULL,        -- until when it rests, or 0
    PRIMARY KEY (slot, number)
) WITHOUT ROWID;

CREATE INDEX seat_of_appointment ON seat (appointment);
CREATE INDEX seat_resting ON seat (free_at) WHERE free_at > 0;

ALTER TABLE appointment ADD COLUMN location      TEXT   NOT NULL DEFAULT ''; -- code of the office, '' for one without seats
ALTER TABLE appointment ADD COLUMN until_at      BIGINT NOT NULL DEFAULT 0;  -- a hold or an offer lapses then
ALTER TABLE appointment ADD COLUMN revoked_until BIGINT NOT NULL DEFAULT 0;  -- as long a code that holds no more could be used

CREATE INDEX appointment_by_until ON appointment (until_at) WHERE until_at > 0;
CREATE INDEX appointment_revoked ON appointment (revoked_until) WHERE revoked_until > 0;
