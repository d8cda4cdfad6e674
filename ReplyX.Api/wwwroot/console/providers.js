// The providers that people sign in by, below a form: each is a page of somebody else's, which comes back to the console.
import { html } from '../ui/html.js';
import { Icon } from '../ui/icon.js';
import { useText } from './i18n.js';

export function Providers({ providers, invitation, onLeave }) {
  const t = useText();
  if (providers.length === 0) return null;
  const goTo = (id) => {
    onLeave?.();
    const query = invitation ? `?${new URLSearchParams({ invitation })}` : '';
    location.assign(`/api/operator/oidc/${encodeURIComponent(id)}/start${query}`);
  };
  return html`
    <div class="door-or"><span>${t('sign_in.or')}</span></div>
    <div class="door-providers">
      ${providers.map(({ id, name }) => html`
        <button key=${id} type="button" class="button" onClick=${() => goTo(id)}><${Icon} name="key" />${t('sign_in.with', { name })}</button>`)}
    </div>`;
}
