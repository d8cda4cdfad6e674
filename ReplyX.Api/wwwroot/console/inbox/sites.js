// The account's sites, as the inbox needs them: what they are called, and whether an assistant answers there.
import { createStore } from '../../ui/store.js';
import { api } from '../api.js';

const unknown = new Map();

export class Sites {
  /** The sites by their ids. */
  state = createStore(unknown);
  #asking;
  #met = new Set();

  /** Asks for them; again whenever somebody may have changed them. What is known stays until the answer is there. */
  load() {
    this.#asking ??= api.get('/api/sites')
      .then(({ items }) => this.state.set(new Map(items.map((site) => [site.id, site]))), () => {})
      .finally(() => { this.#asking = undefined; });
    return this.#asking;
  }

  /** A dialog is of this site. One that is not known is asked for once: a site may be gone, and its dialogs stay. */
  meet(id) {
    const sites = this.state.get();
    if (sites === unknown || sites.has(id) || this.#met.has(id)) return;
    this.#met.add(id);
    void this.load();
  }
}

/** Whether an assistant answers on a site; undefined as long as that is not known. */
export const hasAssistant = (sites, id) => (sites === unknown ? undefined : sites.get(id)?.assistant_enabled ?? false);

/** Whether one answers on any site; undefined as long as that is not known. */
export const haveAssistant = (sites) => (sites === unknown ? undefined : [...sites.values()].some((site) => site.assistant_enabled));
