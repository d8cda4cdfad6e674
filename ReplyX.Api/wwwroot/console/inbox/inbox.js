// The inbox: the list, the dialog that the address names, and who the visitor is. On a phone one of the three at a time.
import { html, useCallback, useEffect, useMemo, useRef, useState } from '../../ui/html.js';
import { useStore } from '../../ui/store.js';
import { Icon } from '../../ui/icon.js';
import { useText } from '../i18n.js';
import { navigate, useRoute } from '../router.js';
import { currentDesk } from './desk.js';
import { DialogList } from './dialog-list.js';
import { DialogPane } from './dialog-pane.js';
import { Help } from './help.js';
import { useShortcuts } from './shortcuts.js';
import { VisitorPane } from './visitor-pane.js';

export function Inbox() {
  const t = useText();
  const { path } = useRoute();
  const desk = currentDesk();
  const [, , name, third] = path.split('/');
  const id = /^\d{1,16}$/u.test(name ?? '') ? Number(name) : null;
  const isVisitor = id !== null && third === 'visitor';
  // Opening a tab tells others, so not amid rendering.
  const [feed, setFeed] = useState(null);
  useEffect(() => setFeed(id === null ? null : desk.feed(id)), [desk, id]);
  // Who comes from Settings may have changed them there.
  useEffect(() => { void desk.sites.load(); }, [desk]);
  // The row that the arrows are at. Keys may come faster than the page is drawn, so they go by the reference.
  const [active, showActive] = useState(id);
  const at = useRef(id);
  const setActive = useCallback((key) => {
    at.current = key;
    showActive(key);
  }, []);
  useEffect(() => { if (id !== null) setActive(id); }, [id]);
  const [isHelp, setHelp] = useState(false);

  const actions = useMemo(() => ({
    open: (to) => navigate(`/inbox/${to}`),
    openActive: () => at.current !== null && navigate(`/inbox/${at.current}`),
    leave: () => navigate('/inbox'),
    closeTab(which) {
      const next = desk.closeTab(which);
      if (which === id) navigate(next === null ? '/inbox' : `/inbox/${next}`, { replace: true });
    },
    move(by) {
      const { shown } = desk.dialogs.state.get();
      const from = shown.findIndex((dialog) => dialog.id === at.current);
      const next = shown[Math.max(0, Math.min(shown.length - 1, from + by))];
      if (next) setActive(next.id);
    },
    moveTab(by) {
      const tabs = desk.tabs.get();
      const next = tabs[(tabs.indexOf(id) + by + tabs.length) % tabs.length];
      if (next !== undefined) navigate(`/inbox/${next}`);
    },
  }), [desk, id]);

  useShortcuts({ actions, id, feed, showHelp: () => setHelp(true) });

  const view = isVisitor ? 'visitor' : id === null ? 'list' : 'dialog';
  return html`
    <main class=${`inbox shows-${view}`}>
      <h1 class="sr-only">${t('shell.inbox')}</h1>
      <${DialogList} desk=${desk} selected=${id} active=${active} onActive=${setActive} onOpen=${actions.open} onHelp=${() => setHelp(true)} />
      <section class="dialog-pane" aria-label=${t('inbox.dialog')}>
        ${id !== null && feed?.id === id
          ? html`<${DialogPane} key=${id} desk=${desk} feed=${feed} actions=${actions} />`
          : html`<${Nothing} desk=${desk} />`}
      </section>
      ${id !== null && feed?.id === id && html`<${VisitorPane} key=${id} desk=${desk} feed=${feed} onBack=${() => navigate(`/inbox/${id}`)} />`}
      ${isHelp && html`<${Help} onClose=${() => setHelp(false)} />`}
    </main>`;
}

function Nothing({ desk }) {
  const t = useText();
  const isEmpty = useStore(desk.dialogs.state, ({ isLoaded, dialogs, view }) => isLoaded && dialogs.size === 0 && view.query === '' && view.filter === 'all');
  return html`
    <div class="empty">
      <span class="empty-picture"><${Icon} name="chat" size="40" /></span>
      <p>${t(isEmpty ? 'inbox.first' : 'inbox.choose')}</p>
      <p class="empty-hint">${t('inbox.hint')} <kbd>?</kbd></p>
    </div>`;
}
