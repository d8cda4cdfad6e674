// The texts of settings, which are loaded with it, and dates in the console's language.
import { useMemo } from '../../ui/html.js';
import { locale, useLanguage, useText as useConsoleText } from '../i18n.js';

const prefix = 'settings.';

/** A language's texts, under names that no other part of the console has. */
export async function loadTexts(language) {
  const { default: texts } = await import(`./i18n/${language}.js`);
  return { default: Object.fromEntries(Object.entries(texts).map(([key, text]) => [prefix + key, text])) };
}

/** `t(key, values)`; a key that there is no text for answers null with `t.maybe`. */
export function useText() {
  const text = useConsoleText();
  return useMemo(() => {
    const t = (key, values) => text(prefix + key, values);
    t.maybe = (key, values) => {
      const found = t(key, values);
      return found === prefix + key ? null : found;
    };
    return t;
  }, [text]);
}

/** A refusal as a sentence: our own words for what we know, else the server's. */
export const problemText = (t, error) => t.maybe(`problem.${error?.code}`) ?? error?.message ?? t('problem.unknown');

export function useDates() {
  const language = useLanguage();
  return useMemo(() => datesIn(locale()), [language]);
}

function datesIn(tag) {
  const day = new Intl.DateTimeFormat(tag, { day: 'numeric', month: 'long', year: 'numeric' });
  const time = new Intl.DateTimeFormat(tag, { hour: 'numeric', minute: '2-digit' });
  const both = new Intl.DateTimeFormat(tag, { dateStyle: 'medium', timeStyle: 'short' });
  const relative = new Intl.RelativeTimeFormat(tag, { numeric: 'auto' });
  return {
    day: (at) => day.format(new Date(at)),
    time: (at) => time.format(new Date(at)),
    dayAndTime: (at) => both.format(new Date(at)),
    /** "5 minutes ago", "in 6 days". */
    relative(at) {
      const seconds = (new Date(at) - Date.now()) / 1_000;
      const [unit, length] = [['day', 86_400], ['hour', 3_600], ['minute', 60]].find(([, size]) => Math.abs(seconds) >= size) ?? ['minute', Infinity];
      return relative.format(Math.trunc(seconds / length), unit);
    },
  };
}
