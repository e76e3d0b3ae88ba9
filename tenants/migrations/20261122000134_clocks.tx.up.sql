-- The hourly look for calendars that are read by their address.
CREATE INDEX busy_calendars_address ON busy_calendars (tenant_id, executive_id) WHERE url <> '';
