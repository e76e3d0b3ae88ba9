// Writes the table against which date.go is tested, from ICU's Persian calendar:
//   node testdata/generate.mjs > testdata/icu.tsv
// Lines: "year <year> <Gregorian date of 1 Farvardin> <days in the year>"
//        "day <Solar Hijri date> <Gregorian date> <weekday, Sunday 0>"
// The days are every month end of every tenth year and of the years around today, and each 97th day.
const calendar = new Intl.DateTimeFormat('en-u-ca-persian-nu-latn',
  { timeZone: 'UTC', year: 'numeric', month: 'numeric', day: 'numeric' });
const dayLength = 86400000;

function solar(t) {
  const part = Object.fromEntries(calendar.formatToParts(t).map(p => [p.type, Number.parseInt(p.value)]));
  return { t, y: part.year, m: part.month, d: part.day };
}
const two = n => String(n).padStart(2, '0');
const gregorian = t => new Date(t).toISOString().slice(0, 10);
const dayLine = s => ['day', `${s.y}-${two(s.m)}-${two(s.d)}`, gregorian(s.t), new Date(s.t).getUTCDay()].join('\t');

const [first, last] = [1300, 1450];
const days = [];
for (let t = Date.UTC(1921, 0, 1); t < Date.UTC(2072, 11, 31); t += dayLength) {
  const s = solar(t);
  if (s.y >= first && s.y <= last + 1) days.push(s);
}

console.log(`# Intl of Node ${process.versions.node}, ICU ${process.versions.icu}; made by generate.mjs`);
const starts = days.filter(s => s.m === 1 && s.d === 1);
for (const [i, s] of starts.entries()) {
  if (s.y > last) continue;
  console.log(['year', s.y, gregorian(s.t), (starts[i + 1].t - s.t) / dayLength].join('\t'));
}
for (const [i, s] of days.entries()) {
  if (s.y > last) continue;
  const monthEnd = days[i + 1].d === 1 && (s.y % 10 === 0 || (s.y >= 1402 && s.y <= 1412));
  if (monthEnd || i % 97 === 0) console.log(dayLine(s));
}
