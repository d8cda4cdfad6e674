// A person's initials on a colour of their own, or a picture for the assistant, or for the team as a whole.
import { html, useLayoutEffect, useRef } from './html.js';
import { Icon } from './icon.js';

export function initials(name) {
  // Only words that begin with a letter or a number: "Anna (shop)" is A, and not A(.
  const words = (name ?? '').split(/\s+/u).filter((word) => /^[\p{L}\p{N}]/u.test(word));
  const first = (word) => [...word][0] ?? '';
  return (words.length > 1 ? first(words[0]) + first(words.at(-1)) : first(words[0] ?? '')).toLocaleUpperCase();
}

function hueOf(key) {
  let hash = 0;
  for (const character of String(key)) hash = (hash * 31 + character.codePointAt(0)) >>> 0;
  return hash % 360;
}

export function Avatar({ name, id, bot = false, team = false }) {
  const element = useRef(null);
  const picture = bot ? 'bot' : team ? 'team' : null;
  // A policy without inline styles allows the style object, not the attribute.
  useLayoutEffect(() => {
    if (picture) element.current.style.cssText = '';
    else element.current.style.setProperty('--hue', hueOf(id ?? name ?? ''));
  }, [id, name, picture]);
  // The initials are drawn by the style sheet: text here would count as a part of the label of the button around it (WCAG 2.2, 2.5.3).
  const letters = picture ? '' : initials(name);
  return html`<span ref=${element} class=${`avatar ${picture ?? 'person'}`} data-initials=${letters || null} aria-hidden="true">${
    letters ? null : html`<${Icon} name=${{ bot: 'bot', team: 'people' }[picture] ?? 'person'} />`}</span>`;
}
