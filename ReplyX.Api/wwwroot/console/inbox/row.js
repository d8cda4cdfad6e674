// One row of a transcript.
import { html } from '../../ui/html.js';
import { Avatar } from '../../ui/avatar.js';
import { fullLabel } from '../../ui/day.js';
import { Icon } from '../../ui/icon.js';
import { MessageText } from '../../ui/message-text.js';
import { TypingDots } from '../../ui/typing.js';
import { locale, useText } from '../i18n.js';

/**
 * `name` is what the visitor is called, `shortName` what the initials are of: empty for who gave no name. `isAssisted` is false where
 * the site is known to have no assistant.
 */
export function Row({ row, name, shortName, isAssisted, feed }) {
  switch (row.kind) {
    case 'day': return html`<div class="row-day"><span>${row.text}</span></div>`;
    case 'event': return html`<${Step} row=${row} isAssisted=${isAssisted} />`;
    case 'older': return html`<div class="row-older"><span class="spinner" /></div>`;
    case 'typing': return html`<${Typing} row=${row} name=${name} shortName=${shortName} feed=${feed} />`;
    default: return html`<${Message} row=${row} name=${name} shortName=${shortName} isAssisted=${isAssisted} feed=${feed} />`;
  }
}

function Step({ row: { event, time }, isAssisted }) {
  const t = useText();
  const key = event.type === 'handoff_released' && isAssisted === false ? 'event.handoff_released.team' : `event.${event.type}`;
  const reason = event.reason && t(`event.reason.${event.reason}`);
  return html`
    <div class="row-event"><span>
      ${event.operator && event.type === 'handoff_started' ? t(`${key}.by`, { name: event.operator }) : t(key)}
      ${reason && reason !== `event.reason.${event.reason}` ? ` ${reason}` : ''} · <time datetime=${event.timestamp}>${time}</time>
    </span></div>`;
}

function authorOf(row, name, feed, t) {
  if (row.side === 'user') return name;
  if (row.side === 'manager') return row.isOwn ? feed.me.name : row.author ?? t('dialog.team');
  return t(row.side === 'assistant' ? 'dialog.assistant' : 'dialog.system');
}

function Message({ row, name, shortName, isAssisted, feed }) {
  const t = useText();
  // The first event is the site's welcome, whoever answers then.
  const isTeams = row.side === 'assistant' && row.seq === 1 && isAssisted === false;
  const author = isTeams ? t('dialog.welcome') : authorOf(row, name, feed, t);
  const isTeam = row.side !== 'user';
  return html`
    <div class=${`message ${row.side} ${isTeam ? 'team' : 'visitor'}${row.isOwn ? ' own' : ''}${row.isFirst ? ' first' : ''}${row.isLast ? ' last' : ''}${row.state === 'failed' ? ' failed' : ''}`}>
      ${row.isFirst && html`<p class="message-author">${author}</p>`}
      <div class="message-line">
        ${row.isLast ? html`<${Avatar} name=${row.side === 'user' ? shortName : author} id=${row.side === 'user' ? feed.id : author} bot=${!isTeams && (row.side === 'assistant' || row.side === 'system')} team=${isTeams} />` : html`<span class="avatar-space" />`}
        <div class="bubble" data-seq=${row.seq} title=${row.timestamp && fullLabel(row.timestamp, locale())}>
          ${!row.isFirst && html`<span class="sr-only">${author}: </span>`}
          <span class="bubble-text" dir="auto"><${MessageText} text=${row.text} /></span>${row.isGrowing && html`<span class="caret" aria-hidden="true" />`}
        </div>
      </div>
      ${(row.isLast || row.state) && html`<${Foot} row=${row} feed=${feed} />`}
    </div>`;
}

const stateIcons = { sending: 'clock', sent: 'check', read: 'checks', failed: 'warning' };

function Foot({ row, feed }) {
  const t = useText();
  return html`
    <div class="message-foot">
      ${row.time && html`<time datetime=${row.timestamp}>${row.time}</time>`}
      ${row.state && html`<span class=${`message-state ${row.state}`} data-state=${row.state}><${Icon} name=${stateIcons[row.state]} />${t(`message.${row.state}`)}</span>`}
      ${row.state === 'failed' && html`
        <span class="message-why">${t(reasonKey(row.error))}</span>
        <button type="button" class="link-button" onClick=${() => feed.retry(row.clientId)}>${t('message.retry')}</button>
        <button type="button" class="link-button" onClick=${() => feed.discard(row.clientId)}>${t('message.discard')}</button>`}
    </div>`;
}

function reasonKey(error) {
  return error?.code === 'handoff_active' ? 'message.why.held' : error?.code === 'message_too_big' || error?.code === 'bad_text' ? 'message.why.text' : 'message.why.other';
}

function Typing({ row, name, shortName, feed }) {
  const t = useText();
  const author = authorOf({ ...row, isOwn: false }, name, feed, t);
  return html`
    <div class=${`message typing ${row.side} first last ${row.side === 'user' ? 'visitor' : 'team'}`} data-typing=${row.side}>
      <div class="message-line">
        <${Avatar} name=${row.side === 'user' ? shortName : author} id=${row.side === 'user' ? feed.id : author} bot=${row.side === 'assistant'} />
        <div class="bubble"><${TypingDots} /><span class="sr-only">${t('dialog.types', { name: author })}</span></div>
      </div>
    </div>`;
}
