-- Until when a message is of any use, and the task's name it came from.
ALTER TABLE messages ADD COLUMN useful_until TIMESTAMPTZ;
ALTER TABLE messages ADD COLUMN ref TEXT NOT NULL DEFAULT '';

-- What was done long ago is found without reading the rest.
CREATE INDEX outbox_done ON outbox (tenant_id, done_at) WHERE done_at IS NOT NULL;
