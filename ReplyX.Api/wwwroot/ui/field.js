// The parts of a form: a label, its control, and a hint or an error that is read out with the control.
import { html } from './html.js';
import { Icon } from './icon.js';
import { useId } from './ids.js';

/** A label around any control. `children` gets the attributes that tie the control to its texts. */
export function Field({ label, hint, error, count, max, optional, hidden, children }) {
  const id = useId('field');
  const notes = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ');
  return html`
    <div class="field">
      <div class=${hidden ? 'sr-only' : 'field-head'}>
        <label for=${id}>${label}</label>
        ${optional && html`<span class="field-note">${optional}</span>`}
        ${max && html`<span class=${count > max ? 'field-note count over' : 'field-note count'} aria-hidden="true">${count} / ${max}</span>`}
      </div>
      ${children({ id, 'aria-describedby': notes || null, 'aria-invalid': error ? 'true' : null })}
      ${error && html`<p class="error" id="${id}-error"><${Icon} name="warning" size="15" />${error}</p>`}
      ${hint && html`<p class="hint" id="${id}-hint">${hint}</p>`}
    </div>`;
}

/** One line of text, or several with `rows`. `max` counts characters as the server does: UTF-16 units. */
export function TextField({ label, hint, error, value, onValue, rows, max, optional, hiddenLabel, mono, ...input }) {
  const text = value ?? '';
  const type = (event) => onValue(event.currentTarget.value);
  const style = mono ? 'input mono' : 'input';
  return html`
    <${Field} label=${label} hint=${hint} error=${error} count=${text.length} max=${max} optional=${optional} hidden=${hiddenLabel}>${(tie) => rows
      ? html`<textarea class=${style} rows=${rows} value=${text} onInput=${type} ...${input} ...${tie}></textarea>`
      : html`<input class=${style} type="text" value=${text} onInput=${type} ...${input} ...${tie} />`}<//>`;
}

/** `options`: [{value, text}]. */
export function SelectField({ label, hint, error, value, onValue, options, hiddenLabel, ...select }) {
  return html`
    <${Field} label=${label} hint=${hint} error=${error} hidden=${hiddenLabel}>${(tie) => html`
      <span class="select">
        <select class="input" value=${value} onChange=${(event) => onValue(event.currentTarget.value)} ...${select} ...${tie}>
          ${options.map((option) => html`<option key=${option.value} value=${option.value} selected=${option.value === value}>${option.text}</option>`)}
        </select>
        <${Icon} name="down" size="16" />
      </span>`}<//>`;
}

/** A few options that are all seen at once. With a `hint` each it is a list of cards, without a row of buttons. */
export function Choice({ label, hint, value, onValue, options, disabled }) {
  const id = useId('choice');
  const cards = options.some((option) => option.hint);
  return html`
    <fieldset class="field choice" aria-describedby=${hint ? `${id}-hint` : null} disabled=${disabled}>
      <legend class="label">${label}</legend>
      <div class=${cards ? 'choice-cards' : 'choice-row'}>
        ${options.map((option) => html`
          <label key=${option.value} class="choice-option">
            <input type="radio" name=${id} value=${option.value} checked=${option.value === value} onChange=${() => onValue(option.value)} />
            <span class="choice-face">
              <span class="choice-text">${option.text}</span>
              ${option.hint && html`<span class="choice-hint">${option.hint}</span>`}
            </span>
          </label>`)}
      </div>
      ${hint && html`<p class="hint" id="${id}-hint">${hint}</p>`}
    </fieldset>`;
}

/** On or off. */
export function Switch({ label, hint, checked, onValue, disabled }) {
  const id = useId('switch');
  return html`
    <div class="switch">
      <div class="switch-texts">
        <label for=${id}>${label}</label>
        ${hint && html`<p class="hint" id="${id}-hint">${hint}</p>`}
      </div>
      <input type="checkbox" role="switch" id=${id} checked=${checked} disabled=${disabled} aria-describedby=${hint ? `${id}-hint` : null}
        onChange=${(event) => onValue(event.currentTarget.checked)} />
    </div>`;
}
