// There is no chat to show: a page that says so, instead of an empty one.
import { html } from '../ui/html.js';
import { Icon } from '../ui/icon.js';

export function NoChat({ reason, t }) {
  return html`<main class="no-chat">
    <span class="no-chat-picture"><${Icon} name="chat" size="40" /></span>
    <h1>${t('error.title')}</h1>
    <p>${t(`error.${reason}`)}</p>
  </main>`;
}
