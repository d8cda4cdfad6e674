// Sign-in by password, or by a provider of the operator's own.
import { html, useEffect, useRef, useState } from '../ui/html.js';
import { api } from './api.js';
import { Door } from './door.js';
import { text, useText } from './i18n.js';
import { Providers } from './providers.js';
import { currentRoute } from './router.js';
import { rememberWay, start, useSession } from './session.js';

export function SignIn() {
  const t = useText();
  const { signIn, reason } = useSession();
  const [login, setLogin] = useState('');
  const [password, setPassword] = useState('');
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState(() => problemOfAddress());
  const [providers, setProviders] = useState([]);
  const fields = useRef(null);

  useEffect(() => {
    document.title = `${t('sign_in.title')} · ReplyX`;
  }, [t]);
  useEffect(() => {
    // A server without providers, or in trouble, has the form.
    api.open.get('/api/operator/oidc').then((answer) => setProviders(answer.providers ?? []), () => {});
  }, []);

  const submit = async (event) => {
    event.preventDefault();
    if (isBusy) return;
    const empty = login.trim() === '' ? 'login' : password === '' ? 'password' : null;
    if (empty) {
      setProblem({ key: `sign_in.no_${empty}`, field: empty });
      fields.current.elements[empty].focus();
      return;
    }
    setBusy(true);
    setProblem(null);
    try {
      await signIn(login.trim(), password);
    } catch (error) {
      setBusy(false);
      setProblem({ ...explain(error), field: error.code === 'sign_in_failed' ? 'password' : null });
      fields.current.elements.password.select();
    }
  };

  const remember = () => {
    const { path } = currentRoute();
    rememberWay(path === '/sign-in' || path === '/' ? '/inbox' : path);
  };

  if (reason === 'unreachable') {
    return html`
      <${Door} title=${t('sign_in.unreachable')}>
        <p class="door-note">${t('sign_in.unreachable_note')}</p>
        <button type="button" class="button primary" onClick=${start}>${t('retry')}</button>
      <//>`;
  }

  const invalid = (field) => (problem?.field === field ? { 'aria-invalid': 'true', 'aria-describedby': 'sign-in-problem' } : {});
  return html`
    <${Door} title=${t('sign_in.title')}>
      ${reason === 'lost' && html`<p class="notice warning door-notice">${t('sign_in.lost')}</p>`}
      <form class="door-form" ref=${fields} onSubmit=${submit} novalidate>
        <div class="field">
          <label for="login">${t('sign_in.login')}</label>
          <input class="input" id="login" name="login" type="email" autocomplete="username" autocapitalize="off" spellcheck=${false} maxlength="254" autofocus
            value=${login} onInput=${(event) => setLogin(event.target.value)} ...${invalid('login')} />
        </div>
        <div class="field">
          <label for="password">${t('sign_in.password')}</label>
          <input class="input" id="password" name="password" type="password" autocomplete="current-password" maxlength="256"
            value=${password} onInput=${(event) => setPassword(event.target.value)} ...${invalid('password')} />
        </div>
        <p class="error-text door-problem" id="sign-in-problem" role="alert">${problem && t(problem.key, problem.values)}</p>
        <button type="submit" class="button primary" aria-disabled=${isBusy}>${isBusy ? html`<span class="spinner" />` : null}${t('sign_in.submit')}</button>
      </form>
      <${Providers} providers=${providers} onLeave=${remember} />
    <//>`;
}

function explain(error) {
  switch (error.code) {
    case 'sign_in_failed': return { key: 'sign_in.failed' };
    case 'rate_limited': return { key: 'sign_in.too_often', values: { count: Math.ceil((error.retryAfterMs ?? 60_000) / 1000) } };
    default: return { key: error.isPassing ? 'problem.passing' : 'problem.unknown', values: { code: error.code } };
  }
}

// What a provider's sign-in came to stands behind the #, where no server sees it.
function problemOfAddress() {
  const code = new URLSearchParams(location.hash.slice(1)).get('error');
  if (!code) return null;
  history.replaceState(null, '', location.pathname);
  const key = `sign_in.oidc.${code}`;
  return { key: text(key) === key ? 'sign_in.oidc.other' : key };
}
