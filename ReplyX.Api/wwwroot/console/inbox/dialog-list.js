// The list of dialogs: search, filters, and the rows.
import { html, useCallback, useEffect, useRef, useState } from '../../ui/html.js';
import { Icon } from '../../ui/icon.js';
import { useStore } from '../../ui/store.js';
import { VirtualList } from '../../ui/virtual-list.js';
import { useText } from '../i18n.js';
import { AlertsMenu } from './alerts-menu.js';
import { DialogRow } from './dialog-row.js';
import { filters, matches } from './filters.js';
import { haveAssistant } from './sites.js';

const searchPause = 250;

export function DialogList({ desk, selected, active, onActive, onOpen, onHelp }) {
  const t = useText();
  const { connection, isLoaded, isLoading, error, view, shown, dialogs } = useStore(desk.dialogs.state);
  const sites = useStore(desk.sites.state);
  const counts = countsOf(dialogs, desk.me, sites);
  const renderRow = useCallback(({ dialog }) => html`<${DialogRow} dialog=${dialog} me=${desk.me} sites=${sites} />`, [desk, sites]);
  // An account without an assistant has nothing to see there.
  const offered = filters.filter((filter) => filter !== 'assistant' || view.filter === filter || haveAssistant(sites) !== false);
  return html`
    <section class="list-pane" aria-label=${t('list.title')}>
      <header class="list-head">
        <h2>${t('list.title')}</h2>
        <button type="button" class="icon-button only-wide" aria-label=${t('help.title')} title=${t('help.title')} onClick=${onHelp}><${Icon} name="keyboard" /></button>
        <${AlertsMenu} />
      </header>
      <${Search} desk=${desk} />
      <div class="list-filters" role="group" aria-label=${t('list.filters')}>
        ${offered.map((filter) => html`
          <button key=${filter} type="button" class="chip" aria-pressed=${view.filter === filter} onClick=${() => desk.dialogs.show({ filter })}>
            ${t(`list.filter.${filter}`)}${counts[filter] > 0 && html`<span class="chip-count">${counts[filter]}</span>`}
          </button>`)}
        ${sites.size > 1 && html`
          <select class="chip chip-select" aria-label=${t('list.site')} value=${view.siteId} onChange=${(event) => desk.dialogs.show({ siteId: event.target.value })}>
            <option value="">${t('list.all_sites')}</option>
            ${[...sites.values()].map(({ id, name }) => html`<option key=${id} value=${id}>${name}</option>`)}
          </select>`}
      </div>
      <${Connection} state=${connection} />
      ${shown.length > 0
        ? html`<${VirtualList} id="dialogs" label=${t('list.title')} rowHeight=${5.5} items=${shown.map((dialog) => ({ key: dialog.id, dialog }))}
            active=${active} selected=${selected} renderRow=${renderRow} onActive=${onActive} onChoose=${onOpen} onNearEnd=${() => desk.dialogs.loadMore()} />`
        : html`<${Empty} isLoading=${!isLoaded && !error} error=${error} view=${view} desk=${desk} />`}
      <p class="sr-only" role="status">${isLoaded && !isLoading ? t('list.count', { count: shown.length }) : ''}</p>
    </section>`;
}

function countsOf(dialogs, me, sites) {
  const count = (filter) => [...dialogs.values()].filter((dialog) => matches(dialog, { filter, query: '', siteId: '' }, me, sites)).length;
  return { waiting: count('waiting'), mine: count('mine') };
}

function Search({ desk }) {
  const t = useText();
  const [query, setQuery] = useState(desk.dialogs.state.get().view.query);
  const timer = useRef(null);
  const show = (value, wait = searchPause) => {
    setQuery(value);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => desk.dialogs.show({ query: value }), wait);
  };
  useEffect(() => () => clearTimeout(timer.current), []);
  return html`
    <div class="search" role="search">
      <${Icon} name="search" />
      <input class="input" id="search" type="search" aria-label=${t('list.search')} placeholder=${t('list.search')} autocomplete="off" spellcheck=${false} maxlength="100"
        value=${query} onInput=${(event) => show(event.target.value)}
        onKeyDown=${(event) => {
          if (event.key === 'Escape') {
            event.stopPropagation();
            if (query) show('', 0);
            else event.target.blur();
          } else if (event.key === 'ArrowDown') {
            event.preventDefault();
            document.getElementById('dialogs')?.focus();
          }
        }} />
      ${query && html`<button type="button" class="icon-button" aria-label=${t('list.search_clear')} onClick=${() => { show('', 0); document.getElementById('search').focus(); }}><${Icon} name="close" /></button>`}
    </div>`;
}

function Connection({ state }) {
  const t = useText();
  // A moment's loss is nobody's concern; the notice comes when it lasts.
  const [isLong, setLong] = useState(false);
  const isLost = state === 'reconnecting' || state === 'ended';
  useEffect(() => {
    if (!isLost) {
      setLong(false);
      return undefined;
    }
    const timer = setTimeout(() => setLong(true), 1_500);
    return () => clearTimeout(timer);
  }, [isLost]);
  return html`<div role="status" data-connection=${state}>${isLost && isLong && html`<p class="notice warning"><${Icon} name="offline" />${t('list.reconnecting')}</p>`}</div>`;
}

function Empty({ isLoading, error, view, desk }) {
  const t = useText();
  if (isLoading) {
    return html`<div class="list-loading" aria-busy="true">${[1, 2, 3, 4, 5].map((key) => html`<div key=${key} class="list-bar"><span class="skeleton round" /><span class="skeleton" /><span class="skeleton short" /></div>`)}</div>`;
  }
  if (error) {
    return html`<div class="empty"><p>${t('problem.passing')}</p><button type="button" class="button" onClick=${() => desk.dialogs.retry()}>${t('retry')}</button></div>`;
  }
  const key = view.query.trim() ? 'list.nothing_found' : `list.empty.${view.filter}`;
  return html`<div class="empty"><span class="empty-picture"><${Icon} name=${view.query ? 'search' : 'inbox'} size="32" /></span><p>${t(key)}</p></div>`;
}
