import { html } from '../../ui/html.js';
import { useText } from '../i18n.js';

export function Status() {
  const t = useText();
  return html`<main class="empty"><h1>${t('shell.status')}</h1></main>`;
}
