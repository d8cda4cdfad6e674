// Where the visitor writes. Enter sends, Shift and Enter make a new line; a key that an input method takes is none of ours.
import { html, useEffect, useLayoutEffect, useRef, useState } from '../ui/html.js';
import { Icon } from '../ui/icon.js';

const limit = 8_000;
// From here on the visitor is told how much room is left.
const near = 500;
const draftKey = 'replyx:draft';

// A browser may withhold the storage; then a reload forgets what was being written.
function keptDraft(text) {
  try {
    if (text === undefined) return sessionStorage.getItem(draftKey) ?? '';
    if (text) sessionStorage.setItem(draftKey, text);
    else sessionStorage.removeItem(draftKey);
  } catch {
    // As said above.
  }

  return text ?? '';
}

export function Composer({ t, control, onSend, onKeystroke, isDisabled }) {
  const [text, setText] = useState(() => keptDraft());
  const area = useRef(null);

  useEffect(() => {
    control.current = { focus: () => area.current?.focus({ preventScroll: true }) };
  }, []);

  useLayoutEffect(() => {
    // The height that the text needs; the style sheet says how far it may grow.
    area.current.style.height = 'auto';
    area.current.style.height = `${area.current.scrollHeight + 2}px`;
  }, [text]);

  const left = limit - text.length;
  const canSend = text.trim() !== '' && left >= 0 && !isDisabled;

  const send = () => {
    if (!canSend) return;
    onSend(text);
    setText(keptDraft(''));
    area.current.focus({ preventScroll: true });
  };

  const onKeyDown = (event) => {
    // Safari ends a composition before it tells of its key, which then has the code 229.
    if (event.key === 'Enter' && !event.shiftKey && !event.ctrlKey && !event.altKey && !event.isComposing && event.keyCode !== 229) {
      event.preventDefault();
      send();
    }
  };

  const onInput = (event) => {
    setText(keptDraft(event.target.value));
    onKeystroke(event.target.value === '');
  };

  return html`<form class="composer" onSubmit=${(event) => { event.preventDefault(); send(); }}>
    <div class="composer-box">
      <textarea ref=${area} class="composer-text" rows="1" value=${text} onInput=${onInput} onKeyDown=${onKeyDown} enterkeyhint="send"
        aria-label=${t('composer.label')} placeholder=${t('composer.placeholder')} aria-invalid=${left < 0 ? 'true' : undefined}
        aria-describedby="composer-left" dir="auto"></textarea>
      <button type="submit" class="send-button" disabled=${!canSend} aria-label=${t('composer.send')}><${Icon} name="send" /></button>
    </div>
    <p id="composer-left" class=${left < 0 ? 'composer-left error-text' : 'composer-left'} role="status">
      ${left <= near && (left < 0 ? t('composer.tooLong', { count: -left }) : t('composer.left', { count: left }))}</p>
  </form>`;
}
