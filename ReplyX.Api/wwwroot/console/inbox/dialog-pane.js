// An open dialog: tabs, head, what was said, and the composer.
import { html, useCallback, useEffect, useMemo, useRef, useState } from '../../ui/html.js';
import { Icon } from '../../ui/icon.js';
import { useStore } from '../../ui/store.js';
import { Transcript } from '../../ui/transcript.js';
import { Link } from '../router.js';
import { locale, useLanguage, useText } from '../i18n.js';
import { Composer } from './composer.js';
import { DialogHead } from './dialog-head.js';
import { DialogTabs } from './dialog-tabs.js';
import { nameOf } from './filters.js';
import { visitorName } from './names.js';
import { Row } from './row.js';
import { estimateOf, rowsOf } from './rows.js';
import { hasAssistant } from './sites.js';

export function DialogPane({ desk, feed, actions }) {
  const t = useText();
  const language = useLanguage();
  const state = useStore(feed.state);
  const listed = useStore(desk.dialogs.state, ({ dialogs }) => dialogs.get(feed.id));
  const dialog = useDialog(feed.id, listed, state);
  const isAssisted = useStore(desk.sites.state, (sites) => hasAssistant(sites, dialog.site_id));
  const [atEnd, setAtEnd] = useState(true);
  const control = useRef(null);
  const name = visitorName(dialog, t);
  useRead(desk, feed, state, atEnd);

  const rows = useMemo(() => rowsOf(state, { me: feed.me, locale: locale(), t }), [state.events, state.pending, state.typing, state.delta, state.read, state.isLoadingOlder, language]);
  const renderRow = useCallback((row) => html`<${Row} row=${row} name=${name} shortName=${nameOf(dialog) ?? ''} isAssisted=${isAssisted} feed=${feed} />`, [feed, name, isAssisted]);

  return html`
    <${DialogTabs} desk=${desk} id=${feed.id} actions=${actions} />
    <${DialogHead} dialog=${dialog} isAssisted=${isAssisted} feed=${feed} state=${state} actions=${actions} />
    ${state.isGone
      ? html`<div class="empty"><p>${t('dialog.gone')}</p><${Link} to="/inbox" class="button">${t('shell.to_inbox')}<//></div>`
      : html`
        <div class="dialog-body">
          ${state.isLoaded
            ? html`<${Transcript} rows=${rows} renderRow=${renderRow} estimate=${estimateOf} label=${t('dialog.transcript', { name })}
                onNearTop=${() => feed.loadOlder()} onEnd=${setAtEnd} control=${control} />`
            : html`<div class="dialog-loading" aria-busy="true">${[1, 2, 3].map((key) => html`<span key=${key} class="skeleton" />`)}</div>`}
          ${!atEnd && html`
            <button type="button" class="button small to-end" onClick=${() => control.current.toEnd()}><${Icon} name="down" />${t('dialog.to_end')}</button>`}
        </div>
        <${Announce} events=${state.events} name=${name} />
        <${Connection} state=${state} />
        <${Composer} desk=${desk} feed=${feed} state=${state} dialog=${dialog} />`}`;
}

/** What list, dialog and socket know, the newest of each. */
function useDialog(id, listed, { view, handoff, holder, events }) {
  return useMemo(() => ({
    id,
    created_at: events[0]?.timestamp,
    ...view,
    ...listed,
    ...(view ? { user_agent: view.user_agent, started_page: view.started_page } : {}),
    ...(handoff === null ? {} : { handoff, operator: holder?.name ?? null, operator_id: holder?.id }),
  }), [id, listed, view, handoff, holder]);
}

/** What is in sight is read. */
function useRead(desk, feed, { events, connection }, atEnd) {
  const last = events.at(-1)?.seq;
  useEffect(() => {
    const mark = () => {
      if (!atEnd || last === undefined || document.visibilityState !== 'visible' || !document.hasFocus()) return;
      feed.markRead();
      desk.dialogs.markRead(feed.id);
    };
    mark();
    addEventListener('focus', mark);
    document.addEventListener('visibilitychange', mark);
    return () => {
      removeEventListener('focus', mark);
      document.removeEventListener('visibilitychange', mark);
    };
  }, [feed, last, atEnd, connection]);
}

/** Reads out what others write, and not the history. */
function Announce({ events, name }) {
  const t = useText();
  const from = useRef(null);
  const last = events.at(-1);
  from.current ??= last?.seq ?? null;
  const isNews = last && last.seq > (from.current ?? 0) && last.type === 'message' && last.sender !== 'manager';
  return html`<p class="sr-only" role="status">${isNews ? t('dialog.says', { name: last.sender === 'user' ? name : t('dialog.assistant'), text: last.text }) : ''}</p>`;
}

function Connection({ state: { connection, error, isLoaded } }) {
  const t = useText();
  const isLost = isLoaded && (connection === 'reconnecting' || connection === 'ended');
  const [isLong, setLong] = useState(false);
  useEffect(() => {
    const timer = isLost ? setTimeout(() => setLong(true), 1_500) : (setLong(false), undefined);
    return () => clearTimeout(timer);
  }, [isLost]);
  return html`
    <div role="status" class="dialog-connection" data-connection=${connection}>
      ${isLost && isLong && html`<p class="notice warning"><${Icon} name="offline" />${t(error ? 'dialog.ended' : 'dialog.reconnecting')}</p>`}
    </div>`;
}
