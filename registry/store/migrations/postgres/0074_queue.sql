-- SPDX-License-Identifier: EUPL-1.2
-- +goose Up
ALTER TABLE appointment ADD COLUMN ticket BIGINT NOT NULL DEFAULT 0; -- 1 when it was drawn on site
