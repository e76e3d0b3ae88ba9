-- The extension at which a member of the staff is called: the intake shows the
-- calls that ring there.
ALTER TABLE staff ADD COLUMN extension text NOT NULL DEFAULT '';
