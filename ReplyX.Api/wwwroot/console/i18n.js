// The console's texts in the operator's language. Parts that are loaded later add theirs with addTexts.
import { config } from '../ui/config.js';
import { kept } from '../ui/kept.js';
import { createStore, useStore } from '../ui/store.js';
import { translator } from '../ui/text.js';
import en from './i18n/en.js';

const name = 'replyx:language';
const fallbackLanguage = 'en';
const loaders = [(language) => import(`./i18n/${language}.js`)];
const fallback = { ...en };
const state = createStore({ language: fallbackLanguage, t: translator(fallbackLanguage, en, en) });

export const languages = config.languages;
export const languageNames = { en: 'English', ru: 'Русский' };

/** The language that was chosen here, else the first of the browser's that there is. */
export function preferredLanguage() {
  const known = (tag) => config.languages.find((language) => tag?.toLowerCase().split('-')[0] === language);
  return known(kept.get(name)) ?? navigator.languages.map(known).find(Boolean) ?? fallbackLanguage;
}

export async function setLanguage(language, { keep = true } = {}) {
  const parts = await Promise.all(loaders.map((load) => load(language)));
  const texts = Object.assign({}, ...parts.map((part) => part.default));
  if (keep) kept.set(name, language);
  document.documentElement.lang = language;
  state.set({ language, t: translator(language, texts, fallback) });
}

/** Adds a part's texts: `load(language)` imports a module whose default is `{key: text}`. Resolves when they are there. */
export async function addTexts(load) {
  loaders.push(load);
  Object.assign(fallback, (await load(fallbackLanguage)).default);
  await setLanguage(state.get().language, { keep: false });
}

/** `t(key, values)` for components, which render anew in another language. */
export const useText = () => useStore(state).t;
export const useLanguage = () => useStore(state).language;
export const text = (key, values) => state.get().t(key, values);
export const language = () => state.get().language;

/** For dates and numbers: the language as the reader's browser has it, with its region (English of Denmark counts hours to 24). */
export function locale() {
  const { language: chosen } = state.get();
  return navigator.languages.find((tag) => tag.split('-')[0] === chosen) ?? chosen;
}
