// What has just happened, in a word, for some seconds. It is read out, and never the only place that says it.
import { html } from './html.js';
import { createStore, useStore } from './store.js';

const shown = 6_000;
const most = 3;
const toasts = createStore([]);
let last = 0;

/** `kind`: 'note' or 'danger'. `action`: `{label, run}`. */
export function toast(text, { kind = 'note', action } = {}) {
  const id = ++last;
  toasts.set((items) => [...items.slice(1 - most), { id, text, kind, action }]);
  setTimeout(() => dismiss(id), shown);
}

const dismiss = (id) => toasts.set((items) => items.filter((item) => item.id !== id));

export function Toasts() {
  const items = useStore(toasts);
  return html`
    <div class="toasts" role="status" aria-live="polite">
      ${items.map((item) => html`
        <div key=${item.id} class=${`toast ${item.kind}`}>
          <span>${item.text}</span>
          ${item.action && html`<button type="button" onClick=${() => { dismiss(item.id); item.action.run(); }}>${item.action.label}</button>`}
        </div>`)}
    </div>`;
}
