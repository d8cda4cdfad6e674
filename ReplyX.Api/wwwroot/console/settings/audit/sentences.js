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

/** What changed, field by field: a look is kept as one text of JSON. */
export function changesOf(details = []) {
  return details.filter(({ field }) => field !== 'token_version').flatMap((detail) => {
    if (detail.field !== 'look') return [detail];
    try {
      const [from, to] = [detail.from, detail.to].map((text) => JSON.parse(text));
      return Object.keys(to).filter((name) => from[name] !== to[name])
        .map((name) => ({ field: name.replace(/(?<=[a-z])[A-Z]/gu, '_$&').toLowerCase(), from: from[name], to: to[name] }));
    } catch {
      // A long one is cut.
      return [];
    }
  });
}

export function Change({ detail }) {
  const t = useText();
  const { field } = detail;
  return html`
    <div>
      <dt>${t.maybe(`field.${field}`) ?? detail.field}</dt>
      <dd>
        ${!isNothing(detail.from) && html`
          <${Value} field=${field} value=${detail.from} old /><span aria-hidden="true">→</span><span class="sr-only"> ${t('audit.became')} </span>`}
        ${isNothing(detail.from) && isNothing(detail.to) ? t('audit.changed') : html`<${Value} field=${field} value=${detail.to} />`}
      </dd>
    </div>`;
}

// Members whose values are words of ours.
const named = {
  role: 'role', theme: 'look.theme', position: 'look.position', locale: 'look.locale', kind: 'assistant.kind', direct_client: 'audit.value', enabled: 'audit.value',
};

const isNothing = (value) => value === null || value === undefined || value === '';

// Seconds, or one of two words.
const secondsOfDay = 86_400;
const retentionText = (t, value) => (/^\d+$/u.test(value)
  ? t('audit.value.days', { count: Math.max(1, Math.floor(Number(value) / secondsOfDay)) })
  : t.maybe(`audit.value.${value}`) ?? value);

function Value({ field, value, old }) {
  const t = useText();
  const text = isNothing(value) ? t('audit.nothing')
    : field === 'retention' ? retentionText(t, value)
    : (named[field] && t.maybe(`${named[field]}.${value}`)) ?? value;
  return old ? html`<del>${text}</del>` : html`<ins>${text}</ins>`;
}
