// Addresses below /console. A path here is without that: '/inbox/42', '/settings/team'. `params` are those of the query.
import { createStore, useStore } from '../ui/store.js';
import { html } from '../ui/html.js';

const root = '/console';
const read = () => ({
  path: location.pathname.slice(root.length).replace(/\/+$/u, '') || '/',
  params: Object.fromEntries(new URLSearchParams(location.search)),
});
const route = createStore(read());
addEventListener('popstate', () => route.set(read()));

export const useRoute = () => useStore(route);
export const currentRoute = () => route.get();
export const hrefOf = (path) => root + path;

/** Goes to a path, which may have a query. `replace` leaves no step back. */
export function navigate(path, { replace = false } = {}) {
  const href = hrefOf(path);
  if (href === location.pathname + location.search) return;
  history[replace ? 'replaceState' : 'pushState'](null, '', href);
  route.set(read());
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
