// The rail with the parts of the console, and the part that the address names.
import { html, useEffect, useState } from '../ui/html.js';
import { Icon } from '../ui/icon.js';
import { useText } from './i18n.js';
import { useAlerts } from './inbox/alerts.js';
import { currentDesk } from './inbox/desk.js';
import { Inbox } from './inbox/inbox.js';
import { OwnMenu } from './own-menu.js';
import { Link, useRoute } from './router.js';
import { Status } from './status/status.js';

const parts = [
  { name: 'inbox', icon: 'inbox' },
  { name: 'status', icon: 'pulse' },
  { name: 'settings', icon: 'settings' },
];

export function Shell() {
  const t = useText();
  const { path } = useRoute();
  const [, part, id] = path.split('/');
  useAlerts(currentDesk(), part === 'inbox' ? Number(id) : null, t(parts.some(({ name }) => name === part) ? `shell.${part}` : 'shell.not_found'));
  return html`
    <div class="shell">
      <a class="skip" href="#main">${t('shell.skip')}</a>
      <nav class="rail" aria-label=${t('shell.nav')}>
        <${Link} to="/inbox" class="mark" aria-label="ReplyX"><${Icon} name="mark" size="28" /><//>
        ${parts.map(({ name, icon }) => html`
          <${Link} key=${name} to=${`/${name}`} current=${part === name} class="rail-item">
            <${Icon} name=${icon} /><span>${t(`shell.${name}`)}</span>
          <//>`)}
        <span class="rail-space" />
        <${OwnMenu} />
      </nav>
      <div class="part" id="main" tabindex="-1"><${Part} name=${part} /></div>
    </div>`;
}

function Part({ name }) {
  switch (name) {
    case 'inbox': return html`<${Inbox} />`;
    case 'status': return html`<${Status} />`;
    case 'settings': return html`<${Later} load=${() => import('./settings/index.js')} />`;
    default: return html`<${NotFound} />`;
  }
}

/** A part that is loaded when it is wanted. Its module's default is the component. */
function Later({ load }) {
  const t = useText();
  const [state, setState] = useState({});
  const get = () => load().then((module) => setState({ Part: module.default }), (error) => setState({ error }));
  useEffect(() => void get(), []);
  if (state.Part) return html`<${state.Part} />`;
  if (state.error) {
    // A new version of the server has other files: only a reload finds them.
    return html`<main class="empty"><p>${t('shell.part_failed')}</p><button class="button" onClick=${() => location.reload()}>${t('shell.reload')}</button></main>`;
  }
  return html`<main class="waiting" aria-busy="true"><span class="spinner" /><span class="sr-only">${t('loading')}</span></main>`;
}

function NotFound() {
  const t = useText();
  return html`<main class="empty"><h1>${t('shell.not_found')}</h1><${Link} to="/inbox" class="button">${t('shell.to_inbox')}<//></main>`;
}
