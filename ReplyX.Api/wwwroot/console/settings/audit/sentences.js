// What an entry of the audit log says. An action without a sentence of its own is told by its name: a newer server may have more.
import { html } from '../../../ui/html.js';
import { useText } from '../text.js';

/** The sentence after the actor's name, with the target's name in bold. */
export function sentenceOf(t, { action, target, details = [] }) {
  const text = t.maybe(`audit.action.${variantOf(action, details)}`, { target: '\u0000' })
    ?? t.maybe(`audit.action.${action}`, { target: '\u0000' })
    ?? t('audit.action.other', { action, target: '\u0000' });
  const [before, after = ''] = text.split('\u0000');
  return html`${before}${text.includes('\u0000') && html`<strong>${target.name || t('audit.no_name')}</strong>`}${after}`;
}

// A change of one thing is told as that change.
const variantOf = (action, details) => (details.length === 1 ? `${action}.${details[0].field}` : action);

export function Change({ detail }) {
  const t = useText();
  const field = detail.field.replace(/^look\./u, '');
  return html`
    <div>
      <dt>${t.maybe(`field.${field}`) ?? detail.field}</dt>
      <dd>
        <${Value} field=${field} value=${detail.from} old />
        <span aria-hidden="true">→</span><span class="sr-only">${t('audit.became')}</span>
        <${Value} field=${field} value=${detail.to} />
      </dd>
    </div>`;
}

function Value({ field, value, old }) {
  const t = useText();
  const text = value === null || value === undefined || value === '' ? t('audit.nothing')
    : t.maybe(`${field}.${value}`) ?? t.maybe(`look.${field}.${value}`) ?? t.maybe(`audit.value.${value}`) ?? value;
  return old ? html`<del>${text}</del>` : html`<ins>${text}</ins>`;
}
