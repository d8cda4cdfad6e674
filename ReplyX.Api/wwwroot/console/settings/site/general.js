// A site's name, its welcome, and where its chat may be embedded.
import { html } from '../../../ui/html.js';
import { Switch, TextField } from '../../../ui/field.js';
import { useForm } from '../../../ui/form.js';
import { toast } from '../../../ui/toast.js';
import { api } from '../../api.js';
import { Form, Section } from '../parts.js';
import { problemText, useText } from '../text.js';
import { originErrors, Origins, plainOrigins } from './origins.js';

const longestName = 100;
const longestWelcome = 2_000;

const toValues = ({ name, welcome, origins, direct_client: direct }) => ({ name, welcome, origins, direct_client: direct });

export function General({ site, onSaved }) {
  const t = useText();
  const path = `/api/sites/${encodeURIComponent(site.id)}`;
  const form = useForm({
    initial: toValues(site),
    check: ({ name, welcome, origins }) => {
      const wrong = originErrors(t, origins);
      return {
        ...(name.trim() ? {} : { name: t('field.needed') }),
        ...(welcome.length > longestWelcome && { welcome: t('field.too_long', { count: longestWelcome }) }),
        ...(wrong && { origins: wrong }),
      };
    },
    fresh: async () => toValues(await api.get(path)),
    save: async (changes) => {
      const saved = await api.patch(path, {
        ...changes,
        ...('name' in changes && { name: changes.name.trim() }),
        ...('origins' in changes && { origins: plainOrigins(changes.origins) }),
      });
      onSaved(saved);
      return toValues(saved);
    },
    onSaved: () => toast(t('form.saved')),
    onFailed: (error) => toast(problemText(t, error), { kind: 'danger' }),
  });
  return html`
    <${Form} form=${form} label=${t('site.tab.general')}>
      <${Section} title=${t('site.basics')}>
        <${TextField} label=${t('field.name')} hint=${t('site.name_hint')} maxlength=${longestName} ...${form.text('name')} />
        <${TextField} label=${t('field.welcome')} hint=${t('site.welcome_hint')} rows="3" max=${longestWelcome} ...${form.text('welcome')} />
      <//>
      <${Section} title=${t('site.where')} text=${t('site.where_text')}>
        <${Origins} origins=${form.values.origins} errors=${form.errors.origins} onValue=${(value) => form.set('origins', value)} />
        <${Switch} label=${t('field.direct_client')} hint=${t('site.direct_hint')} checked=${form.values.direct_client}
          onValue=${(value) => form.set('direct_client', value)} />
      <//>
    <//>`;
}
