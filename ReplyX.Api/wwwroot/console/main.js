// The console's first module: who is signed in decides between the sign-in page and the shell.
import { html, render, useEffect } from '../ui/html.js';
import { Toasts } from '../ui/toast.js';
import { preferredLanguage, setLanguage, useText } from './i18n.js';
import { Invitation } from './invitation.js';
import { navigate, useRoute } from './router.js';
import { start, takeWayBack, useSession } from './session.js';
import { Shell } from './shell.js';
import { SignIn } from './sign-in.js';

function Console() {
  const t = useText();
  const { status } = useSession();
  const { path } = useRoute();
  // Whoever is in may accept an invitation too, and is somebody else then.
  const isInvited = path === '/invitation' && (status !== 'in' || location.hash.length > 1);
  const isDoor = !isInvited && ['/', '/sign-in', '/invitation'].includes(path);

  useEffect(() => {
    if (status === 'in' && isDoor) navigate(takeWayBack() ?? '/inbox', { replace: true });
  }, [status, isDoor]);

  if (isInvited) return html`<${Invitation} />`;
  if (status === 'unknown') return html`<main class="waiting" aria-busy="true"><span class="spinner" /><span class="sr-only">${t('loading')}</span></main>`;
  if (status === 'out') return html`<${SignIn} />`;
  return isDoor ? null : html`<${Shell} />`;
}

await setLanguage(preferredLanguage(), { keep: false });
render(html`<${Console} /><${Toasts} />`, document.getElementById('app'));
void start();
