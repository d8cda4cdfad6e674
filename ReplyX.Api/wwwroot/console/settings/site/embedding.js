// The code that a page of the site needs, with what is chosen for that page, and what its own policy has to allow.
import { html, useState } from '../../../ui/html.js';
import { CopyBox } from '../../../ui/copy.js';
import { Choice, SelectField } from '../../../ui/field.js';
import { api } from '../../api.js';
import { Link } from '../../router.js';
import { Icon } from '../../../ui/icon.js';
import { Loaded, Section } from '../parts.js';
import { useText } from '../text.js';
import { useLoad } from '../use-load.js';

const defaults = { type: 'floating', theme: '', position: '', locale: '' };

export function Embedding({ site }) {
  const t = useText();
  const code = useLoad(() => api.get(`/api/embed-code?site_id=${encodeURIComponent(site.id)}`), [site.id]);
  const [values, setValues] = useState(defaults);
  const set = (name) => (value) => setValues({ ...values, [name]: value });
  const select = (name, options) => html`
    <${SelectField} label=${t(`field.${name}`)} value=${values[name]} onValue=${set(name)} options=${[
      { value: '', text: t('embed.as_look') },
      ...options.map((value) => ({ value, text: t(`look.${name}.${value}`) })),
    ]} />`;
  return html`
    <${Loaded} of=${code}>${({ html: snippet }) => html`
      ${site.origins.length === 0 && html`
        <div class="notice warning boxed">
          <${Icon} name="warning" /><p>${t('embed.no_origins')} <${Link} to=${`/settings/sites/${encodeURIComponent(site.id)}/general`}>${t('embed.to_origins')}<//></p>
        </div>`}
      <${Section} title=${t('embed.title')} text=${t('embed.text')}>
        <${Choice} label=${t('embed.type')} value=${values.type} onValue=${set('type')} options=${['floating', 'embedded', 'fullscreen'].map((value) => ({
          value, text: t(`embed.type.${value}`), hint: t(`embed.type.${value}_hint`),
        }))} />
        <div class="field-triple">
          ${select('theme', ['light', 'dark'])}
          ${values.type === 'floating' && select('position', ['right', 'left'])}
          ${select('locale', ['en', 'ru'])}
        </div>
        <${CopyBox} block text=${withAttributes(snippet, values)} name=${t('embed.code')} label=${t('embed.copy')} done=${t('copy.copied')} />
      <//>
      <${Section} title=${t('embed.policy')} text=${t('embed.policy_text')}>
        <${CopyBox} block text=${policyFor(snippet)} name=${t('embed.policy')} label=${t('copy.copy')} done=${t('copy.copied')} />
      <//>`}<//>`;
}

/** The server's snippet with the attributes that differ from the site's look. */
function withAttributes(snippet, { type, theme, position, locale }) {
  const attributes = Object.entries({
    'data-type': type === defaults.type ? '' : type,
    'data-theme': theme,
    'data-position': type === 'floating' ? position : '',
    'data-locale': locale,
  }).filter(([, value]) => value).map(([name, value]) => ` ${name}="${value}"`);
  return snippet.replace('></script>', `${attributes.join('')}></script>`);
}

function policyFor(snippet) {
  const { origin } = new URL(/src="([^"]+)"/u.exec(snippet)[1]);
  return `script-src ${origin};\nframe-src ${origin};`;
}
