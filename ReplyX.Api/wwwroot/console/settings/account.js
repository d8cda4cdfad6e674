// The account: its name, and how long what was written is kept.
import { html } from '../../ui/html.js';
import { Choice, TextField } from '../../ui/field.js';
import { useForm } from '../../ui/form.js';
import { toast } from '../../ui/toast.js';
import { api } from '../api.js';
import { updateMe, useSession } from '../session.js';
import { ask } from './confirm.js';
import { Form, Loaded, PageHead, Section } from './parts.js';
import { problemText, useDates, useText } from './text.js';
import { useLoad } from './use-load.js';

const longestName = 100;
const day = 86_400_000;
const mostDays = 36_500;
const suggestedDays = '365';

const toValues = ({ name, retention_days: days }) => ({ name, keep: days ? 'days' : 'forever', days: days ? String(days) : suggestedDays });
const daysOf = ({ keep, days }) => (keep === 'days' ? Number(days) : null);
const load = () => api.get('/api/account');

export default function Account() {
  const t = useText();
  const account = useLoad(load);
  return html`
    <${PageHead} title=${t('account.title')} text=${t('account.text')} />
    <${Loaded} of=${account}>${(data) => html`<${AccountForm} account=${data} onStored=${account.setData} />`}<//>`;
}

function AccountForm({ account, onStored }) {
  const t = useText();
  const dates = useDates();
  const { me } = useSession();
  const form = useForm({
    initial: toValues(account),
    check: ({ name, keep, days }) => ({
      ...(name.trim() ? {} : { name: t('field.needed') }),
      ...(keep === 'days' && !(/^\d+$/u.test(days) && Number(days) >= 1 && Number(days) <= mostDays) && { days: t('account.days_wrong', { most: mostDays }) }),
    }),
    fresh: async () => toValues(await load()),
    save: async (changes, values) => {
      const body = { ...('name' in changes && { name: values.name.trim() }) };
      if ('keep' in changes || 'days' in changes) body.retention_days = daysOf(values);
      const saved = await api.patch('/api/account', body);
      updateMe({ account: { ...me.account, name: saved.name } });
      onStored(saved);
      return toValues(saved);
    },
    errorsOf: ({ errors = {} }) => ({ ...errors, ...('retention_days' in errors && { days: errors.retention_days }) }),
    onSaved: () => toast(t('form.saved')),
    onFailed: (error) => toast(problemText(t, error), { kind: 'danger' }),
  });

  const days = daysOf(form.values);
  const before = account.retention_days;
  const submit = async (event) => {
    event.preventDefault();
    // What is deleted does not come back.
    const shorter = days && ('keep' in form.changes || 'days' in form.changes) && !form.errors.days && (!before || days < before);
    if (shorter && !(await ask({
      title: t('account.shorter'), text: t('account.shorter_text', { day: dates.day(Date.now() - days * day) }),
      yes: t('account.shorter_yes'), danger: true,
    }))) return;
    form.submit();
  };
  return html`
    <${Form} form=${{ ...form, submit }} label=${t('account.title')}>
      <${Section} title=${t('account.general')}>
        <${TextField} label=${t('field.name')} hint=${t('account.name_hint')} maxlength=${longestName} ...${form.text('name')} />
      <//>
      <${Section} title=${t('account.retention')} text=${t('account.retention_text')}>
        <${Choice} label=${t('account.keep')} value=${form.values.keep} onValue=${(value) => form.set('keep', value)} options=${[
          { value: 'forever', text: t('account.forever'), hint: t('account.forever_hint') },
          { value: 'days', text: t('account.limited'), hint: t('account.limited_hint') },
        ]} />
        ${form.values.keep === 'days' && html`
          <div class="short-field">
            <${TextField} label=${t('account.days')} inputmode="numeric" maxlength="5" ...${form.text('days')} />
          </div>
          ${!form.errors.days && days >= 1 && days <= mostDays && html`
            <p class="explain">${t('account.explain', { count: days, day: dates.day(Date.now() - days * day) })}</p>`}`}
      <//>
    <//>`;
}
