// What the chat page and the page that embeds it tell each other (docs/widget.md, "Between the two pages").
// The browser has checked who may frame this page; here it is checked that it is the frame's parent that speaks, and always the same origin.
export const version = 1;

export class Host {
  #parent;
  #own;
  #handlers;
  /** @type {string | undefined} The embedding page's origin, once it has spoken. */
  #origin;

  /**
   * @param {Window | null} parent Null where the chat stands by itself.
   * @param {Record<string, (message: any, origin: string) => void>} handlers What to do by the message's type.
   */
  constructor(parent, handlers, own = window) {
    this.#parent = parent;
    this.#handlers = handlers;
    this.#own = own;
    if (parent) {
      own.addEventListener('message', (event) => this.#hear(event));
      // Whoever framed us may know that we are here; who that is, is not known yet.
      parent.postMessage({ replyx: version, type: 'hello' }, '*');
    }
  }

  get isEmbedded() {
    return this.#parent !== null;
  }

  get origin() {
    return this.#origin;
  }

  tell(type, content = {}) {
    if (this.#origin !== undefined) this.#parent.postMessage({ replyx: version, type, ...content }, this.#origin);
  }

  #hear({ source, origin, data }) {
    if (source !== this.#parent || data?.replyx !== version || (this.#origin !== undefined && origin !== this.#origin)) return;
    // A page of no origin (a sandbox, a file) could be any.
    if (origin === 'null' || typeof data.type !== 'string' || !Object.hasOwn(this.#handlers, data.type)) return;
    this.#origin = origin;
    this.#handlers[data.type](data, origin);
  }
}
