// One message, with who wrote it, when, and what became of it.
import { html } from '../ui/html.js';
import { Avatar } from '../ui/avatar.js';
import { fullLabel, timeLabel } from '../ui/day.js';
import { Icon } from '../ui/icon.js';
import { MessageText } from '../ui/message-text.js';
import { isWelcome } from './rows.js';

export function authorName(event, t, isAssisted) {
  if (event.sender === 'user') return t('who.you');
  return event.author ?? t(event.sender === 'manager' ? 'who.person' : isWelcome(event) && !isAssisted ? 'who.team' : 'who.assistant');
}

const stateIcons = { sending: 'clock', sent: 'check', read: 'checks' };

export function Bubble({ row, state, showState, texts, isAssisted, onRetry, onDiscard }) {
  const { t, dates } = texts;
  const { event, isOwn, isFirst, isLast } = row;
  const name = authorName(event, t, isAssisted);
  const isTeams = isWelcome(event) && !isAssisted;
  const isFailed = state === 'failed';
  const classes = ['message', isOwn ? 'own' : 'other', isFirst && 'first', isLast && 'last', isFailed && 'failed', row.isDraft && 'draft'];
  return html`<div class=${classes.filter(Boolean).join(' ')}>
    ${!isOwn && html`<span class="message-avatar">${isLast && html`<${Avatar} name=${event.author} id=${event.author} bot=${!isTeams && event.sender !== 'manager'} team=${isTeams} />`}</span>`}
    <div class="message-body">
      ${!isOwn && isFirst
        ? html`<span class="message-author">${name}</span>`
        : html`<span class="sr-only">${name}: </span>`}
      <div class="bubble" dir="auto"><${MessageText} text=${event.text} /></div>
      ${isFailed
        ? html`<${Failed} message=${row.pending} t=${t} onRetry=${onRetry} onDiscard=${onDiscard} />`
        : (isLast || showState) && html`<span class="message-meta">
            <time datetime=${new Date(row.at).toISOString()} title=${fullLabel(row.at, dates)}>${timeLabel(row.at, dates)}</time>
            ${showState && html`<span class="message-state" data-state=${state}>
              <${Icon} name=${stateIcons[state]} size="14" /><span>${t(`state.${state}`)}</span></span>`}
          </span>`}
    </div>
  </div>`;
}

function Failed({ message, t, onRetry, onDiscard }) {
  return html`<span class="message-meta failed-meta" role="alert">
    <span class="failed-text"><${Icon} name="warning" size="14" />${t(message.error?.mayHaveHappened ? 'state.unsure' : 'state.failed')}</span>
    <button type="button" class="text-button" onClick=${() => onRetry(message.clientId)}>${t('state.retry')}</button>
    <button type="button" class="text-button" onClick=${() => onDiscard(message.clientId)}>${t('state.discard')}</button>
  </span>`;
}
