-- SPDX-License-Identifier: EUPL-1.2
-- +goose Up
-- Mails that the mail server has not taken yet, or that are not due yet.
CREATE TABLE post (
    id      TEXT   PRIMARY KEY,         -- of the message, the same in every attempt
    lane    TEXT   NOT NULL,            -- alerts, to the technicians, or letters, to citizens
    kind    TEXT   NOT NULL,            -- what it tells
    about   TEXT   NOT NULL,            -- id of the appointment or the wish; of an alert the fault
    facts   TEXT   NOT NULL,            -- what else it tells, post.Facts, JSON: nothing of a person
    email   TEXT   NOT NULL,            -- whom it goes to, '' where about leads there
    due_at  BIGINT NOT NULL,            -- milliseconds since 1970-01-01T00:00Z, as all times
    tries   BIGINT NOT NULL,
    refused BIGINT NOT NULL,            -- of these, for good
    next_at BIGINT NOT NULL             -- not before
);

CREATE INDEX post_by_next ON post (lane, next_at);

INSERT INTO post (id, lane, kind, about, facts, email, due_at, tries, refused, next_at)
    SELECT id, 'alerts', 'alert', 'moved', json_object('subject', subject, 'body', body), '', made_at, tries, 0, next_at FROM mails;

DROP TABLE mails;
