// The audit log: who changed what, in sentences, newest first.
import { html, useCallback, useEffect, useState } from '../../../ui/html.js';
import { Avatar } from '../../../ui/avatar.js';
import { SelectField } from '../../../ui/field.js';
import { api } from '../../api.js';
import { Empty, Failed, PageHead, Section, Skeleton } from '../parts.js';
import { useDates, useText } from '../text.js';
import { Change, changesOf, sentenceOf } from './sentences.js';

const pageSize = 50;
const kinds = ['account', 'operator', 'invitation', 'site', 'assistant', 'quick_replies'];

// An entry about an assistant has its site as its target: what was done says more than to whom.
const kindOf = ({ action, target }) => {
  const [part] = action.split('.');
  return part === 'bot' ? 'operator' : kinds.includes(part) ? part : target.kind;
};

export default function Audit() {
  const t = useText();
  const dates = useDates();
  const [state, setState] = useState({ items: null, next: null, error: null, busy: false });
  const [kind, setKind] = useState('');
  const [actor, setActor] = useState('');

  const more = useCallback(async (before) => {
    setState((now) => ({ ...now, busy: true, error: null }));
    try {
      const page = await api.get(`/api/audit?limit=${pageSize}${before ? `&before=${encodeURIComponent(before)}` : ''}`);
      setState((now) => ({ items: [...(before ? now.items : []), ...page.items], next: page.next ?? null, error: null, busy: false }));
    } catch (error) {
      setState((now) => ({ ...now, error, busy: false }));
    }
  }, []);
  useEffect(() => { more(null); }, [more]);

  const { items, next, error, busy } = state;
  const actors = [...new Map((items ?? []).map((entry) => [entry.actor.id ?? '', entry.actor.name]))];
  const shown = (items ?? []).filter((entry) => (!kind || kindOf(entry) === kind) && (!actor || (entry.actor.id ?? '-') === actor));
  return html`
    <${PageHead} title=${t('audit.title')} text=${t('audit.text')} />
    ${!items && !error && html`<${Skeleton} />`}
    ${!items && error && html`<${Failed} error=${error} onRetry=${() => more(null)} />`}
    ${items && html`
      <div class="filters">
        <${SelectField} label=${t('audit.kind')} value=${kind} onValue=${setKind}
          options=${[{ value: '', text: t('audit.all') }, ...kinds.map((value) => ({ value, text: t(`audit.kind.${value}`) }))]} />
        <${SelectField} label=${t('audit.actor')} value=${actor} onValue=${setActor}
          options=${[{ value: '', text: t('audit.everybody') }, ...actors.map(([id, name]) => ({ value: id || '-', text: name }))]} />
      </div>
      ${shown.length === 0 && html`
        <${Section}><${Empty} icon="clock" title=${t(items.length === 0 ? 'audit.none' : 'audit.not_found')} text=${next ? t('audit.look_further') : null} /><//>`}
      ${byDay(shown, dates).map(([day, entries]) => html`
        <${Section} key=${day} rows title=${day}>
          <ol class="row-list">${entries.map((entry) => html`<${Entry} key=${entry.id} entry=${entry} />`)}</ol>
        <//>`)}
      ${error && html`<p class="error-text" role="alert">${t('error.load')}</p>`}
      ${next && html`
        <div class="more"><button type="button" class="button" disabled=${busy} onClick=${() => more(next)}>${busy ? t('loading') : t('audit.older')}</button></div>`}`}`;
}

function byDay(entries, dates) {
  const days = new Map();
  for (const entry of entries) {
    const day = dates.day(entry.at);
    days.set(day, [...(days.get(day) ?? []), entry]);
  }

  return [...days];
}

function Entry({ entry }) {
  const t = useText();
  const dates = useDates();
  const changes = changesOf(entry.details);
  return html`
    <li class="list-row audit-entry">
      <${Avatar} name=${entry.actor.name} id=${entry.actor.id} />
      <div class="row-texts">
        <p class="audit-sentence"><strong>${entry.actor.name}</strong> ${sentenceOf(t, entry)}</p>
        ${changes.length > 0 && html`
          <dl class="changes">${changes.map((detail, index) => html`<${Change} key=${index} detail=${detail} />`)}</dl>`}
      </div>
      <time class="row-note" datetime=${entry.at}>${dates.time(entry.at)}</time>
    </li>`;
}
