// The page's language. A further one is a file beside these, and nothing else: the server offers what it finds.
import { translator } from '../ui/text.js';
import en from './i18n/en.js';

/** Loads a language; English stands in for what it does not have, and for a language that cannot be loaded. */
export async function loadTexts(language) {
  if (language === 'en') return { language, t: translator('en', en, en) };
  try {
    const { default: texts } = await import(`./i18n/${language}.js`);
    return { language, t: translator(language, texts, en) };
  } catch {
    return { language: 'en', t: translator('en', en, en) };
  }
}

/** The best of the languages that there are. */
export function choose(wanted, languages) {
  for (const tag of wanted) {
    const base = tag.toLowerCase().split('-')[0];
    if (languages.includes(base)) return base;
  }

  return 'en';
}
