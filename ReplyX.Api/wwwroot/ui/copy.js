// Text to take along: a secret that is shown once, a snippet, an address.
import { html, useEffect, useRef, useState } from './html.js';
import { Icon } from './icon.js';

const shownFor = 2_000;

/** Copies `text`, and says so on the button for a moment and to a screen reader. */
function CopyButton({ text, label, done, primary }) {
  const [copied, setCopied] = useState(false);
  const timer = useRef(0);
  useEffect(() => () => clearTimeout(timer.current), []);

  const copy = async () => {
    await write(text);
    setCopied(true);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setCopied(false), shownFor);
  };
  return html`
    <button type="button" class=${primary ? 'button primary' : 'button'} onClick=${copy}>
      <${Icon} name=${copied ? 'check' : 'copy'} size="18" />${copied ? done : label}
    </button>
    <span class="sr-only" role="status">${copied ? done : ''}</span>`;
}

/** A text to copy and its button. A long one wraps; `secret` texts are one line that scrolls. */
export function CopyBox({ text, label, name, done, block }) {
  return html`
    <div class=${block ? 'copy-box block' : 'copy-box'}>
      <code tabindex="0" role="textbox" aria-readonly="true" aria-multiline=${block ? 'true' : null} aria-label=${name}>${text}</code>
      <${CopyButton} text=${text} label=${label} done=${done} />
    </div>`;
}

/** Puts a text on the clipboard, which is there on https and localhost only. */
export async function write(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = document.createElement('textarea');
    area.value = text;
    (document.querySelector('dialog[open]') ?? document.body).append(area);
    area.select();
    document.execCommand('copy');
    area.remove();
  }
}
