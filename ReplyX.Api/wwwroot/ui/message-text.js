// A message's text, with its links made safe: they open elsewhere, tell nobody where they were clicked, and read the same whatever stands
// before them.
import { html, useMemo } from './html.js';
import { linkParts } from './links.js';

export function MessageText({ text }) {
  const parts = useMemo(() => linkParts(text), [text]);
  return parts.map((part) => (part.href
    ? html`<a href=${part.href} target="_blank" rel="noopener noreferrer nofollow"><bdi>${part.text}</bdi></a>`
    : part.text));
}
