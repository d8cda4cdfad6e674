// Quick replies: texts that operators insert by a shortcut. Everybody reads them here, owners change them.
import { html } from '../../ui/html.js';
import { TextField } from '../../ui/field.js';
import { useForm } from '../../ui/form.js';
import { Icon } from '../../ui/icon.js';
import { toast } from '../../ui/toast.js';
import { api } from '../api.js';
import { isOwner, useSession } from '../session.js';
import { Empty, Form, Loaded, PageHead, Section } from './parts.js';
import { problemText, useText } from './text.js';
import { useLoad } from './use-load.js';

const most = 200;
const longestShortcut = 32;
const longestText = 4_000;

const load = async () => (await api.get('/api/quick-replies')).items;

export default function QuickReplies() {
  const t = useText();
  const { me } = useSession();
  const replies = useLoad(load);
  return html`
    <${PageHead} title=${t('quick.title')} text=${t('quick.text')} />
    <${Loaded} of=${replies}>${(items) => (isOwner(me) ? html`<${Editor} items=${items} />` : html`<${List} items=${items} />`)}<//>`;
}

function List({ items }) {
  const t = useText();
  if (items.length === 0) return html`<${Section}><${Empty} icon="bolt" title=${t('quick.none')} text=${t('quick.none_operator')} /><//>`;
  return html`
    <${Section} rows>
      <ul class="row-list">
        ${items.map((item) => html`<li key=${item.shortcut} class="quick-read"><code>/${item.shortcut}</code><p>${item.text}</p></li>`)}
      </ul>
    <//>`;
}

const plain = (items) => items.map(({ shortcut, text }) => ({ shortcut: shortcut.trim().replace(/^\//u, ''), text: text.trim() }));

function Editor({ items }) {
  const t = useText();
  const form = useForm({
    initial: { items: plain(items) },
    check: ({ items: list }) => {
      const wrong = errorsOf(t, list);
      return wrong.some(Boolean) ? { items: wrong } : {};
    },
    fresh: async () => ({ items: plain(await load()) }),
    save: async (_, values) => ({ items: plain((await api.put('/api/quick-replies', { items: plain(values.items) }))?.items ?? values.items) }),
    errorsOf: ({ errors = {} }) => refusalsOf(errors),
    onSaved: () => toast(t('form.saved')),
    onFailed: (error) => toast(problemText(t, error), { kind: 'danger' }),
  });
  const list = form.values.items;
  const change = (index, changes) => form.set('items', list.map((item, at) => (at === index ? { ...item, ...changes } : item)));
  const add = () => {
    form.set('items', [{ shortcut: '', text: '' }, ...list]);
    requestAnimationFrame(() => form.ref.current?.querySelector('input')?.focus());
  };
  const remove = (index) => form.set('items', list.filter((_, at) => at !== index));
  const errors = Array.isArray(form.errors.items) ? form.errors.items : [];
  const addButton = html`
    <button type="button" class="button" onClick=${add} disabled=${list.length >= most}><${Icon} name="plus" size="18" />${t('quick.add')}</button>`;
  return html`
    <${Form} form=${form} label=${t('quick.title')}>
      <${Section} rows title=${t('quick.list', { count: list.length })} actions=${list.length > 0 && addButton}>
        ${typeof form.errors.items === 'string' && html`<p class="error-text pad" role="alert">${form.errors.items}</p>`}
        ${list.length === 0
          ? html`<${Empty} icon="bolt" title=${t('quick.none')} text=${t('quick.none_owner')}>${addButton}<//>`
          : html`
            <ul class="row-list">
              ${list.map((item, index) => html`
                <li key=${index} class="quick-edit">
                  <${TextField} label=${t('quick.shortcut')} value=${item.shortcut} maxlength=${longestShortcut} autocomplete="off" spellcheck=${false}
                    onValue=${(shortcut) => change(index, { shortcut })} error=${errors[index]?.shortcut} />
                  <${TextField} label=${t('quick.reply')} value=${item.text} rows="2" maxlength=${longestText}
                    onValue=${(text) => change(index, { text })} error=${errors[index]?.text} />
                  <button type="button" class="icon-button" aria-label=${t('quick.remove', { name: item.shortcut })} onClick=${() => remove(index)}>
                    <${Icon} name="trash" size="18" />
                  </button>
                </li>`)}
            </ul>`}
      <//>
    <//>`;
}

// The server names what is wrong as `items[3].text`.
function refusalsOf(errors) {
  const items = [];
  for (const [name, text] of Object.entries(errors)) {
    const [, index, member] = /^items\[(\d+)\]\.(\w+)$/u.exec(name) ?? [];
    if (index === undefined) return errors;
    items[index] = { ...items[index], [member]: text };
  }

  return items.length > 0 ? { items } : {};
}

/** What is wrong with each, or null. */
function errorsOf(t, list) {
  const names = plain(list).map((item) => item.shortcut.toLowerCase());
  return list.map((item, index) => {
    const name = names[index];
    const errors = {
      ...(name ? /\s/u.test(name) ? { shortcut: t('quick.space') } : names.indexOf(name) !== index && { shortcut: t('quick.twice') } : { shortcut: t('field.needed') }),
      ...(item.text.trim() ? {} : { text: t('field.needed') }),
    };
    return Object.keys(errors).length > 0 ? errors : null;
  });
}
