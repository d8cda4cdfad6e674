// The card of the pages before the console: sign-in, invitation.
import { html } from '../ui/html.js';
import { Icon } from '../ui/icon.js';
import { languageNames, languages, setLanguage, useLanguage, useText } from './i18n.js';

export function Door({ title, children }) {
  const t = useText();
  const language = useLanguage();
  return html`
    <main class="door">
      <div class="door-card card">
        <span class="door-mark"><${Icon} name="mark" size="40" /></span>
        <h1>${title}</h1>
        ${children}
      </div>
      <div class="door-languages" role="group" aria-label=${t('own.language')}>
        ${languages.map((value) => html`
          <button key=${value} type="button" class="button quiet small" lang=${value} aria-pressed=${value === language} onClick=${() => setLanguage(value)}>
            ${languageNames[value] ?? value}
          </button>`)}
      </div>
    </main>`;
}
