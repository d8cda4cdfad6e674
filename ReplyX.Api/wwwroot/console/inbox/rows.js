// The rows of a transcript: days, messages in groups, what happened between them, and what is on its way.
import { dayLabel, dayOf, timeLabel } from '../../ui/day.js';

// Messages of one side that follow within this are one group, with one name and one time.
const groupSpan = 3 * 60_000;

export function rowsOf({ events, pending, typing, delta, read, isLoadingOlder }, { me, locale, t }) {
  const rows = [];
  if (isLoadingOlder) rows.push({ key: 'older', kind: 'older', isFixture: true });
  let before;
  let lastOwn;
  events.forEach((event, index) => {
    if (!before || dayOf(before.timestamp) !== dayOf(event.timestamp)) {
      rows.push({ key: `day-${dayOf(event.timestamp)}`, kind: 'day', text: dayLabel(event.timestamp, locale, t), isFixture: true });
      before = undefined;
    }

    const next = events[index + 1];
    if (event.type !== 'message') {
      // A takeover asks first where nobody did: one line says both.
      const isStep = event.type === 'handoff_requested' && next?.type === 'handoff_started' && Date.parse(next.timestamp) - Date.parse(event.timestamp) < 2_000;
      if (!isStep) rows.push({ key: `s:${event.seq}`, kind: 'event', event, time: timeLabel(event.timestamp, locale) });
      before = event;
      return;
    }

    const row = {
      // The same from the moment a message is written until it comes back stored.
      key: event.client_id && event.sender === 'manager' ? `c:${event.client_id}` : `s:${event.seq}`, seq: event.seq,
      kind: 'message', side: event.sender, text: event.text, author: event.author,
      isFirst: !isGroup(before, event), isLast: !isGroup(event, next), time: timeLabel(event.timestamp, locale), timestamp: event.timestamp,
      isOwn: event.sender === 'manager' && (!event.author || event.author === me.name),
    };
    if (event.sender === 'manager') lastOwn = { row, seq: event.seq };
    rows.push(row);
    before = event;
  });

  // How far the visitor is, below the team's last message.
  if (lastOwn) lastOwn.row.state = read.user >= lastOwn.seq ? 'read' : 'sent';
  pending.forEach(({ clientId, text, state, error }) => rows.push({
    key: `c:${clientId}`, kind: 'message', side: 'manager', isOwn: true, text, state, error, clientId, isFirst: false, isLast: true,
  }));
  if (delta) rows.push({ key: 'delta', kind: 'message', side: 'assistant', text: delta.text, isFirst: true, isLast: true, isGrowing: true });
  typing.filter(({ sender }) => !(delta && sender === 'assistant'))
    .forEach(({ sender, author }) => rows.push({ key: `typing-${sender}`, kind: 'typing', side: sender, author }));
  return rows;
}

const isGroup = (a, b) => Boolean(a && b) && a.type === 'message' && b.type === 'message' && a.sender === b.sender && a.author === b.author
  && dayOf(a.timestamp) === dayOf(b.timestamp) && Date.parse(b.timestamp) - Date.parse(a.timestamp) < groupSpan;

/** The probable height of a row in px. */
export function estimateOf(row, width) {
  if (row.kind !== 'message') return row.kind === 'typing' ? 44 : 40;
  const perLine = Math.max(16, Math.min(width * 0.7, 560) / 7.5);
  return 22 + Math.ceil(row.text.length / perLine) * 22 + (row.isFirst ? 24 : 4);
}
