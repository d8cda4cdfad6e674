// The chat has ended for good: why, and what can be done.
import { html } from '../ui/html.js';

const reasons = {
  origin_refused: 'refused',
  assistant_not_found: 'gone',
  site_not_found: 'gone',
  site_token_invalid: 'gone',
  site_token_rotated: 'gone',
};

export function Ended({ error, t, onAgain }) {
  const reason = reasons[error?.code] ?? 'other';
  return html`<section class="ended" role="alert" aria-labelledby="ended-title">
    <h2 id="ended-title">${t('ended.title')}</h2>
    <p>${t(`ended.${reason}`)}</p>
    ${reason === 'gone'
      ? html`<button type="button" class="button" onClick=${() => location.reload()}>${t('ended.reload')}</button>`
      : reason === 'other' && html`<button type="button" class="button primary" onClick=${onAgain}>${t('ended.again')}</button>`}
  </section>`;
}
