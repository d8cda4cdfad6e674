// What happened in the conversation that nobody said.
import { html } from '../ui/html.js';
import { timeLabel } from '../ui/day.js';

export function systemText(event, isAssisted, t) {
  const name = event.operator;
  const next = isAssisted ? '' : '.team';
  switch (event.type) {
    case 'handoff_requested':
      if (event.reason === 'operator') return undefined; // Somebody is about to join, and says so next.
      return t(event.reason && event.reason !== 'requested' ? 'system.requestedFailed' : 'system.requested');
    case 'handoff_started': return name ? t('system.started', { name }) : t('system.startedNobody');
    case 'handoff_released': return name ? t(`system.released${next}`, { name }) : t(`system.releasedNobody${next}`);
    case 'handoff_cancelled': return t('system.cancelled');
    case 'message': return event.text;
    default: return undefined; // Of a newer server: this page has no words for it.
  }
}

export function SystemLine({ row, texts, isAssisted }) {
  const text = systemText(row.event, isAssisted, texts.t);
  return text && html`<p class="system-line" dir="auto">${text} · <time datetime=${row.event.timestamp}>${timeLabel(row.at, texts.dates)}</time></p>`;
}
