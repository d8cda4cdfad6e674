// Sites: the list, and one site by its tabs.
import { html, useState } from '../../../ui/html.js';
import { TextField } from '../../../ui/field.js';
import { Icon } from '../../../ui/icon.js';
import { Tabs } from '../../../ui/tabs.js';
import { toast } from '../../../ui/toast.js';
import { api } from '../../api.js';
import { hrefOf, Link, navigate } from '../../router.js';
import { Dialog } from '../dialog.js';
import { Empty, Failed, Loaded, PageHead, Section } from '../parts.js';
import { problemText, useText } from '../text.js';
import { useLoad } from '../use-load.js';
import { Deletion } from './deletion.js';
import { Embedding } from './embedding.js';
import { General } from './general.js';
import { Look } from './look.js';
import { originProblem } from './origins.js';
import { Swatch } from './swatch.js';
import { Token } from './token.js';

const tabs = { general: General, look: Look, embed: Embedding, token: Token, delete: Deletion };
const pathOf = (site, tab) => `/settings/sites/${encodeURIComponent(site.id)}/${tab}`;

export default function Sites({ rest: [id, tab = 'general'] }) {
  return id ? html`<${Site} key=${id} id=${decodeURIComponent(id)} tab=${tab} />` : html`<${List} />`;
}

function List() {
  const t = useText();
  const sites = useLoad(() => api.get('/api/sites'));
  const [making, setMaking] = useState(false);
  const make = html`
    <button type="button" class="button primary" onClick=${() => setMaking(true)}><${Icon} name="plus" size="18" />${t('sites.new')}</button>`;
  return html`
    <${PageHead} title=${t('sites.title')} text=${t('sites.text')}>${make}<//>
    <${Loaded} of=${sites}>${({ items }) => html`
      <${Section} rows>
        ${items.length === 0
          ? html`<${Empty} icon="globe" title=${t('sites.none')} text=${t('sites.none_text')} />`
          : html`
            <ul class="row-list">
              ${items.map((site) => html`
                <li key=${site.id}>
                  <${Link} to=${pathOf(site, 'general')} class="list-row row-link">
                    <${Swatch} color=${site.look?.color} />
                    <span class="row-texts">
                      <span class="row-name">${site.name}</span>
                      <span class="row-note">${site.origins.length > 0 ? site.origins.join(', ') : t('sites.no_origins')}</span>
                    </span>
                    <${Icon} name="down" size="18" />
                  <//>
                </li>`)}
            </ul>`}
      <//>`}<//>
    ${making && html`<${NewSite} onClose=${() => setMaking(false)} />`}`;
}

function NewSite({ onClose }) {
  const t = useText();
  const [values, setValues] = useState({ name: '', origin: '' });
  const [errors, setErrors] = useState({});
  const [busy, setBusy] = useState(false);
  const set = (name) => (value) => {
    setValues({ ...values, [name]: value });
    setErrors({});
  };
  const make = async () => {
    const [name, origin] = [values.name.trim(), values.origin.trim()];
    const wrong = origin && originProblem(origin);
    if (!name || wrong) {
      setErrors({ ...(name ? {} : { name: t('field.needed') }), ...(wrong && { origins: t(`origin.${wrong}`) }) });
      return;
    }

    setBusy(true);
    try {
      const site = await api.post('/api/sites', { name, origins: origin ? [origin] : [] });
      toast(t('sites.made', { name: site.name }));
      navigate(pathOf(site, 'look'));
    } catch (error) {
      setBusy(false);
      setErrors(Object.keys(error.errors ?? {}).length > 0 ? error.errors : { name: problemText(t, error) });
    }
  };
  return html`
    <${Dialog} title=${t('sites.new')} submit=${t('sites.make')} busy=${busy} onClose=${onClose} onSubmit=${make}>
      <${TextField} label=${t('field.name')} hint=${t('site.name_hint')} autofocus maxlength="100" autocomplete="off"
        value=${values.name} onValue=${set('name')} error=${errors.name} />
      <${TextField} label=${t('sites.first_origin')} optional=${t('field.optional')} hint=${t('sites.first_origin_hint')} placeholder="https://shop.example"
        inputmode="url" autocomplete="off" spellcheck=${false} value=${values.origin} onValue=${set('origin')} error=${errors.origins} />
    <//>`;
}

function Site({ id, tab }) {
  const t = useText();
  const loaded = useLoad(() => api.get(`/api/sites/${encodeURIComponent(id)}`), [id]);
  const Body = tabs[tab];
  return html`
    <${Link} to="/settings/sites" class="crumb"><${Icon} name="back" size="16" />${t('sites.title')}<//>
    <${Loaded} of=${loaded}>${(site) => html`
      <${PageHead} title=${site.name} swatch=${html`<${Swatch} color=${site.look?.color} />`} />
      <${Tabs} label=${t('site.tabs', { name: site.name })} onFollow=${(href) => navigate(href.slice(hrefOf('').length))}
        items=${Object.keys(tabs).map((name) => ({ href: hrefOf(pathOf(site, name)), text: t(`site.tab.${name}`), current: name === tab }))} />
      ${Body
        ? html`<${Body} key=${tab} site=${site} onSaved=${loaded.setData} />`
        : html`<${Failed} title=${t('error.no_page')} />`}`}<//>`;
}
