// A question with two answers, asked from anywhere: `await ask({title, text, points, yes, no, danger})`. `typed` is to be typed before a
// yes counts.
import { html, useState } from '../../ui/html.js';
import { TextField } from '../../ui/field.js';
import { createStore, useStore } from '../../ui/store.js';
import { Dialog } from './dialog.js';
import { useText } from './text.js';

const question = createStore(null);

export function ask(asked) {
  question.get()?.answer(false);
  return new Promise((resolve) => {
    question.set({
      ...asked,
      answer(yes) {
        question.set(null);
        resolve(yes);
      },
    });
  });
}

/** Shows what is asked; once in the page. */
export function Questions() {
  const asked = useStore(question);
  return asked && html`<${Question} key=${asked.title} ...${asked} />`;
}

function Question({ title, text, points, yes, no, danger, typed, answer }) {
  const t = useText();
  const [value, setValue] = useState('');
  return html`
    <${Dialog} title=${title} submit=${yes} cancel=${no} danger=${danger} disabled=${typed && value.trim() !== typed.trim()}
      onClose=${() => answer(false)} onSubmit=${() => answer(true)}>
      ${text && html`<p>${text}</p>`}
      ${points && html`<ul class="points">${points.map((point) => html`<li key=${point}>${point}</li>`)}</ul>`}
      ${typed && html`
        <${TextField} label=${t('dialog.type', { name: typed })} value=${value} onValue=${setValue} autofocus autocomplete="off" spellcheck=${false} />`}
    <//>`;
}
