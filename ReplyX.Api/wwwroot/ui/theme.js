// Light, dark, or the system's. Kept as a plain word, since ui/theme-first.js reads it before anything else is there.
import { createStore } from './store.js';

const name = 'replyx:theme';
const read = () => {
  try {
    const theme = localStorage.getItem(name);
    return theme === 'dark' || theme === 'light' ? theme : 'auto';
  } catch {
    return 'auto';
  }
};
export const themes = ['auto', 'light', 'dark'];
export const theme = createStore(read());

const system = matchMedia('(prefers-color-scheme: dark)');
export const isDark = () => theme.get() === 'dark' || (theme.get() === 'auto' && system.matches);

export function setTheme(value) {
  try {
    if (value === 'auto') localStorage.removeItem(name);
    else localStorage.setItem(name, value);
  } catch {
    // Then it lasts until the page is left.
  }
  show(value);
}

function show(value) {
  if (value === 'auto') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = value;
  theme.set(value);
}

/** Calls when the colours are others: by the switch, another tab, or the system. */
export function onColors(listener) {
  system.addEventListener('change', listener);
  const end = theme.subscribe(listener);
  return () => {
    system.removeEventListener('change', listener);
    end();
  };
}

addEventListener('storage', (event) => {
  if (event.key === name) show(read());
});
