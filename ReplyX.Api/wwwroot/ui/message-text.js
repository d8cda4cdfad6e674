// A message's text, with its links made safe: they open elsewhere, and tell nobody where they were clicked.
import { html, useMemo } from './html.js';
import { linkParts } from './links.js';

export function MessageText({ text }) {
  const parts = useMemo(() => linkParts(text), [text]);
  return parts.map((part) => (part.href
    ? html`<a href=${part.href} target="_blank" rel="noopener noreferrer nofollow">${part.text}</a>`
    : part.text));
}
