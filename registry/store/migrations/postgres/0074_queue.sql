-- SPDX-License-Identifier: EUPL-1.2
-- +goose Up
ALTER TABLE appointment ADD COLUMN ticket BIGINT NOT NULL DEFAULT 0; -- 1 when it was drawn on site

-- Who of a day has a waiting number, and how far it is with them. No name.
CREATE TABLE arrival (
    appointment TEXT   PRIMARY KEY REFERENCES appointment (id) ON DELETE CASCADE,
    location    TEXT   NOT NULL,          -- where the number is called
    day         TEXT   NOT NULL,          -- of the slot, by the office's clocks: 2026-12-01
    n           BIGINT NOT NULL,          -- the number is made of it
    made_at     BIGINT NOT NULL,          -- when it was given
    at          BIGINT NOT NULL,          -- when the person was there, or 0
    calls       BIGINT NOT NULL DEFAULT 0,
    first_at    BIGINT NOT NULL DEFAULT 0, -- of the first call, or 0
    called_at   BIGINT NOT NULL DEFAULT 0, -- of the newest call, or 0
    ended_at    BIGINT NOT NULL DEFAULT 0, -- done or missed, or 0
    counter     TEXT   NOT NULL DEFAULT '', -- where the newest call leads
    UNIQUE (location, day, n)
);

-- What was shown to check somebody in and what the answer was: the same nonce
-- of a device is the same once more.
CREATE TABLE fact (
    device      TEXT   NOT NULL,          -- of a station, '' at the desk
    nonce       TEXT   NOT NULL,
    appointment TEXT   NOT NULL,          -- '' when nobody knows it
    at          BIGINT NOT NULL,          -- when the person was there
    noted_at    BIGINT NOT NULL,          -- when the office learned of it
    answer      TEXT   NOT NULL,          -- one of a fixed list
    n           BIGINT NOT NULL,          -- of the waiting number that was given, or 0
    PRIMARY KEY (device, nonce)
);

CREATE INDEX fact_by_time ON fact (noted_at);

-- Which of the town's offices a station stands in.
CREATE TABLE station_place (
    device   TEXT PRIMARY KEY,
    location TEXT NOT NULL REFERENCES location (code)
);
