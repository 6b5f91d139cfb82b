-- SPDX-License-Identifier: EUPL-1.2
-- +goose Up
CREATE TABLE visits (
    id     TEXT PRIMARY KEY,            -- UUIDv4, drawn by the station for the record alone
    device TEXT NOT NULL,               -- the station that measured
    day    TEXT NOT NULL,               -- 2026-12-01; there is no time of day, and none of arrival
    record TEXT NOT NULL                -- enrolment.Visit, JSON
);

CREATE INDEX visits_day ON visits (day);
