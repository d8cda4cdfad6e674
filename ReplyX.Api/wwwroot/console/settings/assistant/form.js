// An assistant's settings.
import { html } from '../../../ui/html.js';
import { Choice, Switch, TextField } from '../../../ui/field.js';
import { useForm } from '../../../ui/form.js';
import { toast } from '../../../ui/toast.js';
import { api } from '../../api.js';
import { Form, Section } from '../parts.js';
import { problemText, useText } from '../text.js';
import { answerErrors, Answers, plainAnswers } from './answers.js';
import { KeyField } from './key-field.js';
import { TryOut } from './try-out.js';

const longest = { endpoint: 1_000, model: 200, instructions: 16_000, fallback: 1_000, word: 100 };
const seconds = { least: 3, most: 120 };

const toValues = (assistant) => ({
  enabled: assistant.enabled,
  kind: assistant.kind,
  endpoint: assistant.endpoint ?? '',
  model: assistant.model ?? '',
  instructions: assistant.instructions ?? '',
  timeout_seconds: String(assistant.timeout_seconds),
  answers: assistant.answers.map(({ question, answer }) => ({ question, answer })),
  fallback: assistant.fallback ?? '',
  handover_words: (assistant.handover_words ?? []).join(', '),
  has_key: assistant.has_key,
  // Written and never read: null keeps what is stored, '' removes it.
  api_key: null,
});

const toBody = ({ has_key: _, ...values }) => ({
  ...values,
  endpoint: values.endpoint.trim(),
  model: values.model.trim(),
  timeout_seconds: Number(values.timeout_seconds),
  answers: plainAnswers(values.answers),
  handover_words: wordsOf(values.handover_words),
});

const mostWords = 50;
const wordsOf = (text) => text.split(/[,\n]/u).map((word) => word.trim()).filter(Boolean);

export function AssistantForm({ path, assistant }) {
  const t = useText();
  const form = useForm({
    initial: toValues(assistant),
    check: (values) => errorsOf(t, values),
    fresh: async () => toValues(await api.get(path)),
    save: async (_, values) => toValues((await api.put(path, toBody(values))) ?? { ...toBody(values), has_key: values.api_key ? true : values.has_key }),
    onSaved: () => toast(t('form.saved')),
    onFailed: (error) => toast(problemText(t, error), { kind: 'danger' }),
  });
  const { values, set } = form;
  return html`
    <${Form} form=${form} label=${t('assistant.title')}>
      <${Section}>
        <${Switch} label=${t('field.enabled')} hint=${t('assistant.enabled_hint')} checked=${values.enabled} onValue=${(value) => set('enabled', value)} />
      <//>
      <${Section} title=${t('assistant.source')}>
        <${Choice} label=${t('field.kind')} value=${values.kind} onValue=${(value) => set('kind', value)} options=${['scripted', 'openai'].map((value) => ({
          value, text: t(`assistant.kind.${value}`), hint: t(`assistant.kind.${value}_hint`),
        }))} />
        ${values.kind === 'openai' && html`
          <div class="field-pair">
            <${TextField} label=${t('field.endpoint')} hint=${t('assistant.endpoint_hint')} placeholder="https://api.openai.com/v1" inputmode="url" mono
              autocomplete="off" spellcheck=${false} maxlength=${longest.endpoint} ...${form.text('endpoint')} />
            <${TextField} label=${t('field.model')} hint=${t('assistant.model_hint')} placeholder="gpt-4o-mini" mono autocomplete="off" spellcheck=${false}
              maxlength=${longest.model} ...${form.text('model')} />
          </div>
          <${KeyField} stored=${values.has_key} value=${values.api_key} error=${form.errors.api_key} onValue=${(value) => set('api_key', value)} />
          <${TextField} label=${t('field.instructions')} hint=${t('assistant.instructions_hint')} rows="6" max=${longest.instructions} ...${form.text('instructions')} />
          <div class="short-field">
            <${TextField} label=${t('field.timeout_seconds')} hint=${t('assistant.timeout_hint')} inputmode="numeric" maxlength="3" ...${form.text('timeout_seconds')} />
          </div>`}
      <//>
      <${Answers} kind=${values.kind} answers=${values.answers} errors=${form.errors.answers} onValue=${(value) => set('answers', value)} />
      <${Section} title=${t('assistant.handover')} text=${t('assistant.handover_text')}>
        <${TextField} label=${t('field.handover_words')} hint=${t('assistant.words_hint')} placeholder=${t('assistant.words_example')}
          ...${form.text('handover_words')} />
        ${values.kind === 'scripted' && html`
          <${TextField} label=${t('field.fallback')} hint=${t('assistant.fallback_hint')} rows="2" max=${longest.fallback} ...${form.text('fallback')} />`}
      <//>
      <${TryOut} path=${`${path}/try`} dirty=${form.dirty} />
    <//>`;
}

function errorsOf(t, values) {
  const errors = {};
  const wrong = answerErrors(t, values.answers);
  if (wrong) errors.answers = wrong;
  const words = wordsOf(values.handover_words);
  if (words.length > mostWords) errors.handover_words = t('assistant.words_many', { count: mostWords });
  else if (words.some((word) => word.length > longest.word || !/\p{L}/u.test(word))) errors.handover_words = t('assistant.words_wrong', { most: longest.word });
  if (values.fallback.length > longest.fallback) errors.fallback = t('field.too_long', { count: longest.fallback });
  if (values.kind !== 'openai') return errors;

  if (!isAddress(values.endpoint.trim())) errors.endpoint = t('assistant.endpoint_wrong');
  if (!values.model.trim()) errors.model = t('field.needed');
  if (values.instructions.length > longest.instructions) errors.instructions = t('field.too_long', { count: longest.instructions });
  const wait = Number(values.timeout_seconds);
  if (!Number.isInteger(wait) || wait < seconds.least || wait > seconds.most) errors.timeout_seconds = t('assistant.timeout_wrong', seconds);
  return errors;
}

function isAddress(text) {
  try {
    return /^https?:$/u.test(new URL(text).protocol);
  } catch {
    return false;
  }
}
