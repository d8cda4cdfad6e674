import { ReplyXError } from './problems.js';

export const closeCodes = Object.freeze({ normal: 1000, abnormal: 1006, tooBig: 1009, tokenExpired: 4001 });

/** @type {Record<number, [code: string, message: string]>} */
const final = {
  1000: ['closed_by_server', 'The server closed the chat.'],
  4002: ['authentication_failed', 'The server refused the token.'],
  4003: ['origin_refused', 'This page may not open the chat.'],
  4004: ['dialog_not_found', 'There is no such dialog, for this visitor.'],
};

/**
 * Why a code ends the connection for good. After any other one, those not listed included, it is opened again.
 * @param {number} code
 * @returns {ReplyXError | undefined}
 */
export function finalError(code) {
  const reason = final[code];
  return reason && new ReplyXError(reason[0], reason[1], { closeCode: code });
}
