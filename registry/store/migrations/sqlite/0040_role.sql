-- SPDX-License-Identifier: EUPL-1.2
-- +goose Up
-- Clerks who were there before roles were may do what they always did.
ALTER TABLE clerk ADD COLUMN role TEXT NOT NULL DEFAULT 'supervisor'; -- clerk, supervisor, technician or officer
