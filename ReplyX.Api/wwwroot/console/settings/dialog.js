// A modal dialog with a form: what is asked, and two buttons below.
import { html } from '../../ui/html.js';
import { useId } from '../../ui/ids.js';
import { Modal } from '../../ui/modal.js';
import { useText } from './text.js';

/** Without `onSubmit` there is nothing to decide, and one button that closes. */
export function Dialog({ title, onClose, onSubmit, submit, cancel, busy, disabled, danger, children }) {
  const t = useText();
  const id = useId('dialog');
  const send = (event) => {
    event.preventDefault();
    if (!busy && !disabled) onSubmit();
  };
  const footer = onSubmit
    ? html`
      <button type="button" class="button" onClick=${onClose}>${cancel ?? t('dialog.cancel')}</button>
      <button type="submit" form=${id} class=${danger ? 'button danger-fill' : 'button primary'} disabled=${busy || disabled}>${submit}</button>`
    : html`<button type="button" class="button primary" onClick=${onClose}>${t('dialog.done')}</button>`;
  return html`
    <${Modal} title=${title} onClose=${onClose} closeLabel=${t('dialog.close')} footer=${footer} class="settings-dialog">
      ${onSubmit
        ? html`<form class="form-body" id=${id} noValidate onSubmit=${send}>${children}</form>`
        : html`<div class="form-body">${children}</div>`}
    <//>`;
}
