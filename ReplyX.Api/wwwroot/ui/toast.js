// What has just happened, in a word, for some seconds. It is read out, and never the only place that says it.
import { html } from './html.js';
import { createStore, useStore } from './store.js';

const shown = 6_000;
const most = 3;
const toasts = createStore([]);
let last = 0;

/** `kind`: 'note' or 'danger'. */
export function toast(text, { kind = 'note' } = {}) {
  const id = ++last;
  toasts.set((items) => [...items.slice(1 - most), { id, text, kind }]);
  setTimeout(() => toasts.set((items) => items.filter((item) => item.id !== id)), shown);
}

export function Toasts() {
  const items = useStore(toasts);
  return html`
    <div class="toasts" role="status" aria-live="polite">
      ${items.map((item) => html`
        <div key=${item.id} class=${`toast ${item.kind}`}>${item.text}</div>`)}
    </div>`;
}
