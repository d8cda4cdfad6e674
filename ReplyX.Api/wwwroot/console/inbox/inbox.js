import { html } from '../../ui/html.js';
import { useText } from '../i18n.js';

export function Inbox() {
  const t = useText();
  return html`<main class="empty"><h1>${t('shell.inbox')}</h1></main>`;
}
