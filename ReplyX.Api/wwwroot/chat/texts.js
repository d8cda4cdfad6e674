// The page's language. A further one is a file beside these, and nothing else: the server offers what it finds.
import { translator } from '../ui/text.js';
import en from './i18n/en.js';

/**
 * Loads a language; English stands in for what it does not have, and for a language that cannot be loaded.
 * @returns `t` translates; `dates` is the language with the visitor's region, in which days and times are written.
 */
export async function loadTexts(wanted, tags = navigator.languages) {
  const { default: texts, language } = wanted === 'en' ? { default: en, language: 'en' } : await load(wanted);
  return { language, dates: tags.find((tag) => baseOf(tag) === language) ?? language, t: translator(language, texts, en) };
}

async function load(language) {
  try {
    return { ...await import(`./i18n/${language}.js`), language };
  } catch {
    return { default: en, language: 'en' };
  }
}

const baseOf = (tag) => tag.toLowerCase().split('-')[0];

/** The best of the languages that there are. */
export function choose(wanted, languages) {
  for (const tag of wanted) {
    if (languages.includes(baseOf(tag))) return baseOf(tag);
  }

  return 'en';
}
