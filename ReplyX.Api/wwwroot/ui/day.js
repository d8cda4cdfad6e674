// Days and times of a conversation, as the reader's language writes them.
const formats = new Map();

function format(language, name, options) {
  const key = `${language} ${name}`;
  if (!formats.has(key)) formats.set(key, new Intl.DateTimeFormat(language, options));
  return formats.get(key);
}

/** Tells days apart, in the reader's time zone. */
export function dayOf(time) {
  const date = new Date(time);
  return date.getFullYear() * 10_000 + (date.getMonth() + 1) * 100 + date.getDate();
}

/** "Today", "Yesterday", "Monday, 3 March", and with its year where that is another one. */
export function dayLabel(time, language, t, now = Date.now()) {
  const day = dayOf(time);
  if (day === dayOf(now)) return t('day.today');
  const yesterday = new Date(now);
  yesterday.setDate(yesterday.getDate() - 1);
  if (day === dayOf(yesterday)) return t('day.yesterday');
  const isThisYear = new Date(time).getFullYear() === new Date(now).getFullYear();
  return isThisYear
    ? format(language, 'day', { weekday: 'long', day: 'numeric', month: 'long' }).format(new Date(time))
    : format(language, 'date', { day: 'numeric', month: 'long', year: 'numeric' }).format(new Date(time));
}

export function timeLabel(time, language) {
  return format(language, 'time', { hour: 'numeric', minute: '2-digit' }).format(new Date(time));
}

export function fullLabel(time, language) {
  return format(language, 'full', { dateStyle: 'long', timeStyle: 'short' }).format(new Date(time));
}
