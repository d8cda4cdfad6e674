// A message's text, with its links made safe: they open elsewhere, and tell nobody where they were clicked.
import { html } from './html.js';
import { linkParts } from './links.js';

export function MessageText({ text }) {
  return linkParts(text).map((part) => (part.href
    ? html`<a href=${part.href} target="_blank" rel="noopener noreferrer nofollow">${part.text}</a>`
    : part.text));
}
