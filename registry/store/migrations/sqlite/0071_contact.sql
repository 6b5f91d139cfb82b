-- SPDX-License-Identifier: EUPL-1.2
-- +goose Up
ALTER TABLE appointment ADD COLUMN email    TEXT NOT NULL DEFAULT ''; -- where mail about it goes, '' for nowhere
ALTER TABLE appointment ADD COLUMN language TEXT NOT NULL DEFAULT ''; -- that the citizen reads, '' when nobody said
