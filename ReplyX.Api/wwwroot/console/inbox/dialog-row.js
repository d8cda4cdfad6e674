// One dialog in the list.
import { html } from '../../ui/html.js';
import { Avatar } from '../../ui/avatar.js';
import { dayOf, timeLabel } from '../../ui/day.js';
import { Icon } from '../../ui/icon.js';
import { clockOf, useNow } from '../../ui/now.js';
import { isHeldBy } from '../dialog-feed.js';
import { locale, useText } from '../i18n.js';
import { holderOf, isAssistants, nameOf } from './filters.js';
import { visitorName } from './names.js';
import { hasAssistant } from './sites.js';

export function DialogRow({ dialog, me, sites }) {
  const t = useText();
  const { last, unread = 0, waiting_since: waitingSince } = dialog;
  const site = sites.size > 1 ? sites.get(dialog.site_id)?.name : undefined;
  const holder = holderOf(dialog);
  const name = visitorName(dialog, t);
  const isMine = isHeldBy(me, holder);
  return html`
    <div class=${unread > 0 ? 'dialog-row unread' : 'dialog-row'}>
      <${Avatar} name=${nameOf(dialog) ?? ''} id=${dialog.id} />
      <div class="dialog-row-text">
        <div class="dialog-row-line">
          <span class="dialog-row-name">${name}</span>
          <time class="dialog-row-time" datetime=${last?.timestamp ?? dialog.created_at}>${shortTime(last?.timestamp ?? dialog.created_at)}</time>
        </div>
        <div class="dialog-row-line">
          <span class="dialog-row-preview">${previewOf(last, hasAssistant(sites, dialog.site_id), t)}</span>
          ${unread > 0 && html`<span class="badge accent" aria-label=${t('list.unread', { count: unread })}>${unread > 99 ? '99+' : unread}</span>`}
        </div>
        <div class="dialog-row-line dialog-row-tags">
          ${waitingSince
            ? html`<${Waiting} since=${waitingSince} />`
            : isAssistants(dialog, sites) && html`<span class="tag"><${Icon} name="bot" />${t('list.assistant')}</span>`}
          ${holder && html`<span class=${isMine ? 'tag own' : 'tag'}><${Icon} name="person" />${isMine ? t('list.you') : holder.name}</span>`}
          ${site && html`<span class="tag site">${site}</span>`}
        </div>
      </div>
    </div>`;
}

function Waiting({ since }) {
  const t = useText();
  const now = useNow();
  const clock = clockOf(now - Date.parse(since));
  return html`<span class="tag waiting"><${Icon} name="clock" /><span class="sr-only">${t('list.waiting')} </span><span class="digits">${clock}</span></span>`;
}

function previewOf(last, isAssisted, t) {
  if (!last) return '';
  if (last.event === 'handoff_released' && isAssisted === false) return t('event.handoff_released.team');
  if (last.event !== 'message') return t(`event.short.${last.event}`);
  if (last.sender === 'manager') return t('list.preview.team', { text: last.preview });
  return last.sender === 'assistant' ? t('list.preview.assistant', { text: last.preview }) : last.preview;
}

function shortTime(time) {
  if (dayOf(time) === dayOf(Date.now())) return timeLabel(time, locale());
  return new Intl.DateTimeFormat(locale(), { day: 'numeric', month: 'short' }).format(new Date(time));
}
