// Answers that were written before. A slash at the beginning opens them; what follows it looks for a shortcut, or a word of the text.
import { html, useEffect, useLayoutEffect, useMemo, useRef, useState } from '../../ui/html.js';
import { useText } from '../i18n.js';
import { api } from '../api.js';

const freshFor = 10_000;
const mostShown = 50;
let loaded = { at: -Infinity, items: [] };

async function load() {
  if (Date.now() - loaded.at > freshFor) {
    const { items } = await api.get('/api/quick-replies');
    loaded = { at: Date.now(), items };
  }
  return loaded.items;
}

/** @param value The composer's text. @param put Puts another text there. */
export function useQuickReplies(value, put) {
  const [items, setItems] = useState(null);
  const [at, setAt] = useState(0);
  const [dismissed, setDismissed] = useState(null);
  const query = /^\/([^\n]{0,60})$/u.exec(value)?.[1] ?? null;
  const isOpen = query !== null && value !== dismissed;

  useEffect(() => {
    if (!isOpen) return;
    load().then(setItems, () => setItems([]));
  }, [isOpen]);
  useEffect(() => setAt(0), [query]);

  const found = useMemo(() => (query === null ? [] : search(items ?? [], query)), [items, query]);
  const choose = (item) => put(item.text);
  const onKey = (event) => {
    if (!isOpen) return false;
    if (event.key === 'Escape') setDismissed(value);
    else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') setAt((at + (event.key === 'ArrowDown' ? 1 : -1) + found.length) % Math.max(1, found.length));
    else if ((event.key === 'Enter' || event.key === 'Tab') && found[at]) choose(found[at]);
    else return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  };
  const attributes = isOpen
    ? { 'aria-autocomplete': 'list', ...(found[at] ? { 'aria-controls': 'quick-replies', 'aria-activedescendant': `quick-reply-${at}` } : {}) }
    : {};
  // A slash that finds nothing is a text like others, and may be sent.
  return { isOpen: isOpen && (items === null || found.length > 0 || query === ''), isLoading: items === null, found, at, query, setAt, choose, onKey, attributes };
}

function search(items, query) {
  const wanted = query.trim().toLocaleLowerCase();
  const rank = ({ shortcut, text }) => {
    const [short, long] = [shortcut.toLocaleLowerCase().replace(/^\//u, ''), text.toLocaleLowerCase()];
    return short.startsWith(wanted) ? 0 : short.includes(wanted) ? 1 : long.includes(wanted) ? 2 : 3;
  };
  return items.map((item) => [rank(item), item]).filter(([order]) => order < 3).sort(([a], [b]) => a - b).slice(0, mostShown).map(([, item]) => item);
}

export function QuickReplies({ replies: { isOpen, isLoading, found, at, query, setAt, choose } }) {
  const t = useText();
  const list = useRef(null);
  useLayoutEffect(() => list.current?.children[at]?.scrollIntoView({ block: 'nearest' }), [at]);
  if (!isOpen) return null;
  return html`
    <div class="quick-replies card">
      <p class="quick-head">${t('quick.title')}</p>
      ${found.length === 0 && html`<p class="quick-empty" role="status">${t(isLoading ? 'loading' : query ? 'quick.none' : 'quick.empty')}</p>`}
      ${found.length > 0 && html`
        <div role="listbox" id="quick-replies" aria-label=${t('quick.title')} ref=${list}>
          ${found.map((item, index) => html`
            <div key=${item.shortcut} id=${`quick-reply-${index}`} role="option" aria-selected=${index === at} class=${index === at ? 'quick-reply active' : 'quick-reply'}
              onPointerMove=${() => { if (index !== at) setAt(index); }} onPointerDown=${(event) => { event.preventDefault(); choose(item); }}>
              <kbd>/${item.shortcut.replace(/^\//u, '')}</kbd><span>${item.text}</span>
            </div>`)}
        </div>`}
    </div>`;
}
