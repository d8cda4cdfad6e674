// What stands in the conversation, row by row. Pure: the same state gives the same rows.
import { dayOf } from '../ui/day.js';

// Messages of one author within this time belong together.
const together = 5 * 60_000;

export const isMessage = (event) => event.type === 'message' && event.sender !== 'system';

/** The dialog's first event is the site's welcome, whoever answers then. */
export const isWelcome = (event) => event.seq === 1 && event.sender === 'assistant';

/** The key stays the same from the moment a message is written until it comes back stored. */
export const keyOf = (event) => (event.client_id ? `c:${event.client_id}` : `s:${event.seq}`);

const authorOf = (event) => `${event.sender}:${event.author ?? ''}`;

/**
 * Rows of the stored events.
 * @param events In order.
 * @param unreadFrom The first event that is new to the visitor; 0 for none.
 */
export function storedRows(events, unreadFrom = 0) {
  const rows = [];
  let before;
  for (const event of events) {
    const at = Date.parse(event.timestamp);
    const day = dayOf(at);
    if (before?.day !== day) rows.push({ key: `day:${day}:${event.seq}`, kind: 'day', at });
    const isFirstUnread = unreadFrom > 0 && event.seq >= unreadFrom && !((before?.seq ?? 0) >= unreadFrom);
    if (isFirstUnread) rows.push({ key: 'unread', kind: 'unread' });

    const row = isMessage(event)
      ? { key: keyOf(event), kind: 'message', event, at, isOwn: event.sender === 'user', isFirst: true, isLast: true }
      : { key: `s:${event.seq}`, kind: 'system', event, at };
    const last = rows.at(-1);
    if (row.kind === 'message' && last?.kind === 'message' && authorOf(last.event) === authorOf(event) && at - last.at < together) {
      row.isFirst = last.isLast = false;
    }

    rows.push(row);
    before = { day, seq: event.seq };
  }

  return rows;
}

/** Rows of what is not stored yet, behind the stored ones. */
export function pendingRows(pending, stored) {
  let last = stored.at(-1);
  return pending.map((message) => {
    const row = {
      key: `c:${message.clientId}`, kind: 'message', isOwn: true, isFirst: true, isLast: true, at: message.at, pending: message,
      event: { type: 'message', sender: 'user', text: message.text, client_id: message.clientId },
    };
    if (last?.kind === 'message' && last.isOwn && row.at - last.at < together) row.isFirst = false;
    last = row;
    return row;
  });
}
