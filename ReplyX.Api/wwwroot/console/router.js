// Addresses below /console. A path here is without that: '/inbox/42', '/settings/team'. `params` are those of the query.
import { createStore, useStore } from '../ui/store.js';
import { html } from '../ui/html.js';

const root = '/console';
const read = () => ({
  path: location.pathname.slice(root.length).replace(/\/+$/u, '') || '/',
  params: Object.fromEntries(new URLSearchParams(location.search)),
});
const address = () => location.pathname + location.search;
const route = createStore(read());
const holds = new Set();
let shown = address();

function show(href, replace) {
  history[replace ? 'replaceState' : 'pushState'](null, '', href);
  shown = href;
  route.set(read());
}

addEventListener('popstate', () => {
  const href = address();
  const [hold] = holds;
  if (hold && href !== shown) {
    // The browser has left already: it is put back until that is decided.
    history.pushState(null, '', shown);
    hold(() => show(href, true));
    return;
  }
  shown = href;
  route.set(read());
});

/** Keeps the page until `ask(leave)` calls `leave`, as where something is not saved. Answers how to end that. */
export function holdBack(ask) {
  holds.add(ask);
  return () => holds.delete(ask);
}

export const useRoute = () => useStore(route);
export const currentRoute = () => route.get();
export const hrefOf = (path) => root + path;

/** Goes to a path, which may have a query. `replace` leaves no step back. */
export function navigate(path, { replace = false } = {}) {
  const href = hrefOf(path);
  if (href === address()) return;
  const [hold] = holds;
  if (hold) hold(() => show(href, replace));
  else show(href, replace);
}

/** A link within the console. `current` marks it as the place where one is. */
export function Link({ to, current = false, children, ...rest }) {
  const go = (event) => {
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    navigate(to);
  };
  return html`<a href=${hrefOf(to)} aria-current=${current ? 'page' : undefined} onClick=${go} ...${rest}>${children}</a>`;
}
