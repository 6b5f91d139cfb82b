-- SPDX-License-Identifier: EUPL-1.2
-- +goose Up
-- What is wrong and was told.
CREATE TABLE alerts (
    fault    TEXT   NOT NULL,
    device   TEXT   NOT NULL,           -- the station, '' for the office
    began_at BIGINT NOT NULL,           -- milliseconds since 1970-01-01T00:00Z, as all times
    PRIMARY KEY (fault, device)
);

-- Mails that the mail server has not taken yet.
CREATE TABLE mails (
    id      TEXT   PRIMARY KEY,         -- of the message, the same in every attempt
    made_at BIGINT NOT NULL,
    subject TEXT   NOT NULL,
    body    TEXT   NOT NULL,
    tries   BIGINT NOT NULL,
    next_at BIGINT NOT NULL             -- not before
);
