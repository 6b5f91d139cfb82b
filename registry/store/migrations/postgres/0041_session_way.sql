-- SPDX-License-Identifier: EUPL-1.2
-- +goose Up
ALTER TABLE clerk_session ADD COLUMN way TEXT NOT NULL DEFAULT 'password'; -- how the clerk signed in: password, passkey or openid
