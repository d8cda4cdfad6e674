// Whoever was invited chooses a name and a password. The secret stands behind the #, which browsers send to nobody.
import { html, useEffect, useRef, useState } from '../ui/html.js';
import { api } from './api.js';
import { Door } from './door.js';
import { useText } from './i18n.js';
import { Providers } from './providers.js';
import { Link } from './router.js';
import { signedIn } from './session.js';

const leastPassword = 8;

export function Invitation() {
  const t = useText();
  const [secret] = useState(() => location.hash.slice(1));
  const [state, setState] = useState({ status: 'looking' });
  const [values, setValues] = useState({ name: '', login: '', password: '' });
  const [errors, setErrors] = useState({});
  const [isBusy, setBusy] = useState(false);
  const form = useRef(null);

  useEffect(() => {
    document.title = `${t('invitation.title')} · ReplyX`;
  }, [t]);

  const look = async () => {
    setState({ status: 'looking' });
    try {
      const invitation = await api.open.post('/api/invitations/look', { secret });
      setValues({ name: invitation.name ?? '', login: invitation.login ?? '', password: '' });
      setState({ status: 'open', invitation });
    } catch (error) {
      setState({ status: error.isPassing ? 'unreachable' : 'gone' });
    }
  };
  useEffect(() => {
    if (secret) void look();
    else setState({ status: 'gone' });
  }, []);

  const submit = async (event) => {
    event.preventDefault();
    if (isBusy) return;
    const found = {
      ...(values.name.trim() === '' ? { name: t('invitation.no_name') } : {}),
      ...(/^\S+@\S+$/u.test(values.login.trim()) ? {} : { login: t('invitation.bad_login') }),
      ...([...values.password].length < leastPassword ? { password: t('invitation.short_password', { count: leastPassword }) } : {}),
    };
    setErrors(found);
    const first = Object.keys(found)[0];
    if (first) {
      form.current.elements[first].focus();
      return;
    }
    setBusy(true);
    try {
      const answer = await api.open.post('/api/invitations/accept', {
        secret, name: values.name.trim(), login: values.login.trim(), password: values.password,
      });
      history.replaceState(null, '', location.pathname);
      await signedIn(answer);
    } catch (error) {
      setBusy(false);
      if (error.code === 'invitation_not_found') setState({ status: 'gone' });
      else if (error.code === 'login_taken') setErrors({ login: t('invitation.login_taken') });
      else if (Object.keys(error.errors).length > 0) setErrors(error.errors);
      else setErrors({ form: t(error.isPassing ? 'problem.passing' : 'problem.unknown', { code: error.code }) });
    }
  };

  if (state.status === 'looking') return html`<${Door} title=${t('invitation.title')}><span class="spinner" /><span class="sr-only">${t('loading')}</span><//>`;
  if (state.status === 'gone') {
    return html`
      <${Door} title=${t('invitation.gone')}>
        <p class="door-note">${t('invitation.gone_note')}</p>
        <${Link} to="/sign-in" class="button">${t('invitation.to_sign_in')}<//>
      <//>`;
  }
  if (state.status === 'unreachable') {
    return html`
      <${Door} title=${t('sign_in.unreachable')}>
        <p class="door-note">${t('sign_in.unreachable_note')}</p>
        <button type="button" class="button primary" onClick=${look}>${t('retry')}</button>
      <//>`;
  }

  const field = (name, type, autocomplete, more = {}) => html`
    <div class="field">
      <label for=${name}>${t(`invitation.${name}`)}</label>
      <input class="input" id=${name} name=${name} type=${type} autocomplete=${autocomplete} value=${values[name]}
        aria-invalid=${errors[name] ? 'true' : undefined} aria-describedby=${errors[name] ? `${name}-error` : undefined}
        onInput=${(event) => setValues({ ...values, [name]: event.target.value })} ...${more} />
      ${errors[name] && html`<p class="error" id=${`${name}-error`}>${errors[name]}</p>`}
    </div>`;
  return html`
    <${Door} title=${t('invitation.join', { account: state.invitation.account_name })}>
      <p class="door-note">${t(`invitation.as.${state.invitation.role}`)}</p>
      <form class="door-form" ref=${form} onSubmit=${submit} novalidate>
        ${field('name', 'text', 'name', { maxlength: 100, autofocus: true })}
        ${field('login', 'email', 'username', { maxlength: 254, readonly: Boolean(state.invitation.login) })}
        ${field('password', 'password', 'new-password', { maxlength: 256 })}
        <p class="error-text door-problem" role="alert">${errors.form}</p>
        <button type="submit" class="button primary" aria-disabled=${isBusy}>${isBusy ? html`<span class="spinner" />` : null}${t('invitation.submit')}</button>
      </form>
      <${Providers} providers=${state.invitation.oidc} invitation=${state.invitation.invitation} />
    <//>`;
}
