// Bots: programs that answer like an operator, with a key instead of a password. A key is shown once.
import { html, useState } from '../../../ui/html.js';
import { Avatar } from '../../../ui/avatar.js';
import { CopyBox } from '../../../ui/copy.js';
import { TextField } from '../../../ui/field.js';
import { Icon } from '../../../ui/icon.js';
import { toast } from '../../../ui/toast.js';
import { api } from '../../api.js';
import { ask } from '../confirm.js';
import { Dialog } from '../dialog.js';
import { Empty, Section } from '../parts.js';
import { problemText, useDates, useText } from '../text.js';

const longestName = 100;

export function Bots({ bots, reload }) {
  const t = useText();
  const [adding, setAdding] = useState(false);
  const [shown, setShown] = useState(null);
  const add = html`<button type="button" class="button" onClick=${() => setAdding(true)}><${Icon} name="plus" size="18" />${t('bot.add')}</button>`;
  const made = (bot) => {
    setAdding(false);
    setShown(bot);
    reload();
  };
  return html`
    <${Section} rows title=${t('bot.title')} text=${t('bot.text')} actions=${bots.length > 0 && add}>
      ${bots.length === 0
        ? html`<${Empty} icon="bot" title=${t('bot.none')}>${add}<//>`
        : html`<ul class="row-list">${bots.map((bot) => html`<${Bot} key=${bot.id} bot=${bot} reload=${reload} onKey=${setShown} />`)}</ul>`}
    <//>
    ${adding && html`<${NewBot} onClose=${() => setAdding(false)} onMade=${made} />`}
    ${shown && html`<${Key} bot=${shown} onClose=${() => setShown(null)} />`}`;
}

function Bot({ bot, reload, onKey }) {
  const t = useText();
  const dates = useDates();
  const path = `/api/operators/${encodeURIComponent(bot.id)}`;
  const act = async (step) => {
    try {
      await step();
    } catch (error) {
      toast(problemText(t, error), { kind: 'danger' });
    }
  };
  const renew = async () => {
    if (!(await ask({ title: t('bot.renew', { name: bot.name }), text: t('bot.renew_text'), yes: t('bot.renew_yes'), danger: true }))) return;
    await act(async () => onKey({ name: bot.name, key: (await api.post(`${path}/key`)).key }));
  };
  const remove = async () => {
    if (!(await ask({ title: t('team.remove', { name: bot.name }), text: t('bot.remove_text'), yes: t('team.remove_yes'), danger: true }))) return;
    await act(async () => {
      await api.delete(path);
      toast(t('team.removed', { name: bot.name }));
    });
    await reload();
  };
  return html`
    <li class="list-row">
      <${Avatar} bot />
      <div class="row-texts">
        <p class="row-name">${bot.name}</p>
        <p class="row-note">${bot.created_at ? t('bot.since', { day: dates.day(bot.created_at) }) : t('role.bot')}</p>
      </div>
      <div class="row-actions">
        <button type="button" class="button small" aria-label=${t('bot.renew', { name: bot.name })} onClick=${renew}>${t('bot.new_key')}</button>
        <button type="button" class="icon-button" aria-label=${t('team.remove', { name: bot.name })} onClick=${remove}><${Icon} name="trash" size="18" /></button>
      </div>
    </li>`;
}

function NewBot({ onClose, onMade }) {
  const t = useText();
  const [name, setName] = useState('');
  const [error, setError] = useState('');
  const [busy, setBusy] = useState(false);
  const make = async () => {
    if (!name.trim()) {
      setError(t('field.needed'));
      return;
    }

    setBusy(true);
    try {
      onMade(await api.post('/api/operators/bots', { name: name.trim() }));
    } catch (failure) {
      setBusy(false);
      setError(failure.errors?.name ?? problemText(t, failure));
    }
  };
  return html`
    <${Dialog} title=${t('bot.add')} submit=${t('bot.make')} busy=${busy} onClose=${onClose} onSubmit=${make}>
      <${TextField} label=${t('field.name')} hint=${t('bot.name_hint')} maxlength=${longestName} autofocus autocomplete="off"
        value=${name} onValue=${setName} error=${error} />
    <//>`;
}

function Key({ bot, onClose }) {
  const t = useText();
  return html`
    <${Dialog} title=${t('bot.key', { name: bot.name })} onClose=${onClose}>
      <p>${t('bot.key_text')}</p>
      <${CopyBox} text=${bot.key} name=${t('bot.key_name')} label=${t('copy.copy')} done=${t('copy.copied')} />
    <//>`;
}
