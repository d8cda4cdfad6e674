// The questions and answers of a site: one opens at a time; they are searched, ordered, and taken in and out as JSON.
import { html, useMemo, useRef, useState } from '../../../ui/html.js';
import { TextField } from '../../../ui/field.js';
import { Icon } from '../../../ui/icon.js';
import { useId } from '../../../ui/ids.js';
import { toast } from '../../../ui/toast.js';
import { Empty, Section } from '../parts.js';
import { useText } from '../text.js';

const most = 200;
const longestQuestion = 1_000;
const longestAnswer = 4_000;
const largestFile = 2 * 1024 * 1024;
const searchFrom = 4;

export const plainAnswers = (answers) => answers.map(({ question, answer }) => ({ question: question.trim(), answer: answer.trim() }));

/** What is wrong with each, or null if nothing is. */
export function answerErrors(t, answers) {
  const errors = answers.map(({ question, answer }) => {
    const one = {
      ...(question.trim() ? {} : { question: t('field.needed') }),
      ...(answer.trim() ? {} : { answer: t('field.needed') }),
    };
    return Object.keys(one).length > 0 ? one : null;
  });
  return errors.some(Boolean) ? errors : null;
}

export function Answers({ kind, answers, errors, onValue }) {
  const t = useText();
  const [open, setOpen] = useState(-1);
  const [query, setQuery] = useState('');
  const list = useRef(null);
  const wanted = query.trim().toLocaleLowerCase();
  const found = useMemo(() => answers.map((item, index) => ({ ...item, index }))
    .filter(({ question, answer }) => !wanted || `${question}\n${answer}`.toLocaleLowerCase().includes(wanted)), [answers, wanted]);

  const change = (index, changes) => onValue(answers.map((item, at) => (at === index ? { ...item, ...changes } : item)));
  const add = () => {
    setQuery('');
    onValue([...answers, { question: '', answer: '' }]);
    setOpen(answers.length);
    requestAnimationFrame(() => [...list.current?.querySelectorAll('textarea') ?? []][0]?.focus());
  };
  const remove = (index) => {
    onValue(answers.filter((_, at) => at !== index));
    setOpen(-1);
  };
  const move = (index, by) => {
    const next = [...answers];
    [next[index], next[index + by]] = [next[index + by], next[index]];
    onValue(next);
    setOpen((now) => (now === index ? index + by : now === index + by ? index : now));
  };
  const take = (taken) => {
    const known = new Set(plainAnswers(answers).map(({ question }) => question));
    const fresh = plainAnswers(taken).filter(({ question }) => !known.has(question)).slice(0, most - answers.length);
    onValue([...answers, ...fresh]);
    toast(t('answers.imported', { count: fresh.length }));
  };

  const addButton = html`
    <button type="button" class="button" disabled=${answers.length >= most} onClick=${add}><${Icon} name="plus" size="18" />${t('answers.add')}</button>`;
  return html`
    <${Section} rows title=${t('answers.title', { count: answers.length })} text=${t(`answers.text.${kind}`)} actions=${answers.length > 0 && addButton}>
      <div class="answers-bar">
        ${answers.length >= searchFrom && html`
          <div class="answers-search">
            <${Icon} name="search" size="18" />
            <input class="input" type="search" aria-label=${t('answers.search')} placeholder=${t('answers.search')} value=${query}
              onInput=${(event) => setQuery(event.currentTarget.value)} />
          </div>`}
        <${Files} answers=${answers} onTake=${take} />
      </div>
      ${typeof errors === 'string' && html`<p class="error-text pad" role="alert">${errors}</p>`}
      ${answers.length === 0 && html`<${Empty} icon="chat" title=${t('answers.none')} text=${t('answers.none_text')}>${addButton}<//>`}
      ${answers.length > 0 && found.length === 0 && html`<p class="pad quiet-text" role="status">${t('answers.not_found')}</p>`}
      <ul class="row-list" ref=${list}>
        ${found.map(({ index, ...item }) => html`
          <${Answer} key=${index} item=${item} error=${Array.isArray(errors) ? errors[index] : null} open=${open === index}
            first=${index === 0} last=${index === answers.length - 1} searching=${Boolean(wanted)}
            onOpen=${() => setOpen(open === index ? -1 : index)} onChange=${(changes) => change(index, changes)}
            onMove=${(by) => move(index, by)} onRemove=${() => remove(index)} />`)}
      </ul>
    <//>`;
}

function Answer({ item, error, open, first, last, searching, onOpen, onChange, onMove, onRemove }) {
  const t = useText();
  const id = useId('answer');
  const question = item.question.split('\n')[0] || t('answers.new');
  // An error must be seen, also in one that is closed.
  const shown = open || Boolean(error);
  return html`
    <li class=${shown ? 'answer open' : 'answer'}>
      <div class="answer-head">
        <button type="button" class="answer-open" aria-expanded=${shown} aria-controls=${id} onClick=${onOpen}>
          <${Icon} name="down" size="16" />
          <span class="row-texts">
            <span class="row-name">${question}</span>
            ${!shown && html`<span class="row-note">${item.answer}</span>`}
          </span>
        </button>
        <button type="button" class="icon-button up" disabled=${first || searching} aria-label=${t('answers.up', { question })} onClick=${() => onMove(-1)}>
          <${Icon} name="down" size="18" />
        </button>
        <button type="button" class="icon-button" disabled=${last || searching} aria-label=${t('answers.down', { question })} onClick=${() => onMove(1)}>
          <${Icon} name="down" size="18" />
        </button>
        <button type="button" class="icon-button" aria-label=${t('answers.remove', { question })} onClick=${onRemove}><${Icon} name="trash" size="18" /></button>
      </div>
      <div id=${id} class="answer-body" hidden=${!shown}>
        ${shown && html`
          <${TextField} label=${t('answers.question')} hint=${t('answers.question_hint')} rows="2" maxlength=${longestQuestion} value=${item.question}
            onValue=${(value) => onChange({ question: value })} error=${error?.question} />
          <${TextField} label=${t('answers.answer')} rows="4" max=${longestAnswer} maxlength=${longestAnswer} value=${item.answer}
            onValue=${(value) => onChange({ answer: value })} error=${error?.answer} />`}
      </div>
    </li>`;
}

function Files({ answers, onTake }) {
  const t = useText();
  const input = useRef(null);
  const read = async () => {
    const [file] = input.current.files;
    input.current.value = '';
    try {
      if (file.size > largestFile) throw new RangeError();
      const parsed = JSON.parse(await file.text());
      const items = Array.isArray(parsed) ? parsed : parsed.answers;
      if (!items.every((item) => typeof item?.question === 'string' && typeof item?.answer === 'string')) throw new TypeError();
      onTake(items);
    } catch {
      toast(t('answers.import_failed'), { kind: 'danger' });
    }
  };
  const give = () => {
    const address = URL.createObjectURL(new Blob([JSON.stringify(plainAnswers(answers), null, 2)], { type: 'application/json' }));
    const link = Object.assign(document.createElement('a'), { href: address, download: 'answers.json' });
    link.click();
    URL.revokeObjectURL(address);
  };
  return html`
    <div class="files">
      <input ref=${input} type="file" accept="application/json,.json" hidden aria-label=${t('answers.import')} onChange=${read} />
      <button type="button" class="button small" onClick=${() => input.current.click()}>${t('answers.import')}</button>
      <button type="button" class="button small" disabled=${answers.length === 0} onClick=${give}>${t('answers.export')}</button>
    </div>`;
}
