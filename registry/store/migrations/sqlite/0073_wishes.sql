-- SPDX-License-Identifier: EUPL-1.2
-- +goose Up
-- What citizens wish who found nothing free. An ended one is deleted.
CREATE TABLE wish (
    place      INTEGER PRIMARY KEY,        -- in the queue: the lower one is first
    id         TEXT   NOT NULL UNIQUE,
    state      TEXT   NOT NULL,         -- wishes.State
    service    BIGINT NOT NULL,
    persons    BIGINT NOT NULL,
    offices    TEXT   NOT NULL,         -- codes with blanks between them, '' for every one
    windows    TEXT   NOT NULL,         -- wishes.Windows, '' for any time
    first_day  BIGINT NOT NULL,         -- days since 1970-01-01, as all days
    last_day   BIGINT NOT NULL,
    email      TEXT   NOT NULL,
    mailbox    TEXT   NOT NULL,         -- the address in small letters
    language   TEXT   NOT NULL,
    since_at   BIGINT NOT NULL,         -- milliseconds since 1970-01-01T00:00Z, as all times
    until_at   BIGINT NOT NULL,         -- submitted: as long it can be confirmed, otherwise 0
    offer      TEXT,                    -- id of the appointment that is offered
    offers     BIGINT NOT NULL,
    refusals   BIGINT NOT NULL
);

-- Who leaves several for a service waits once; what nobody confirmed keeps nobody out.
CREATE UNIQUE INDEX wish_of_mailbox ON wish (mailbox, service) WHERE state <> 'submitted';
CREATE UNIQUE INDEX wish_of_offer ON wish (offer) WHERE offer IS NOT NULL;
CREATE INDEX wish_submitted ON wish (mailbox, until_at) WHERE state = 'submitted';
CREATE INDEX wish_by_last_day ON wish (last_day);

-- By this those that wait are found: a row for each office and half of a day of the week.
CREATE TABLE wish_half (
    grp       TEXT   NOT NULL,          -- of services
    location  TEXT   NOT NULL,          -- '' for every one
    half      BIGINT NOT NULL,          -- 0 Monday's morning to 13 Sunday's afternoon, -1 any time
    place     BIGINT NOT NULL REFERENCES wish (place) ON DELETE CASCADE,
    hours     BIGINT NOT NULL,          -- of the half, bit n from n o'clock on
    first_day BIGINT NOT NULL,
    last_day  BIGINT NOT NULL,
    minutes   BIGINT NOT NULL,          -- that the service takes
    seats     BIGINT NOT NULL,          -- for all persons
    PRIMARY KEY (grp, location, half, place)
) WITHOUT ROWID;

CREATE INDEX wish_half_by_place ON wish_half (place);

-- What was offered to a wish before is not offered to it again.
CREATE TABLE wish_refused (
    place    BIGINT NOT NULL REFERENCES wish (place) ON DELETE CASCADE,
    location TEXT   NOT NULL,
    start_at BIGINT NOT NULL,
    PRIMARY KEY (place, location, start_at)
) WITHOUT ROWID;

CREATE TABLE wish_run (
    one    BIGINT PRIMARY KEY CHECK (one = 1),
    place  BIGINT NOT NULL,             -- the last one that was given
    seen   TEXT   NOT NULL,             -- hash of the calendar that was gone through last
    run_at BIGINT NOT NULL              -- up to when the head starts of releases are over
);

-- What became of wishes, by the day; nothing of a person.
CREATE TABLE wish_tally (
    day    TEXT   NOT NULL,             -- 2026-12-01, the office's
    what   TEXT   NOT NULL,             -- a step, or the state in which a wish ended
    waited BIGINT NOT NULL,             -- whole days that it had its place
    n      BIGINT NOT NULL,
    PRIMARY KEY (day, what, waited)
) WITHOUT ROWID;
