package persian

type monthDay struct{ month, day int }

// Lunar holidays move by about eleven days a year and with the sighting of the moon, so they are rows that an
// administrator edits; only these are certain for every year.
var fixedHolidays = map[monthDay][2]string{
	{1, 1}:   {"نوروز", "Nowruz"},
	{1, 2}:   {"تعطیلات نوروز", "Nowruz holiday"},
	{1, 3}:   {"تعطیلات نوروز", "Nowruz holiday"},
	{1, 4}:   {"تعطیلات نوروز", "Nowruz holiday"},
	{1, 12}:  {"روز جمهوری اسلامی", "Islamic Republic Day"},
	{1, 13}:  {"روز طبیعت", "Nature Day"},
	{3, 14}:  {"رحلت امام خمینی", "Death of Imam Khomeini"},
	{3, 15}:  {"قیام ۱۵ خرداد", "Uprising of 15 Khordad"},
	{11, 22}: {"پیروزی انقلاب اسلامی", "Victory of the Islamic Revolution"},
	{12, 29}: {"روز ملی شدن صنعت نفت", "Nationalisation of the Oil Industry"},
	{12, 30}: {"آخرین روز سال", "Last day of the year"},
}

// FixedHoliday names the official holiday of the Solar Hijri calendar that falls on d, the same in every
// year. Fridays and lunar holidays are not included. 30 Esfand counts only where it exists, in leap years.
func FixedHoliday(d Date) (nameFA, nameEN string, ok bool) {
	if d.Day > DaysInMonth(d.Year, d.Month) {
		return "", "", false
	}
	names, ok := fixedHolidays[monthDay{d.Month, d.Day}]
	return names[0], names[1], ok
}
