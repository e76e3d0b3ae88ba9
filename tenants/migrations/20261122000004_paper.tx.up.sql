-- Paper: complaint boxes and what is found in them, letters under the office's
-- own numbers, and the dates that other bodies set.

-- Bits of the weekdays on which a box is opened, Saturday first; 0: by days only.
ALTER TABLE boxes ADD COLUMN weekdays INTEGER NOT NULL DEFAULT 0 CHECK (weekdays BETWEEN 0 AND 127);
-- The planned day of which the PR office was last reminded.
ALTER TABLE boxes ADD COLUMN reminded_on TEXT NOT NULL DEFAULT '';
CREATE INDEX boxes_retired ON boxes (tenant_id, code) WHERE NOT active;

-- Minutes are numbered by their box and locked when they are finished.
ALTER TABLE box_openings ADD COLUMN number INTEGER NOT NULL DEFAULT 0;
ALTER TABLE box_openings ADD COLUMN difference TEXT NOT NULL DEFAULT '';
ALTER TABLE box_openings ADD COLUMN finished_at TIMESTAMPTZ;
CREATE UNIQUE INDEX box_openings_number ON box_openings (tenant_id, box_id, number);
CREATE UNIQUE INDEX box_openings_at ON box_openings (tenant_id, box_id, opened_at);
CREATE INDEX box_openings_open ON box_openings (tenant_id, box_id, id) WHERE finished_at IS NULL;

ALTER TABLE complaints ADD COLUMN letter_on TEXT NOT NULL DEFAULT '';
-- What was told of the date that the source set: 1 that it is near, 2 that it has passed.
ALTER TABLE complaints ADD COLUMN source_warned INTEGER NOT NULL DEFAULT 0;
CREATE INDEX complaints_box ON complaints (tenant_id, box_opening_id, id) WHERE box_opening_id IS NOT NULL;
CREATE INDEX complaints_source_due ON complaints (tenant_id, external_due_at) WHERE external_due_at IS NOT NULL AND state <> 'closed';
