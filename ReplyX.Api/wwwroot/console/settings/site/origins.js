// Where a site's chat may be embedded: exact origins, or `*.` for all subdomains of a host.
import { html } from '../../../ui/html.js';
import { TextField } from '../../../ui/field.js';
import { Icon } from '../../../ui/icon.js';
import { useText } from '../text.js';

const mostOrigins = 50;

/** Why a text is no origin: 'scheme', 'path', 'host', 'wildcard'; null if it is one. */
export function originProblem(text) {
  const parts = /^([a-z][a-z0-9+.-]*):\/\/(.*)$/iu.exec(text.trim());
  if (!parts || !/^https?$/iu.test(parts[1])) return 'scheme';
  const rest = parts[2].replace(/^\*\./u, '');
  if (rest.includes('*')) return 'wildcard';
  if (/[/?#@\\]/u.test(rest)) return 'path';
  try {
    const { hostname } = new URL(`${parts[1]}://${rest}`);
    // One word is a machine's name; all of the internet below a top level domain is more than anybody means.
    return rest !== parts[2] && !hostname.includes('.') && hostname !== 'localhost' ? 'wildcard' : null;
  } catch {
    return 'host';
  }
}

/** What is wrong with each, or null if nothing is. */
export function originErrors(t, origins) {
  const trimmed = origins.map((origin) => origin.trim().toLowerCase());
  const errors = origins.map((origin, index) => {
    if (!trimmed[index]) return null;
    const wrong = originProblem(origin);
    if (wrong) return t(`origin.${wrong}`);
    return trimmed.indexOf(trimmed[index]) === index ? null : t('origin.twice');
  });
  return errors.some(Boolean) ? errors : null;
}

/** The rows that are filled in. */
export const plainOrigins = (origins) => origins.map((origin) => origin.trim()).filter(Boolean);

export function Origins({ origins, errors, onValue }) {
  const t = useText();
  const rows = origins.length > 0 ? origins : [''];
  const change = (index, value) => onValue(rows.map((origin, at) => (at === index ? value : origin)));
  const add = (event) => {
    const list = event.currentTarget.closest('fieldset');
    onValue([...rows, '']);
    requestAnimationFrame(() => [...list.querySelectorAll('input')].at(-1).focus());
  };
  const remove = (index) => onValue(rows.filter((_, at) => at !== index));
  return html`
    <fieldset class="field origins">
      <legend class="label">${t('field.origins')}</legend>
      <p class="hint">${t('origin.hint')}</p>
      ${rows.map((origin, index) => html`
        <div key=${index} class="origin">
          <${TextField} label=${t('origin.label', { number: index + 1 })} hiddenLabel value=${origin} mono inputmode="url" placeholder="https://shop.example"
            autocomplete="off" spellcheck=${false} autocapitalize="off" maxlength="255"
            onValue=${(value) => change(index, value)} error=${Array.isArray(errors) ? errors[index] : null} />
          <button type="button" class="icon-button" aria-label=${t('origin.remove', { number: index + 1 })} disabled=${rows.length === 1 && !origin}
            onClick=${() => remove(index)}><${Icon} name="trash" size="18" /></button>
        </div>`)}
      ${typeof errors === 'string' && html`<p class="error-text" role="alert">${errors}</p>`}
      <div>
        <button type="button" class="button small" disabled=${rows.length >= mostOrigins} onClick=${add}><${Icon} name="plus" size="16" />${t('origin.add')}</button>
      </div>
    </fieldset>`;
}
