-- SPDX-License-Identifier: EUPL-1.2
-- +goose Up
CREATE TABLE reports (
    device TEXT   PRIMARY KEY,          -- the station
    at     BIGINT NOT NULL,             -- when it came in, milliseconds since 1970-01-01T00:00Z, as all times
    report TEXT   NOT NULL              -- the newest, enrolment.Report, JSON
);

-- What the office decided about a station's mode and hours. The newest holds.
CREATE TABLE operations (
    device    TEXT   NOT NULL,
    n         BIGINT NOT NULL,          -- counts the station's decisions from 1
    at        BIGINT NOT NULL,
    clerk     TEXT   NOT NULL,          -- who set it
    operation TEXT   NOT NULL,          -- enrolment.Operation, JSON
    reason    TEXT   NOT NULL,          -- the town's decision, of which the mode extended needs one
    until_at  BIGINT NOT NULL,          -- 0 while it holds
    PRIMARY KEY (device, n)
);
