// Tabs that are pages of their own: each has an address, so that it is a link and not a tab of ARIA.
import { html, useLayoutEffect, useRef } from './html.js';

/** `items`: [{href, text, current}]; `onFollow(href)` goes there without loading the page anew. */
export function Tabs({ label, items, onFollow }) {
  const list = useRef(null);
  const current = items.findIndex((item) => item.current);
  // On a phone the row scrolls: what is open must be in sight.
  useLayoutEffect(() => {
    const row = list.current;
    const tab = row?.children[current];
    if (tab) row.scrollLeft = tab.offsetLeft - (row.clientWidth - tab.clientWidth) / 2;
  }, [current]);

  const follow = (event, href) => {
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    onFollow(href);
  };
  return html`
    <nav class="tabs" aria-label=${label}>
      <ul ref=${list}>
        ${items.map((item) => html`
          <li key=${item.href}>
            <a href=${item.href} aria-current=${item.current ? 'page' : null} onClick=${(event) => follow(event, item.href)}>${item.text}</a>
          </li>`)}
      </ul>
    </nav>`;
}
