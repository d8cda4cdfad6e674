import { ReplyXError } from './problems.js';

/** Printable ASCII without the space. */
const clientIds = /^[!-~]{1,64}$/;

/**
 * Why a message need not be sent at all. How long a text may be is the server's to say.
 * @param {string} text
 * @param {string} clientId
 * @returns {ReplyXError | undefined}
 */
export function refusalOf(text, clientId) {
  if (!clientIds.test(clientId)) {
    return new ReplyXError('bad_client_id', 'A key is 1 to 64 characters of printable ASCII without spaces.');
  }

  if (text.trim() === '') {
    return new ReplyXError('bad_text', 'There is nothing in it.');
  }

  return isWellFormed(text) ? undefined : new ReplyXError('malformed_text', 'Half of a surrogate pair stands alone.');
}

/**
 * Whether UTF-8 can encode it: where half of a surrogate pair stands alone, the text would arrive changed.
 * @param {string} text
 */
function isWellFormed(text) {
  try {
    encodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

/** 128 random bits: pages that are not served over TLS have no `randomUUID`. */
export function newClientId() {
  const bytes = globalThis.crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
