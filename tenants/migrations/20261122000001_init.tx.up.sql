-- The first schema. Portable: identifiers are made by the program
-- (tenants.NewID), times are stored in UTC, every tenant table is keyed by
-- (tenant_id, …) and refers to others by composite keys only.

CREATE TABLE tenants (
  id BIGINT NOT NULL PRIMARY KEY,
  slug TEXT NOT NULL UNIQUE CHECK (length(slug) BETWEEN 1 AND 40),
  kind TEXT NOT NULL CHECK (kind IN ('platform','gas','water','metro','municipality','free_zone','other')),
  status TEXT NOT NULL CHECK (status IN ('draft','pilot','live','suspended','closing')),
  name_fa TEXT NOT NULL,
  name_en TEXT NOT NULL,
  accent TEXT NOT NULL DEFAULT 'teal',
  settings JSONB NOT NULL,
  policy_version BIGINT NOT NULL DEFAULT 0,
  created_at TIMESTAMPTZ NOT NULL
);

CREATE TABLE holidays (
  day TEXT NOT NULL PRIMARY KEY CHECK (length(day) = 10),
  name_fa TEXT NOT NULL,
  name_en TEXT NOT NULL
);

CREATE TABLE clocks (
  name TEXT NOT NULL PRIMARY KEY,
  every_seconds BIGINT NOT NULL CHECK (every_seconds > 0),
  next_run_at TIMESTAMPTZ NOT NULL,
  last_run_at TIMESTAMPTZ,
  last_ms BIGINT NOT NULL DEFAULT 0,
  last_error TEXT NOT NULL DEFAULT ''
);

CREATE TABLE contacts (
  tenant_id BIGINT NOT NULL REFERENCES tenants (id),
  id BIGINT NOT NULL,
  position INTEGER NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('phone','voicemail','short_code','sms','ivr','link')),
  label_fa TEXT NOT NULL,
  label_en TEXT NOT NULL,
  number TEXT NOT NULL,
  hours_fa TEXT NOT NULL DEFAULT '',
  hours_en TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (tenant_id, id)
);

CREATE TABLE units (
  tenant_id BIGINT NOT NULL REFERENCES tenants (id),
  id BIGINT NOT NULL,
  code TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('pr_office','executive','feedback','special_followup','inspection','call_centre','management')),
  parent_id BIGINT,
  name_fa TEXT NOT NULL,
  name_en TEXT NOT NULL,
  phone TEXT NOT NULL DEFAULT '',
  round_the_clock BOOLEAN NOT NULL DEFAULT FALSE,
  active BOOLEAN NOT NULL DEFAULT TRUE,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, code),
  FOREIGN KEY (tenant_id, parent_id) REFERENCES units (tenant_id, id)
);

CREATE TABLE sla_classes (
  tenant_id BIGINT NOT NULL REFERENCES tenants (id),
  id BIGINT NOT NULL,
  code TEXT NOT NULL,
  version INTEGER NOT NULL,
  name_fa TEXT NOT NULL,
  name_en TEXT NOT NULL,
  respond_minutes INTEGER NOT NULL CHECK (respond_minutes > 0),
  first_action_minutes INTEGER NOT NULL DEFAULT 0,
  hours TEXT NOT NULL CHECK (hours IN ('calendar','working')),
  pause_cap_minutes INTEGER NOT NULL DEFAULT 0,
  interim_limit INTEGER NOT NULL DEFAULT 0,
  rungs JSONB NOT NULL,
  current BOOLEAN NOT NULL DEFAULT TRUE,
  created_at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, code, version)
);

CREATE TABLE topics (
  tenant_id BIGINT NOT NULL REFERENCES tenants (id),
  id BIGINT NOT NULL,
  code TEXT NOT NULL,
  unit_id BIGINT,
  sla_class_id BIGINT NOT NULL,
  name_fa TEXT NOT NULL,
  name_en TEXT NOT NULL,
  hint_fa TEXT NOT NULL DEFAULT '',
  hint_en TEXT NOT NULL DEFAULT '',
  place_fields JSONB NOT NULL,
  urgent BOOLEAN NOT NULL DEFAULT FALSE,
  confidential BOOLEAN NOT NULL DEFAULT FALSE,
  parent_id BIGINT,
  position INTEGER NOT NULL,
  active BOOLEAN NOT NULL DEFAULT TRUE,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, code),
  FOREIGN KEY (tenant_id, parent_id) REFERENCES topics (tenant_id, id),
  FOREIGN KEY (tenant_id, unit_id) REFERENCES units (tenant_id, id),
  FOREIGN KEY (tenant_id, sla_class_id) REFERENCES sla_classes (tenant_id, id)
);

CREATE TABLE policy_rules (
  tenant_id BIGINT NOT NULL REFERENCES tenants (id),
  role TEXT NOT NULL,
  permission TEXT NOT NULL,
  allow BOOLEAN NOT NULL,
  PRIMARY KEY (tenant_id, role, permission)
);

CREATE TABLE staff (
  tenant_id BIGINT NOT NULL REFERENCES tenants (id),
  id BIGINT NOT NULL,
  user_name TEXT NOT NULL,
  password_hash TEXT NOT NULL,
  name_fa TEXT NOT NULL,
  name_en TEXT NOT NULL,
  mobile TEXT NOT NULL DEFAULT '',
  unit_id BIGINT,
  disabled_at TIMESTAMPTZ,
  created_at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, user_name),
  FOREIGN KEY (tenant_id, unit_id) REFERENCES units (tenant_id, id)
);
CREATE INDEX staff_unit ON staff (tenant_id, unit_id);

CREATE TABLE memberships (
  tenant_id BIGINT NOT NULL REFERENCES tenants (id),
  staff_id BIGINT NOT NULL,
  role TEXT NOT NULL,
  granted_at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (tenant_id, staff_id, role),
  FOREIGN KEY (tenant_id, staff_id) REFERENCES staff (tenant_id, id)
);
CREATE INDEX memberships_role ON memberships (tenant_id, role);

CREATE TABLE sessions (
  tenant_id BIGINT NOT NULL REFERENCES tenants (id),
  id TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('staff','citizen','tracker')),
  staff_id BIGINT,
  mobile TEXT NOT NULL DEFAULT '',
  subject_kind TEXT NOT NULL DEFAULT '',
  subject_id BIGINT NOT NULL DEFAULT 0,
  created_at TIMESTAMPTZ NOT NULL,
  seen_at TIMESTAMPTZ NOT NULL,
  expires_at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, staff_id) REFERENCES staff (tenant_id, id)
);
CREATE INDEX sessions_expiry ON sessions (tenant_id, expires_at);

CREATE TABLE citizens (
  tenant_id BIGINT NOT NULL REFERENCES tenants (id),
  id BIGINT NOT NULL,
  mobile TEXT NOT NULL,
  national_id TEXT NOT NULL DEFAULT '',
  name TEXT NOT NULL DEFAULT '',
  verified_at TIMESTAMPTZ,
  created_at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, mobile, national_id)
);
CREATE INDEX citizens_national_id ON citizens (tenant_id, national_id);

CREATE TABLE otp_codes (
  tenant_id BIGINT NOT NULL REFERENCES tenants (id),
  id BIGINT NOT NULL,
  purpose TEXT NOT NULL,
  mobile TEXT NOT NULL,
  holder TEXT NOT NULL CHECK (length(holder) = 64),
  number INTEGER NOT NULL CHECK (number > 0),
  code_hash TEXT NOT NULL DEFAULT '',
  tries INTEGER NOT NULL DEFAULT 0,
  created_at TIMESTAMPTZ NOT NULL,
  expires_at TIMESTAMPTZ NOT NULL,
  used_at TIMESTAMPTZ,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, mobile, number)
);
CREATE UNIQUE INDEX otp_codes_live ON otp_codes (tenant_id, mobile, purpose, holder) WHERE used_at IS NULL;

CREATE TABLE drafts (
  tenant_id BIGINT NOT NULL REFERENCES tenants (id),
  id BIGINT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('complaint','meeting')),
  holder TEXT NOT NULL CHECK (length(holder) = 64),
  content JSONB NOT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  expires_at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX drafts_expiry ON drafts (tenant_id, expires_at);

CREATE TABLE files (
  tenant_id BIGINT NOT NULL REFERENCES tenants (id),
  id BIGINT NOT NULL,
  subject_kind TEXT NOT NULL CHECK (subject_kind IN ('draft','complaint','meeting','directive')),
  subject_id BIGINT NOT NULL,
  event_id BIGINT,
  name TEXT NOT NULL,
  media_type TEXT NOT NULL,
  size BIGINT NOT NULL CHECK (size > 0),
  sha256 TEXT NOT NULL,
  blob TEXT NOT NULL,
  original_id BIGINT,
  public BOOLEAN NOT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, original_id) REFERENCES files (tenant_id, id)
);
CREATE INDEX files_subject ON files (tenant_id, subject_kind, subject_id, id);
CREATE INDEX files_blob ON files (tenant_id, blob);

CREATE TABLE events (
  tenant_id BIGINT NOT NULL REFERENCES tenants (id),
  id BIGINT NOT NULL,
  subject_kind TEXT NOT NULL CHECK (subject_kind IN ('complaint','meeting','directive')),
  subject_id BIGINT NOT NULL,
  kind TEXT NOT NULL,
  at TIMESTAMPTZ NOT NULL,
  cycle INTEGER NOT NULL DEFAULT 0,
  actor_kind TEXT NOT NULL CHECK (actor_kind IN ('citizen','staff','system')),
  actor_id BIGINT NOT NULL DEFAULT 0,
  actor_name TEXT NOT NULL DEFAULT '',
  unit_id BIGINT,
  from_state TEXT NOT NULL DEFAULT '',
  to_state TEXT NOT NULL DEFAULT '',
  text TEXT NOT NULL DEFAULT '',
  due_at TIMESTAMPTZ,
  public BOOLEAN NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, unit_id) REFERENCES units (tenant_id, id)
);
CREATE INDEX events_subject ON events (tenant_id, subject_kind, subject_id, id);

CREATE TABLE audit_entries (
  tenant_id BIGINT NOT NULL REFERENCES tenants (id),
  seq BIGINT NOT NULL,
  at TIMESTAMPTZ NOT NULL,
  actor_kind TEXT NOT NULL,
  actor_id BIGINT NOT NULL,
  act TEXT NOT NULL,
  object_kind TEXT NOT NULL,
  object_id BIGINT NOT NULL,
  detail TEXT NOT NULL DEFAULT '',
  previous TEXT NOT NULL,
  hash TEXT NOT NULL,
  PRIMARY KEY (tenant_id, seq)
);
CREATE TABLE audit_heads (
  tenant_id BIGINT NOT NULL PRIMARY KEY REFERENCES tenants (id),
  seq BIGINT NOT NULL,
  hash TEXT NOT NULL
);

CREATE TABLE districts (
  tenant_id BIGINT NOT NULL REFERENCES tenants (id),
  id BIGINT NOT NULL,
  parent_id BIGINT,
  kind TEXT NOT NULL CHECK (kind IN ('province','county','city','district','line','station')),
  code TEXT NOT NULL,
  name_fa TEXT NOT NULL,
  name_en TEXT NOT NULL,
  unit_id BIGINT,
  position INTEGER NOT NULL DEFAULT 0,
  active BOOLEAN NOT NULL DEFAULT TRUE,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, code),
  FOREIGN KEY (tenant_id, parent_id) REFERENCES districts (tenant_id, id),
  FOREIGN KEY (tenant_id, unit_id) REFERENCES units (tenant_id, id)
);

-- A topic's own questions; a case keeps the version it was asked.
CREATE TABLE topic_forms (
  tenant_id BIGINT NOT NULL REFERENCES tenants (id),
  id BIGINT NOT NULL,
  topic_id BIGINT NOT NULL,
  version INTEGER NOT NULL CHECK (version > 0),
  questions JSONB NOT NULL,
  current BOOLEAN NOT NULL DEFAULT TRUE,
  created_at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, topic_id, version),
  FOREIGN KEY (tenant_id, topic_id) REFERENCES topics (tenant_id, id)
);
CREATE UNIQUE INDEX topic_forms_current ON topic_forms (tenant_id, topic_id) WHERE current;

CREATE TABLE boxes (
  tenant_id BIGINT NOT NULL REFERENCES tenants (id),
  id BIGINT NOT NULL,
  code TEXT NOT NULL,
  place_fa TEXT NOT NULL,
  place_en TEXT NOT NULL DEFAULT '',
  unit_id BIGINT NOT NULL,
  every_days INTEGER NOT NULL CHECK (every_days BETWEEN 1 AND 90),
  next_on TEXT NOT NULL CHECK (length(next_on) = 10),
  active BOOLEAN NOT NULL DEFAULT TRUE,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, code),
  FOREIGN KEY (tenant_id, unit_id) REFERENCES units (tenant_id, id)
);
CREATE INDEX boxes_next ON boxes (tenant_id, next_on) WHERE active;

-- The minutes of an opening, signed by two persons.
CREATE TABLE box_openings (
  tenant_id BIGINT NOT NULL REFERENCES tenants (id),
  id BIGINT NOT NULL,
  box_id BIGINT NOT NULL,
  opened_at TIMESTAMPTZ NOT NULL,
  staff_id BIGINT NOT NULL,
  witness_id BIGINT NOT NULL,
  letters INTEGER NOT NULL CHECK (letters >= 0),
  note TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, box_id) REFERENCES boxes (tenant_id, id),
  FOREIGN KEY (tenant_id, staff_id) REFERENCES staff (tenant_id, id),
  FOREIGN KEY (tenant_id, witness_id) REFERENCES staff (tenant_id, id),
  CHECK (staff_id <> witness_id)
);
CREATE INDEX box_openings_box ON box_openings (tenant_id, box_id, id);

CREATE TABLE import_batches (
  tenant_id BIGINT NOT NULL REFERENCES tenants (id),
  id BIGINT NOT NULL,
  file_name TEXT NOT NULL,
  blob TEXT NOT NULL,
  source TEXT NOT NULL DEFAULT '',
  mapping JSONB NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('uploaded','checking','checked','applying','applied','failed','undone')),
  total INTEGER NOT NULL DEFAULT 0,
  done INTEGER NOT NULL DEFAULT 0,
  problems JSONB NOT NULL DEFAULT '[]',
  staff_id BIGINT NOT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  ended_at TIMESTAMPTZ,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, staff_id) REFERENCES staff (tenant_id, id)
);

CREATE TABLE complaints (
  tenant_id BIGINT NOT NULL REFERENCES tenants (id),
  id BIGINT NOT NULL,
  code TEXT NOT NULL,
  pin_hash TEXT NOT NULL DEFAULT '',
  kind TEXT NOT NULL CHECK (kind IN ('complaint','request','demand','suggestion','criticism','appreciation','report')),
  channel TEXT NOT NULL CHECK (channel IN ('web','phone','in_person','letter','sms','email','ivr','voicemail','box','meeting','api')),
  source TEXT NOT NULL DEFAULT '',
  external_number TEXT NOT NULL DEFAULT '',
  citizen_id BIGINT,
  topic_id BIGINT NOT NULL,
  sla_class_id BIGINT NOT NULL,
  text TEXT NOT NULL,
  place JSONB NOT NULL,
  district_id BIGINT,
  form_id BIGINT,
  answers JSONB NOT NULL DEFAULT '[]',
  confidential BOOLEAN NOT NULL DEFAULT FALSE,
  secretariat_number TEXT NOT NULL DEFAULT '',
  external_due_at TIMESTAMPTZ,
  batch_id BIGINT,
  box_opening_id BIGINT,
  lead_id BIGINT,
  parent_id BIGINT,
  route_why TEXT NOT NULL DEFAULT '',
  asked TEXT NOT NULL DEFAULT '',
  asked_until TIMESTAMPTZ,
  call_at TIMESTAMPTZ,
  state TEXT NOT NULL CHECK (state IN ('registered','triage','referred','in_progress','waiting_citizen','feedback','special_followup','awaiting_confirmation','closed')),
  outcome TEXT NOT NULL DEFAULT '',
  fact TEXT NOT NULL DEFAULT '',
  result TEXT NOT NULL DEFAULT '',
  cycle INTEGER NOT NULL DEFAULT 1,
  unit_id BIGINT NOT NULL,
  holder_id BIGINT,
  bounces INTEGER NOT NULL DEFAULT 0,
  interims INTEGER NOT NULL DEFAULT 0,
  promised_at TIMESTAMPTZ NOT NULL,
  legal_due_at TIMESTAMPTZ NOT NULL,
  unit_due_at TIMESTAMPTZ,
  due_at TIMESTAMPTZ NOT NULL,
  next_clock_at TIMESTAMPTZ,
  search_key TEXT NOT NULL,
  registered_at TIMESTAMPTZ NOT NULL,
  closed_at TIMESTAMPTZ,
  version INTEGER NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, code),
  FOREIGN KEY (tenant_id, citizen_id) REFERENCES citizens (tenant_id, id),
  FOREIGN KEY (tenant_id, topic_id) REFERENCES topics (tenant_id, id),
  FOREIGN KEY (tenant_id, sla_class_id) REFERENCES sla_classes (tenant_id, id),
  FOREIGN KEY (tenant_id, unit_id) REFERENCES units (tenant_id, id),
  FOREIGN KEY (tenant_id, holder_id) REFERENCES staff (tenant_id, id),
  FOREIGN KEY (tenant_id, district_id) REFERENCES districts (tenant_id, id),
  FOREIGN KEY (tenant_id, form_id) REFERENCES topic_forms (tenant_id, id),
  FOREIGN KEY (tenant_id, batch_id) REFERENCES import_batches (tenant_id, id),
  FOREIGN KEY (tenant_id, box_opening_id) REFERENCES box_openings (tenant_id, id),
  FOREIGN KEY (tenant_id, lead_id) REFERENCES complaints (tenant_id, id),
  FOREIGN KEY (tenant_id, parent_id) REFERENCES complaints (tenant_id, id),
  CHECK (lead_id IS NULL OR lead_id <> id),
  CHECK (parent_id IS NULL OR parent_id <> id),
  CHECK ((state = 'closed') = (closed_at IS NOT NULL)),
  CHECK (state <> 'closed' OR (fact IN ('confirmed_by_citizen','verified_in_field','unreachable_signed_off','not_feasible','withdrawn','outside_remit','guidance_given','transferred','entered_by_mistake') AND length(result) > 0))
);
CREATE UNIQUE INDEX complaints_external ON complaints (tenant_id, source, external_number) WHERE external_number <> '';
CREATE INDEX complaints_state ON complaints (tenant_id, state, due_at, id);
CREATE INDEX complaints_due ON complaints (tenant_id, due_at, id) WHERE state <> 'closed';
CREATE INDEX complaints_unit ON complaints (tenant_id, unit_id, due_at, id) WHERE state <> 'closed';
CREATE INDEX complaints_holder ON complaints (tenant_id, holder_id, due_at, id) WHERE state <> 'closed';
CREATE INDEX complaints_citizen ON complaints (tenant_id, citizen_id, id);
CREATE INDEX complaints_call ON complaints (tenant_id, call_at, id) WHERE state = 'feedback';
CREATE INDEX complaints_lead ON complaints (tenant_id, lead_id) WHERE lead_id IS NOT NULL;
CREATE INDEX complaints_parent ON complaints (tenant_id, parent_id) WHERE parent_id IS NOT NULL;
CREATE INDEX complaints_batch ON complaints (tenant_id, batch_id) WHERE batch_id IS NOT NULL;
CREATE INDEX complaints_topic ON complaints (tenant_id, topic_id, due_at, id);
CREATE INDEX complaints_all ON complaints (tenant_id, due_at, id);
CREATE INDEX complaints_stuck ON complaints (tenant_id, due_at, id) WHERE state <> 'closed' AND next_clock_at IS NULL;
CREATE INDEX complaints_closed ON complaints (tenant_id, closed_at, id) WHERE state = 'closed';
CREATE INDEX complaints_registered ON complaints (tenant_id, registered_at);
CREATE INDEX complaints_clock ON complaints (next_clock_at) WHERE next_clock_at IS NOT NULL;

CREATE TABLE referrals (
  tenant_id BIGINT NOT NULL REFERENCES tenants (id),
  id BIGINT NOT NULL,
  complaint_id BIGINT NOT NULL,
  cycle INTEGER NOT NULL,
  unit_id BIGINT NOT NULL,
  lead BOOLEAN NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('open','taken','answered','returned','withdrawn')),
  note TEXT NOT NULL DEFAULT '',
  answer TEXT NOT NULL DEFAULT '',
  referred_at TIMESTAMPTZ NOT NULL,
  due_at TIMESTAMPTZ NOT NULL,
  ended_at TIMESTAMPTZ,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, complaint_id) REFERENCES complaints (tenant_id, id),
  FOREIGN KEY (tenant_id, unit_id) REFERENCES units (tenant_id, id)
);
CREATE INDEX referrals_complaint ON referrals (tenant_id, complaint_id, id);
CREATE INDEX referrals_unit ON referrals (tenant_id, unit_id, complaint_id);
CREATE UNIQUE INDEX referrals_one_lead ON referrals (tenant_id, complaint_id) WHERE lead AND ended_at IS NULL;
CREATE UNIQUE INDEX referrals_one_leg ON referrals (tenant_id, complaint_id, unit_id) WHERE ended_at IS NULL;

CREATE TABLE feedback_calls (
  tenant_id BIGINT NOT NULL REFERENCES tenants (id),
  id BIGINT NOT NULL,
  complaint_id BIGINT NOT NULL,
  cycle INTEGER NOT NULL,
  outcome TEXT NOT NULL CHECK (outcome IN ('satisfied','not_satisfied','no_answer','wrong_number','refuses')),
  conduct TEXT NOT NULL DEFAULT '' CHECK (conduct IN ('','good','fair','poor')),
  reason TEXT NOT NULL DEFAULT '',
  by_citizen BOOLEAN NOT NULL,
  staff_id BIGINT,
  at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, complaint_id) REFERENCES complaints (tenant_id, id),
  FOREIGN KEY (tenant_id, staff_id) REFERENCES staff (tenant_id, id)
);
CREATE INDEX feedback_calls_complaint ON feedback_calls (tenant_id, complaint_id, id);
CREATE UNIQUE INDEX feedback_calls_one_verdict ON feedback_calls (tenant_id, complaint_id, cycle) WHERE outcome IN ('satisfied','not_satisfied');

CREATE TABLE field_visits (
  tenant_id BIGINT NOT NULL REFERENCES tenants (id),
  id BIGINT NOT NULL,
  complaint_id BIGINT NOT NULL,
  cycle INTEGER NOT NULL,
  staff_id BIGINT NOT NULL,
  visited_at TIMESTAMPTZ NOT NULL,
  finding TEXT NOT NULL,
  resolved BOOLEAN NOT NULL,
  lat DOUBLE PRECISION,
  lng DOUBLE PRECISION,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, complaint_id, cycle),
  FOREIGN KEY (tenant_id, complaint_id) REFERENCES complaints (tenant_id, id),
  FOREIGN KEY (tenant_id, staff_id) REFERENCES staff (tenant_id, id)
);

CREATE TABLE escalations (
  tenant_id BIGINT NOT NULL REFERENCES tenants (id),
  id BIGINT NOT NULL,
  complaint_id BIGINT NOT NULL,
  cycle INTEGER NOT NULL,
  leg_id BIGINT NOT NULL,
  level INTEGER NOT NULL,
  at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, complaint_id, cycle, leg_id, level),
  FOREIGN KEY (tenant_id, complaint_id) REFERENCES complaints (tenant_id, id)
);

CREATE TABLE scores (
  tenant_id BIGINT NOT NULL REFERENCES tenants (id),
  id BIGINT NOT NULL,
  unit_id BIGINT NOT NULL,
  complaint_id BIGINT NOT NULL,
  cycle INTEGER NOT NULL,
  leg_id BIGINT NOT NULL,
  level INTEGER NOT NULL,
  points INTEGER NOT NULL,
  rule_version INTEGER NOT NULL,
  event_id BIGINT NOT NULL,
  reverses_id BIGINT,
  reason TEXT NOT NULL DEFAULT '',
  at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, unit_id) REFERENCES units (tenant_id, id),
  FOREIGN KEY (tenant_id, complaint_id) REFERENCES complaints (tenant_id, id),
  FOREIGN KEY (tenant_id, event_id) REFERENCES events (tenant_id, id),
  FOREIGN KEY (tenant_id, reverses_id) REFERENCES scores (tenant_id, id)
);
CREATE UNIQUE INDEX scores_once ON scores (tenant_id, complaint_id, cycle, leg_id, level) WHERE reverses_id IS NULL;
CREATE UNIQUE INDEX scores_reversed_once ON scores (tenant_id, reverses_id) WHERE reverses_id IS NOT NULL;
CREATE INDEX scores_case ON scores (tenant_id, complaint_id, id);
CREATE INDEX scores_unit ON scores (tenant_id, unit_id, at);

CREATE TABLE executives (
  tenant_id BIGINT NOT NULL REFERENCES tenants (id),
  id BIGINT NOT NULL,
  code TEXT NOT NULL,
  staff_id BIGINT,
  post_fa TEXT NOT NULL,
  post_en TEXT NOT NULL,
  name_fa TEXT NOT NULL,
  name_en TEXT NOT NULL,
  position INTEGER NOT NULL,
  active BOOLEAN NOT NULL DEFAULT TRUE,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, code),
  FOREIGN KEY (tenant_id, staff_id) REFERENCES staff (tenant_id, id)
);

CREATE TABLE meeting_windows (
  tenant_id BIGINT NOT NULL REFERENCES tenants (id),
  id BIGINT NOT NULL,
  executive_id BIGINT NOT NULL,
  weekday INTEGER NOT NULL CHECK (weekday BETWEEN 0 AND 6),
  from_minute INTEGER NOT NULL,
  until_minute INTEGER NOT NULL,
  slot_minutes INTEGER NOT NULL CHECK (slot_minutes > 0),
  seats INTEGER NOT NULL CHECK (seats > 0),
  site_fa TEXT NOT NULL,
  site_en TEXT NOT NULL,
  active BOOLEAN NOT NULL DEFAULT TRUE,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, executive_id) REFERENCES executives (tenant_id, id),
  CHECK (until_minute > from_minute AND from_minute >= 0 AND until_minute <= 1440)
);

CREATE TABLE meeting_sessions (
  tenant_id BIGINT NOT NULL REFERENCES tenants (id),
  id BIGINT NOT NULL,
  executive_id BIGINT NOT NULL,
  window_id BIGINT NOT NULL,
  starts_at TIMESTAMPTZ NOT NULL,
  ends_at TIMESTAMPTZ NOT NULL,
  site_fa TEXT NOT NULL,
  site_en TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('open','cancelled')),
  next_queue_number INTEGER NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, executive_id, starts_at),
  FOREIGN KEY (tenant_id, executive_id) REFERENCES executives (tenant_id, id),
  FOREIGN KEY (tenant_id, window_id) REFERENCES meeting_windows (tenant_id, id),
  CHECK (ends_at > starts_at)
);
CREATE INDEX meeting_sessions_start ON meeting_sessions (tenant_id, starts_at);

CREATE TABLE meeting_slots (
  tenant_id BIGINT NOT NULL REFERENCES tenants (id),
  session_id BIGINT NOT NULL,
  number INTEGER NOT NULL,
  starts_at TIMESTAMPTZ NOT NULL,
  ends_at TIMESTAMPTZ NOT NULL,
  seats INTEGER NOT NULL CHECK (seats > 0),
  PRIMARY KEY (tenant_id, session_id, number),
  FOREIGN KEY (tenant_id, session_id) REFERENCES meeting_sessions (tenant_id, id)
);

CREATE TABLE meetings (
  tenant_id BIGINT NOT NULL REFERENCES tenants (id),
  id BIGINT NOT NULL,
  code TEXT NOT NULL,
  calendar_uid TEXT NOT NULL,
  calendar_sequence INTEGER NOT NULL DEFAULT 0,
  citizen_id BIGINT NOT NULL,
  executive_id BIGINT NOT NULL,
  session_id BIGINT NOT NULL,
  slot_number INTEGER NOT NULL,
  queue_number INTEGER,
  starts_at TIMESTAMPTZ NOT NULL,
  subject TEXT NOT NULL,
  text TEXT NOT NULL,
  complaint_id BIGINT,
  companions INTEGER NOT NULL DEFAULT 0 CHECK (companions BETWEEN 0 AND 20),
  channel TEXT NOT NULL CHECK (channel IN ('web','phone','in_person')),
  state TEXT NOT NULL CHECK (state IN ('requested','approved','checked_in','called','held','follow_up','closed','refused','cancelled','absent')),
  reason TEXT NOT NULL DEFAULT '',
  cancelled_by TEXT NOT NULL DEFAULT '' CHECK (cancelled_by IN ('','citizen','office')),
  minutes TEXT NOT NULL DEFAULT '',
  people_met INTEGER NOT NULL DEFAULT 0,
  reschedules INTEGER NOT NULL DEFAULT 0,
  requested_at TIMESTAMPTZ NOT NULL,
  checked_in_at TIMESTAMPTZ,
  called_at TIMESTAMPTZ,
  ended_at TIMESTAMPTZ,
  version INTEGER NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, code),
  UNIQUE (tenant_id, session_id, queue_number),
  FOREIGN KEY (tenant_id, citizen_id) REFERENCES citizens (tenant_id, id),
  FOREIGN KEY (tenant_id, executive_id) REFERENCES executives (tenant_id, id),
  FOREIGN KEY (tenant_id, session_id, slot_number) REFERENCES meeting_slots (tenant_id, session_id, number),
  FOREIGN KEY (tenant_id, complaint_id) REFERENCES complaints (tenant_id, id)
);
CREATE INDEX meetings_state ON meetings (tenant_id, state, starts_at, id);
CREATE INDEX meetings_session ON meetings (tenant_id, session_id, state);
CREATE INDEX meetings_citizen ON meetings (tenant_id, citizen_id, id);

-- A seat is taken by at most one row: this key is what makes a double booking
-- impossible. A hold is the same row with held_until set and no meeting yet.
CREATE TABLE seat_claims (
  tenant_id BIGINT NOT NULL REFERENCES tenants (id),
  session_id BIGINT NOT NULL,
  slot_number INTEGER NOT NULL,
  seat INTEGER NOT NULL CHECK (seat > 0),
  draft_id BIGINT,
  meeting_id BIGINT,
  held_until TIMESTAMPTZ,
  PRIMARY KEY (tenant_id, session_id, slot_number, seat),
  FOREIGN KEY (tenant_id, session_id, slot_number) REFERENCES meeting_slots (tenant_id, session_id, number),
  FOREIGN KEY (tenant_id, meeting_id) REFERENCES meetings (tenant_id, id),
  CHECK ((meeting_id IS NULL) = (held_until IS NOT NULL))
);
CREATE UNIQUE INDEX seat_claims_meeting ON seat_claims (tenant_id, meeting_id) WHERE meeting_id IS NOT NULL;
CREATE UNIQUE INDEX seat_claims_draft ON seat_claims (tenant_id, draft_id) WHERE draft_id IS NOT NULL;

CREATE TABLE directives (
  tenant_id BIGINT NOT NULL REFERENCES tenants (id),
  id BIGINT NOT NULL,
  origin_kind TEXT NOT NULL CHECK (origin_kind IN ('meeting','complaint','committee')),
  origin_id BIGINT NOT NULL,
  executive_id BIGINT NOT NULL,
  citizen_id BIGINT,
  unit_id BIGINT NOT NULL,
  text TEXT NOT NULL,
  scan_id BIGINT,
  priority TEXT NOT NULL CHECK (priority IN ('normal','high','urgent')),
  public BOOLEAN NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('issued','notified','in_progress','reported','returned','done')),
  report TEXT NOT NULL DEFAULT '',
  returns INTEGER NOT NULL DEFAULT 0,
  issued_at TIMESTAMPTZ NOT NULL,
  due_at TIMESTAMPTZ NOT NULL,
  next_clock_at TIMESTAMPTZ,
  reminded_level INTEGER NOT NULL DEFAULT 0,
  done_at TIMESTAMPTZ,
  version INTEGER NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, executive_id) REFERENCES executives (tenant_id, id),
  FOREIGN KEY (tenant_id, citizen_id) REFERENCES citizens (tenant_id, id),
  FOREIGN KEY (tenant_id, unit_id) REFERENCES units (tenant_id, id),
  FOREIGN KEY (tenant_id, scan_id) REFERENCES files (tenant_id, id),
  CHECK ((state = 'done') = (done_at IS NOT NULL))
);
CREATE INDEX directives_origin ON directives (tenant_id, origin_kind, origin_id);
CREATE INDEX directives_executive ON directives (tenant_id, executive_id, state, due_at, id);
CREATE INDEX directives_unit ON directives (tenant_id, unit_id, state, due_at, id);
CREATE INDEX directives_clock ON directives (next_clock_at) WHERE next_clock_at IS NOT NULL;

CREATE TABLE outbox (
  tenant_id BIGINT NOT NULL REFERENCES tenants (id),
  id BIGINT NOT NULL,
  kind TEXT NOT NULL,
  payload JSONB NOT NULL,
  ref TEXT NOT NULL DEFAULT '',
  run_at TIMESTAMPTZ NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0,
  retry_at TIMESTAMPTZ,
  done_at TIMESTAMPTZ,
  dead BOOLEAN NOT NULL DEFAULT FALSE,
  result TEXT NOT NULL DEFAULT '',
  created_at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX outbox_due ON outbox (run_at) WHERE done_at IS NULL AND dead = FALSE;
CREATE UNIQUE INDEX outbox_ref ON outbox (tenant_id, ref) WHERE ref <> '';

CREATE TABLE messages (
  tenant_id BIGINT NOT NULL REFERENCES tenants (id),
  id BIGINT NOT NULL,
  key TEXT NOT NULL,
  channel TEXT NOT NULL CHECK (channel IN ('sms')),
  template TEXT NOT NULL,
  citizen_id BIGINT,
  staff_id BIGINT,
  subject_kind TEXT NOT NULL DEFAULT '',
  subject_id BIGINT NOT NULL DEFAULT 0,
  text TEXT NOT NULL DEFAULT '',
  state TEXT NOT NULL CHECK (state IN ('queued','sending','accepted','failed','unknown')),
  provider TEXT NOT NULL DEFAULT '',
  provider_id TEXT NOT NULL DEFAULT '',
  attempts INTEGER NOT NULL DEFAULT 0,
  created_at TIMESTAMPTZ NOT NULL,
  sent_at TIMESTAMPTZ,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, key),
  FOREIGN KEY (tenant_id, citizen_id) REFERENCES citizens (tenant_id, id),
  FOREIGN KEY (tenant_id, staff_id) REFERENCES staff (tenant_id, id)
);
CREATE INDEX messages_subject ON messages (tenant_id, subject_kind, subject_id, id);
