package tenants

// What the rows of this package say of their changes.

// Setting implements Setting.
func (u *Unit) Setting() SettingRow {
	return SettingRow{Area: AreaUnits, NameFA: u.NameFA, NameEN: u.NameEN}
}

// Setting implements Setting.
func (c *Contact) Setting() SettingRow {
	return SettingRow{Area: AreaContacts, NameFA: c.LabelFA, NameEN: c.LabelEN}
}

// Setting implements Setting. Versions of a class are states of one thing.
func (c *SLAClass) Setting() SettingRow {
	return SettingRow{Area: AreaClasses, Key: c.Code, NameFA: c.NameFA, NameEN: c.NameEN, Hidden: []string{"current"}}
}

// Setting implements Setting. The class of a topic takes its new versions by
// itself, so the topic's own change is told by the class.
func (t *Topic) Setting() SettingRow {
	return SettingRow{Area: AreaTopics, NameFA: t.NameFA, NameEN: t.NameEN}
}

// Setting implements Setting.
func (d *District) Setting() SettingRow {
	return SettingRow{Area: AreaDistricts, NameFA: d.NameFA, NameEN: d.NameEN}
}

// Setting implements Setting.
func (s *Source) Setting() SettingRow {
	return SettingRow{Area: AreaTopics, NameFA: s.NameFA, NameEN: s.NameEN}
}

// Setting implements Setting. A week that replaces another of its day is its
// change.
func (w *CalendarWeek) Setting() SettingRow {
	return SettingRow{Area: AreaCalendar, Key: w.FromDay}
}

// Setting implements Setting.
func (c *Closure) Setting() SettingRow {
	return SettingRow{Area: AreaCalendar, NameFA: c.NameFA, NameEN: c.NameEN}
}

// Setting implements Setting.
func (r *Role) Setting() SettingRow {
	return SettingRow{Area: AreaRoles, NameFA: r.NameFA, NameEN: r.NameEN}
}

// Setting implements Setting.
func (s *RoleScope) Setting() SettingRow {
	return SettingRow{Area: AreaRoles, Hidden: []string{"reason"}}
}

// Setting implements Setting.
func (r *PolicyRule) Setting() SettingRow {
	return SettingRow{Area: AreaRoles, Hidden: []string{"reason"}}
}
