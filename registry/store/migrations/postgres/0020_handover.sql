-- SPDX-License-Identifier: EUPL-1.2
-- +goose Up
ALTER TABLE items ADD COLUMN handover     BIGINT NOT NULL DEFAULT 0;  -- number among those for the registry software, 0 for none
ALTER TABLE items ADD COLUMN retrieved_at BIGINT NOT NULL DEFAULT 0;  -- 0 until that software has it
ALTER TABLE items ADD COLUMN retrieved_by TEXT   NOT NULL DEFAULT ''; -- "vendor:<id>" or "folder"

-- The last number that was given. Its row is locked until the take-over is
-- committed, so that numbers are seen in their order.
CREATE TABLE handover_number (last BIGINT NOT NULL);
INSERT INTO handover_number (last) VALUES (0);
