// One's own page: name, password, sessions, and how the console looks and tells of news in this browser.
import { html } from '../../ui/html.js';
import { Avatar } from '../../ui/avatar.js';
import { Choice, SelectField, TextField } from '../../ui/field.js';
import { useForm } from '../../ui/form.js';
import { useStore } from '../../ui/store.js';
import { setTheme, theme, themes } from '../../ui/theme.js';
import { toast } from '../../ui/toast.js';
import { api } from '../api.js';
import { languageNames, languages, setLanguage, useLanguage } from '../i18n.js';
import { signedIn, signOut, updateMe, useSession } from '../session.js';
import { ask } from './confirm.js';
import { Notifications } from './notifications.js';
import { Form, PageHead, Section } from './parts.js';
import { problemText, useText } from './text.js';

const longestName = 100;
const shortestPassword = 8;
const longestPassword = 256;

export default function Profile() {
  const t = useText();
  const { me } = useSession();
  return html`
    <${PageHead} title=${t('profile.title')} text=${t('profile.text')} />
    <${Person} me=${me} />
    <${Appearance} />
    <${Notifications} />
    <${Password} me=${me} />
    <${Sessions} />`;
}

function Person({ me }) {
  const t = useText();
  const form = useForm({
    initial: { name: me.name },
    check: ({ name }) => (name.trim() ? {} : { name: t('field.needed') }),
    save: async ({ name }) => {
      const saved = await api.patch(`/api/operators/${encodeURIComponent(me.id)}`, { name: name.trim() });
      updateMe({ name: saved.name });
      return { name: saved.name };
    },
    onSaved: () => toast(t('form.saved')),
    onFailed: (error) => toast(problemText(t, error), { kind: 'danger' }),
  });
  return html`
    <${Form} form=${form} label=${t('profile.person')}>
      <${Section} title=${t('profile.person')}>
        <div class="person-row">
          <${Avatar} name=${form.values.name} id=${me.id} />
          <div>
            <p class="row-name">${me.login}</p>
            <p class="row-note">${t(`role.${me.role}`)} · ${me.account.name}</p>
          </div>
        </div>
        <${TextField} label=${t('field.name')} hint=${t('profile.name_hint')} autocomplete="name" maxlength=${longestName} ...${form.text('name')} />
      <//>
    <//>`;
}

function Appearance() {
  const t = useText();
  const language = useLanguage();
  const chosen = useStore(theme);
  return html`
    <${Section} title=${t('profile.appearance')} text=${t('profile.here')}>
      <div class="field-pair">
        <${SelectField} label=${t('profile.language')} value=${language} onValue=${(value) => setLanguage(value)}
          options=${languages.map((value) => ({ value, text: languageNames[value] }))} />
        <${Choice} label=${t('profile.theme')} value=${chosen} onValue=${setTheme}
          options=${themes.map((value) => ({ value, text: t(`theme.${value}`) }))} />
      </div>
    <//>`;
}

function Password({ me }) {
  const t = useText();
  const form = useForm({
    initial: { current: '', new: '' },
    check: (values) => passwordErrors(t, values, me.login),
    save: async (_, values) => {
      await signedIn(await api.post('/api/operator/password', values));
      return { current: '', new: '' };
    },
    errorsOf: (error) => (error.code === 'password_wrong' ? { current: t('problem.password_wrong') } : error.errors ?? {}),
    onSaved: () => toast(t('password.changed')),
    onFailed: (error) => toast(problemText(t, error), { kind: 'danger' }),
  });
  return html`
    <${Form} form=${form} label=${t('password.title')}>
      <${Section} title=${t('password.title')} text=${t('password.text')}>
        <input class="sr-only" type="text" autocomplete="username" value=${me.login} tabindex="-1" aria-hidden="true" readOnly />
        <div class="field-pair">
          <${TextField} label=${t('password.current')} type="password" autocomplete="current-password" ...${form.text('current')} />
          <${TextField} label=${t('password.new')} type="password" autocomplete="new-password" hint=${t('password.hint', { count: shortestPassword })}
            ...${form.text('new')} />
        </div>
      <//>
    <//>`;
}

function passwordErrors(t, values, login) {
  const errors = {};
  if (!values.current) errors.current = t('field.needed');
  if (values.new.length < shortestPassword) errors.new = t('password.short', { count: shortestPassword });
  else if (values.new.length > longestPassword) errors.new = t('password.long', { count: longestPassword });
  else if (values.new.toLowerCase() === login.toLowerCase()) errors.new = t('password.login');
  else if (values.new === values.current) errors.new = t('password.same');
  return errors;
}

function Sessions() {
  const t = useText();
  const leave = async () => {
    const sure = await ask({
      title: t('sessions.ask'), text: t('sessions.ask_text'), yes: t('sessions.everywhere'), danger: true,
    });
    if (!sure) return;
    try {
      await api.post('/api/operator/sign-out-everywhere');
      // This browser's session is over too: what is left is to forget it.
      await signOut().catch(() => {});
    } catch (error) {
      toast(problemText(t, error), { kind: 'danger' });
    }
  };
  return html`
    <${Section} title=${t('sessions.title')} text=${t('sessions.text')}
      actions=${html`<button type="button" class="button danger" onClick=${leave}>${t('sessions.everywhere')}</button>`} />`;
}
