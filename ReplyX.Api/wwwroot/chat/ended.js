// The chat has ended for good: why, and what can be done.
import { html } from '../ui/html.js';

const reasons = {
  origin_refused: 'refused',
  assistant_not_found: 'gone',
  site_not_found: 'gone',
  site_token_invalid: 'gone',
  site_token_rotated: 'gone',
};

/** @param hasSiteToken Whether a new site token is what takes the place of one that the server refuses. */
export function Ended({ error, t, hasSiteToken, isEmbedded, onAgain }) {
  const reason = hasSiteToken && error?.code === 'authentication_failed' ? 'gone' : reasons[error?.code] ?? 'other';
  return html`<section class="ended" role="alert" aria-labelledby="ended-title">
    <h2 id="ended-title">${t('ended.title')}</h2>
    <p>${t(`ended.${reason}`)}</p>
    ${reason === 'gone' && !isEmbedded
      // In a frame that would load the same once more: what has to be loaded anew is the page around it.
      ? html`<button type="button" class="button" onClick=${() => location.reload()}>${t('ended.reload')}</button>`
      : reason === 'other' && html`<button type="button" class="button primary" onClick=${onAgain}>${t('ended.again')}</button>`}
  </section>`;
}
