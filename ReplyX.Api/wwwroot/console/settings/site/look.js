// How the chat looks on a site, seen while it is changed.
import { contrast, parse } from '../../../ui/accent.js';
import { Choice, Field, SelectField, TextField } from '../../../ui/field.js';
import { useForm } from '../../../ui/form.js';
import { html, useLayoutEffect, useRef } from '../../../ui/html.js';
import { Icon } from '../../../ui/icon.js';
import { toast } from '../../../ui/toast.js';
import { api } from '../../api.js';
import { Form, Section } from '../parts.js';
import { problemText, useText } from '../text.js';
import { Preview } from './preview.js';

const longest = { title: 60, subtitle: 120, launcher_text: 40 };
const suggested = ['#2563eb', '#0f766e', '#15803d', '#b45309', '#c2410c', '#be123c', '#7c3aed', '#1f2937'];
const white = [255, 255, 255];
const readable = 4.5;

const toValues = ({ look }) => ({
  color: look.color, position: look.position, theme: look.theme, title: look.title ?? '', subtitle: look.subtitle ?? '',
  launcher_text: look.launcher_text ?? '', locale: look.locale,
});

export function Look({ site, onSaved }) {
  const t = useText();
  const path = `/api/sites/${encodeURIComponent(site.id)}`;
  const form = useForm({
    initial: toValues(site),
    check: ({ color }) => (parse(color) ? {} : { color: t('look.color_wrong') }),
    fresh: async () => toValues(await api.get(path)),
    save: async (changes) => {
      const saved = await api.patch(path, { look: changes });
      onSaved(saved);
      return toValues(saved);
    },
    // The server names its members with where they stand.
    errorsOf: (error) => Object.fromEntries(Object.entries(error.errors ?? {}).map(([name, text]) => [name.replace('look.', ''), text])),
    onSaved: () => toast(t('form.saved')),
    onFailed: (error) => toast(problemText(t, error), { kind: 'danger' }),
  });
  const { values, set } = form;
  const choice = (name, options, hint) => html`
    <${Choice} label=${t(`field.${name}`)} hint=${hint} value=${values[name]} onValue=${(value) => set(name, value)}
      options=${options.map((value) => ({ value, text: t(`look.${name}.${value}`) }))} />`;
  return html`
    <div class="look">
      <${Form} form=${form} label=${t('site.tab.look')}>
        <${Section} title=${t('look.colors')}>
          <${Color} value=${values.color} error=${form.errors.color} onValue=${(value) => set('color', value)} />
          ${choice('theme', ['auto', 'light', 'dark'], t('look.theme_hint'))}
        <//>
        <${Section} title=${t('look.texts')}>
          <${TextField} label=${t('field.title')} hint=${t('look.title_hint')} placeholder=${site.name} max=${longest.title} maxlength=${longest.title} ...${form.text('title')} />
          <${TextField} label=${t('field.subtitle')} optional=${t('field.optional')} max=${longest.subtitle} maxlength=${longest.subtitle} ...${form.text('subtitle')} />
          <${SelectField} label=${t('field.locale')} value=${values.locale} onValue=${(value) => set('locale', value)}
            options=${['auto', 'en', 'ru'].map((value) => ({ value, text: t(`look.locale.${value}`) }))} />
        <//>
        <${Section} title=${t('look.launcher')}>
          ${choice('position', ['right', 'left'])}
          <${TextField} label=${t('field.launcher_text')} optional=${t('field.optional')} hint=${t('look.launcher_hint')} max=${longest.launcher_text}
            maxlength=${longest.launcher_text} ...${form.text('launcher_text')} />
        <//>
      <//>
      <${Preview} site=${site} look=${values} />
    </div>`;
}

function Color({ value, error, onValue }) {
  const t = useText();
  const color = parse(value);
  return html`
    <${Field} label=${t('field.color')} error=${error}>${(tie) => html`
      <div class="color">
        <input type="color" class="color-well" aria-label=${t('look.color_well')} value=${color ? value : '#000000'}
          onInput=${(event) => onValue(event.currentTarget.value)} />
        <input class="input mono" type="text" maxlength="7" spellcheck=${false} autocomplete="off" value=${value}
          onInput=${(event) => onValue(event.currentTarget.value.trim().toLowerCase())} ...${tie} />
        <div class="color-dots" role="group" aria-label=${t('look.color_suggested')}>
          ${suggested.map((one) => html`<${Dot} key=${one} color=${one} chosen=${one === value} onChoose=${() => onValue(one)} />`)}
        </div>
      </div>`}<//>
    ${color && html`<${Contrast} color=${color} />`}`;
}

function Dot({ color, chosen, onChoose }) {
  const element = useRef(null);
  useLayoutEffect(() => element.current.style.setProperty('--swatch', color), [color]);
  return html`
    <button type="button" class="color-dot" ref=${element} aria-label=${color} aria-pressed=${chosen} onClick=${onChoose}>
      ${chosen && html`<${Icon} name="check" size="14" />`}
    </button>`;
}

// A colour that white text cannot be read on is still fine: the chat darkens it, or writes in black.
function Contrast({ color }) {
  const t = useText();
  const ratio = Math.round(contrast(color, white) * 10) / 10;
  const good = ratio >= readable;
  return html`
    <p class=${good ? 'contrast good' : 'contrast'}>
      <${Icon} name=${good ? 'check' : 'warning'} size="16" />
      <span>${t(good ? 'look.contrast_good' : 'look.contrast_low', { ratio })}</span>
    </p>`;
}
