/** @import { Page, Visitor } from '../index.js' */
import { ReplyXError } from './problems.js';

const longestName = 100;
const longestEmail = 254;
const longestUrl = 2_000;
const longestTitle = 500;

/** @typedef {'visitor' | 'page'} Topic */

/**
 * What the page says of its visitor, and which of it the server does not know yet. It is kept for as long as the page lives: a dialog
 * that begins later is told, too.
 */
export class VisitorNote {
  #locale;
  /** @type {Partial<Record<Topic, object>>} */
  #known = {};
  /** @type {Set<Topic>} */
  #untold = new Set();

  /** @param {string | undefined} locale */
  constructor(locale) {
    this.#locale = locale;
  }

  /** The members of a start. */
  get members() {
    return { ...this.#known, ...(this.#locale === undefined ? {} : { locale: this.#locale }) };
  }

  /** What is still to be told, topic by topic. */
  get untold() {
    return [...this.#untold].map((topic) => ({ topic, details: /** @type {object} */ (this.#known[topic]) }));
  }

  /**
   * @param {Topic} topic
   * @param {object} details
   */
  set(topic, details) {
    const known = this.#known[topic];
    const next = topic === 'visitor' ? { ...known, ...details } : details;
    if (JSON.stringify(known) !== JSON.stringify(next)) {
      this.#known[topic] = next;
      this.#untold.add(topic);
    }
  }

  /**
   * The server knows it now, unless it changed meanwhile.
   * @param {Topic} topic
   * @param {unknown} details
   */
  told(topic, details) {
    if (this.#known[topic] === details) {
      this.#untold.delete(topic);
    }
  }

  /**
   * The server does not want it, or all there is.
   * @param {Topic} [topic]
   */
  forget(topic) {
    for (const each of topic === undefined ? /** @type {Topic[]} */ (['visitor', 'page']) : [topic]) {
      delete this.#known[each];
      this.#untold.delete(each);
    }

    if (topic === undefined) {
      this.#locale = undefined;
    }
  }
}

/**
 * @param {Visitor} visitor
 * @returns {Visitor} As the server takes it.
 * @throws {ReplyXError}
 */
export function checkedVisitor({ name, email }) {
  /** @type {Visitor} */
  const visitor = {};
  if (name !== undefined) visitor.name = oneLine(name);
  if (email !== undefined) visitor.email = oneLine(email);
  if ((visitor.name?.length ?? 0) > longestName) {
    throw new ReplyXError('bad_visitor', `A name has at most ${longestName} characters.`, { field: 'name' });
  }

  if (visitor.email && (visitor.email.length > longestEmail || !/^[^\s@]+@[^\s@]+$/u.test(visitor.email))) {
    throw new ReplyXError('bad_visitor', 'That is no e-mail address.', { field: 'email' });
  }

  return visitor;
}

/**
 * @param {Page} page
 * @returns {Page | undefined} As the server takes it; undefined for a page that nobody else can open, such as a file.
 */
export function checkedPage({ url, title, referrer }) {
  const address = webAddress(url);
  if (address === undefined) {
    return undefined;
  }

  /** @type {Page} */
  const page = { url: address };
  const heading = title === undefined ? '' : oneLine(title);
  if (heading !== '') page.title = heading.length > longestTitle ? `${wellFormed(heading.slice(0, longestTitle - 1))}…` : heading;
  const from = referrer ? webAddress(referrer) : undefined;
  if (from !== undefined) page.referrer = from;
  return page;
}

/**
 * What stands before the @ and behind the # is the page's own business. Where the rest is too long, so is the query.
 * @param {string} text
 */
function webAddress(text) {
  let url;
  try {
    url = new URL(text);
  } catch {
    return undefined;
  }

  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    return undefined;
  }

  url.username = url.password = url.hash = '';
  if (url.href.length > longestUrl) url.search = '';
  return url.href.length > longestUrl ? undefined : url.href;
}

/** @param {string} text */
const oneLine = (text) => wellFormed(String(text).replace(/[\p{Cc}\u2028\u2029\u202A-\u202E\u2066-\u2069]+/gu, ' ').trim());

/**
 * Without the halves of surrogate pairs that stand alone.
 * @param {string} text
 */
const wellFormed = (text) => text.replace(/\p{Cs}/gu, '');
