// The endpoint's key, which is written and never read again.
import { html, useState } from '../../../ui/html.js';
import { TextField } from '../../../ui/field.js';
import { Icon } from '../../../ui/icon.js';
import { useText } from '../text.js';

const longest = 1_000;

/** `value`: null keeps what is stored, '' removes it, else a new one. */
export function KeyField({ stored, value, error, onValue }) {
  const t = useText();
  const [replacing, setReplacing] = useState(false);
  // What is wrong is said at a field.
  const open = replacing || Boolean(error);
  if (stored && value === null && !open) {
    return html`
      <div class="field">
        <span class="label">${t('field.api_key')}</span>
        <div class="key-stored">
          <span class="badge success"><${Icon} name="check" size="14" />${t('key.stored')}</span>
          <button type="button" class="button small" onClick=${() => setReplacing(true)}>${t('key.replace')}</button>
          <button type="button" class="button small danger" onClick=${() => onValue('')}>${t('key.remove')}</button>
        </div>
      </div>`;
  }

  if (stored && value === '' && !open) {
    return html`
      <div class="field">
        <span class="label">${t('field.api_key')}</span>
        <div class="key-stored">
          <span class="badge warning">${t('key.removed')}</span>
          <button type="button" class="button small" onClick=${() => onValue(null)}>${t('key.keep')}</button>
        </div>
      </div>`;
  }

  const keep = () => {
    setReplacing(false);
    onValue(null);
  };
  return html`
    <div class="key-new">
      <${TextField} label=${t('field.api_key')} hint=${t('key.hint')} type="password" autocomplete="off" mono spellcheck=${false} maxlength=${longest}
        value=${value ?? ''} onValue=${(text) => onValue(text || null)} error=${error} />
      ${stored && html`<button type="button" class="button" onClick=${keep}>${t('key.keep')}</button>`}
    </div>`;
}
