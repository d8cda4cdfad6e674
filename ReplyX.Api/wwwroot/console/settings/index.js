// Settings: the list of pages on the left, the chosen one beside it. Each page is a module of its own, loaded when it is opened.
import { html, useEffect, useState } from '../../ui/html.js';
import { Icon } from '../../ui/icon.js';
import { useId } from '../../ui/ids.js';
import { loadStylesheet } from '../../ui/stylesheet.js';
import { addTexts } from '../i18n.js';
import { Link, useRoute } from '../router.js';
import { isOwner, useSession } from '../session.js';
import { Questions } from './confirm.js';
import { Failed, OwnersOnly, Skeleton } from './parts.js';
import { loadTexts, useText } from './text.js';

const root = '/settings';

// Nothing of settings is shown before its texts and styles are there.
await Promise.all([
  addTexts(loadTexts),
  ...['../../ui/form.css', './settings.css'].map((file) => loadStylesheet(new URL(file, import.meta.url))),
]);

const groups = [
  { title: 'nav.you', pages: ['profile'] },
  { title: 'nav.group', pages: ['account', 'team', 'sites', 'assistant', 'quick-replies', 'audit'] },
];

const pages = {
  profile: { icon: 'person', load: () => import('./profile.js') },
  account: { icon: 'home', owners: true, load: () => import('./account.js') },
  team: { icon: 'people', owners: true, load: () => import('./team/team.js') },
  sites: { icon: 'globe', owners: true, load: () => import('./site/sites.js') },
  assistant: { icon: 'bot', owners: true, load: () => import('./assistant/assistant.js') },
  'quick-replies': { icon: 'bolt', load: () => import('./quick-replies.js') },
  audit: { icon: 'clock', owners: true, load: () => import('./audit/audit.js') },
};

export default function Settings() {
  const t = useText();
  const { path } = useRoute();
  const { me } = useSession();

  // Without a page a phone shows the list alone, and a desk the list and the first page.
  const [chosen, ...rest] = path.slice(root.length).split('/').filter(Boolean);
  const name = chosen ?? 'profile';
  return html`
    <main class=${chosen ? 'settings' : 'settings at-list'}>
      <nav class="settings-nav" aria-label=${t('nav.label')}>
        ${chosen ? html`<p class="settings-title">${t('nav.label')}</p>` : html`<h1 class="settings-title">${t('nav.label')}</h1>`}
        ${groups.map((group) => html`<${Group} key=${group.title} ...${group} current=${name} owner=${isOwner(me)} />`)}
      </nav>
      <div class="settings-page">
        ${chosen && html`<${Link} class="settings-back" to=${root}><${Icon} name="back" size="18" />${t('nav.label')}<//>`}
        <${Page} key=${name} name=${name} rest=${rest} owner=${isOwner(me)} />
      </div>
      <${Questions} />
    </main>`;
}

function Group({ title, pages: names, current, owner }) {
  const t = useText();
  const id = useId('group');
  return html`
    <p class="nav-group" id=${id}>${t(title)}</p>
    <ul aria-labelledby=${id}>
      ${names.filter((name) => owner || !pages[name].owners).map((name) => html`
        <li key=${name}>
          <${Link} to=${`${root}/${name}`} current=${name === current} class=${name === current ? 'here' : ''}>
            <${Icon} name=${pages[name].icon} size="18" /><span>${t(`nav.${name}`)}</span><${Icon} name="down" size="16" />
          <//>
        </li>`)}
    </ul>`;
}

function Page({ name, rest, owner }) {
  const t = useText();
  const [state, setState] = useState({});
  const [tries, setTries] = useState(0);
  const page = pages[name];
  const allowed = page && (owner || !page.owners);
  useEffect(() => {
    if (!allowed) return undefined;
    let here = true;
    setState({});
    page.load().then(
      (module) => here && setState({ Body: module.default }),
      () => here && setState({ failed: true }));
    return () => { here = false; };
  }, [name, allowed, tries]);

  if (!page) return html`<${Failed} title=${t('error.no_page')} />`;
  if (!allowed) return html`<${OwnersOnly} />`;
  if (state.failed) return html`<${Failed} title=${t('error.load')} onRetry=${() => setTries(tries + 1)} />`;
  return state.Body ? html`<${state.Body} rest=${rest} />` : html`<${Skeleton} />`;
}
