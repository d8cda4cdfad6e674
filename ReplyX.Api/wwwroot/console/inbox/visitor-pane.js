// Who the visitor is and where. All of it was said by the visitor's browser, so it is text and nothing else.
import { html, useState } from '../../ui/html.js';
import { Avatar } from '../../ui/avatar.js';
import { write } from '../../ui/copy.js';
import { fullLabel } from '../../ui/day.js';
import { Icon } from '../../ui/icon.js';
import { useStore } from '../../ui/store.js';
import { browserOf } from '../../ui/user-agent.js';
import { locale, useLanguage, useText } from '../i18n.js';
import { nameOf } from './filters.js';
import { visitorName } from './names.js';

export function VisitorPane({ desk, feed, onBack }) {
  const t = useText();
  const language = useLanguage();
  const { view, events } = useStore(feed.state);
  const listed = useStore(desk.dialogs.state, ({ dialogs }) => dialogs.get(feed.id));
  const sites = useStore(desk.sites.state);
  const dialog = { id: feed.id, created_at: events[0]?.timestamp, ...view, ...listed };
  const { visitor, page } = dialog;
  const started = view?.started_page;
  return html`
    <aside class="visitor-pane" aria-label=${t('visitor.title')}>
      <header class="visitor-head">
        <button type="button" class="icon-button only-panel" aria-label=${t('visitor.back')} onClick=${onBack}><${Icon} name="back" /></button>
        <h2>${t('visitor.title')}</h2>
      </header>
      <div class="visitor-body">
        <div class="visitor-card">
          <${Avatar} name=${nameOf(dialog) ?? ''} id=${feed.id} />
          <div>
            <p class="visitor-name">${visitorName(dialog, t)}</p>
            ${visitor?.email
              ? html`<a class="visitor-mail" href=${`mailto:${encodeURIComponent(visitor.email).replaceAll('%40', '@')}`}>${visitor.email}</a>`
              : html`<p class="visitor-none">${t('visitor.no_email')}</p>`}
          </div>
        </div>
        <dl class="facts">
          <${Fact} name=${t('visitor.page')}><${Page} page=${page} /><//>
          ${started && pageUrl(started) !== pageUrl(page) && html`<${Fact} name=${t('visitor.started_page')}><${Page} page=${started} /><//>`}
          <${Fact} name=${t('visitor.started')}>${dialog.created_at && fullLabel(dialog.created_at, locale())}<//>
          <${Fact} name=${t('visitor.locale')}>${localeName(visitor?.locale, language)}<//>
          <${Fact} name=${t('visitor.browser')}>${view?.user_agent && html`<span title=${view.user_agent}>${browserOf(view.user_agent) ?? view.user_agent}</span>`}<//>
          <${Fact} name=${t('visitor.site')}>${sites.get(dialog.site_id)?.name ?? dialog.site_id}<//>
          <${Fact} name=${t('visitor.id')}><${Id} id=${feed.id} /><//>
        </dl>
      </div>
    </aside>`;
}

function Fact({ name, children }) {
  const t = useText();
  const isKnown = Array.isArray(children) ? children.some(Boolean) : Boolean(children);
  return html`<div class="fact"><dt>${name}</dt><dd>${isKnown ? children : html`<span class="visitor-none">${t('visitor.unknown')}</span>`}</dd></div>`;
}

const pageUrl = (page) => (typeof page === 'string' ? page : page?.url);

function Page({ page }) {
  const t = useText();
  const url = pageUrl(page);
  if (!url) return html`<span class="visitor-none">${t('visitor.unknown')}</span>`;
  const address = URL.canParse(url) ? new URL(url) : null;
  const shown = address ? address.host + (address.pathname === '/' ? '' : address.pathname) : url;
  return html`
    ${page.title && html`<span class="page-title">${page.title}</span>`}
    ${/^https?:$/u.test(address?.protocol ?? '')
      ? html`<a href=${address.href} target="_blank" rel="noopener noreferrer nofollow" title=${url}>${shown}</a>`
      : html`<span>${url}</span>`}`;
}

function Id({ id }) {
  const t = useText();
  const [isCopied, setCopied] = useState(false);
  const copy = async () => {
    await write(String(id));
    setCopied(true);
    setTimeout(() => setCopied(false), 2_000);
  };
  return html`
    <span class="visitor-id"><code>${id}</code>
      <button type="button" class="icon-button" aria-label=${t('visitor.copy')} title=${t('visitor.copy')} onClick=${copy}><${Icon} name=${isCopied ? 'check' : 'copy'} /></button>
      <span class="sr-only" role="status">${isCopied ? t('visitor.copied') : ''}</span>
    </span>`;
}

function localeName(tag, language) {
  if (!tag) return undefined;
  try {
    return new Intl.DisplayNames(language, { type: 'language' }).of(tag);
  } catch {
    return tag;
  }
}
