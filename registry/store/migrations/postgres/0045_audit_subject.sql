-- SPDX-License-Identifier: EUPL-1.2
-- +goose Up
CREATE INDEX audit_subject ON audit (subject);  -- the history of one case
