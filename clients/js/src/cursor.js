/**
 * A place in a dialog's log: the number of an event and the nonce that the log gave it. The nonce tells the event from another one
 * that got the same number after a log was lost and grew again.
 * @typedef {{ readonly seq: number, readonly nonce: string, readonly text: string }} Cursor
 */

const form = /^(\d{1,16})-([0-9A-Za-z]{1,64})$/;

/**
 * Reads the wire form, such as `12-9f3c`.
 * @param {unknown} text
 * @returns {Cursor | undefined}
 */
export function parseCursor(text) {
  const parts = typeof text === 'string' ? form.exec(text) : null;
  const seq = Number(parts?.[1]);
  return parts && Number.isSafeInteger(seq) ? { seq, nonce: /** @type {string} */ (parts[2]), text: parts[0] } : undefined;
}
