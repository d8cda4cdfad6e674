/**
 * Random bytes in hex. The last one is odd, since an id of zeros is none; samplers look at the others first.
 * @param {number} length
 */
function newId(length) {
  const bytes = globalThis.crypto.getRandomValues(new Uint8Array(length));
  return Array.from(bytes, (byte, i) => (i === length - 1 ? byte | 1 : byte).toString(16).padStart(2, '0')).join('');
}

/** The id of a trace. What is done once has one, however often it is tried, and the next thing another: it says nothing of the visitor. */
export const newTraceId = () => newId(16);

/**
 * The header of one attempt (W3C Trace Context, version 00). The flags are 00, since what is recorded is the server's to decide.
 * @param {string} traceId
 */
export const traceParentOf = (traceId) => `00-${traceId}-${newId(8)}-00`;
