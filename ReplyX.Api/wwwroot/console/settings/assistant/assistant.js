// The assistant of each site: what it answers with, when it hands over, and a place to try it.
import { html } from '../../../ui/html.js';
import { SelectField } from '../../../ui/field.js';
import { api } from '../../api.js';
import { Link, navigate } from '../../router.js';
import { Empty, Failed, Loaded, PageHead, Section } from '../parts.js';
import { useText } from '../text.js';
import { useLoad } from '../use-load.js';
import { AssistantForm } from './form.js';

const pathOf = (id) => `/settings/assistant/${encodeURIComponent(id)}`;

export default function Assistant({ rest: [id] }) {
  const t = useText();
  const sites = useLoad(async () => (await api.get('/api/sites')).items);
  return html`
    <${PageHead} title=${t('assistant.title')} text=${t('assistant.text')} />
    <${Loaded} of=${sites}>${(items) => {
      if (items.length === 0) {
        return html`
          <${Section}>
            <${Empty} icon="bot" title=${t('assistant.no_site')} text=${t('assistant.no_site_text')}>
              <${Link} class="button" to="/settings/sites">${t('assistant.to_sites')}<//>
            <//>
          <//>`;
      }

      const site = id ? items.find((one) => one.id === decodeURIComponent(id)) : items[0];
      if (!site) return html`<${Failed} title=${t('problem.site_not_found')} />`;
      return html`
        ${items.length > 1 && html`
          <div class="site-picker">
            <${SelectField} label=${t('assistant.site')} value=${site.id} onValue=${(value) => navigate(pathOf(value))}
              options=${items.map((one) => ({ value: one.id, text: one.name }))} />
          </div>`}
        <${SiteAssistant} key=${site.id} site=${site} />`;
    }}<//>`;
}

function SiteAssistant({ site }) {
  const path = `/api/sites/${encodeURIComponent(site.id)}/assistant`;
  const loaded = useLoad(() => api.get(path), [path]);
  return html`<${Loaded} of=${loaded}>${(assistant) => html`<${AssistantForm} path=${path} assistant=${assistant} />`}<//>`;
}
