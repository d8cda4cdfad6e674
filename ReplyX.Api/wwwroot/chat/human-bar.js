// Asking for a person, and withdrawing that.
import { html, useState } from '../ui/html.js';
import { Icon } from '../ui/icon.js';

export function HumanBar({ conversation, t }) {
  const [isBusy, setBusy] = useState(false);
  const [hasFailed, setFailed] = useState(false);
  const { handoff } = conversation;
  if (handoff === 'active') return null;

  const run = async (step) => {
    setBusy(true);
    setFailed(false);
    try {
      await step();
    } catch (error) {
      // Somebody was quicker: what the chat shows by then is right.
      setFailed(error?.code !== 'handoff_wrong_state');
    }

    setBusy(false);
  };

  return html`<div class="human-bar">
    ${handoff === 'requested'
      ? html`<span class="human-waiting"><span class="pulse" aria-hidden="true"></span>${t('human.waiting')}</span>
          <button type="button" class="text-button" disabled=${isBusy} onClick=${() => run(() => conversation.cancelHuman())}>${t('human.cancel')}</button>`
      : html`<button type="button" class="text-button human-request" disabled=${isBusy} onClick=${() => run(() => conversation.requestHuman())}>
          <${Icon} name="people" size="16" />${t('human.request')}</button>`}
    <span class="error-text" role="alert">${hasFailed && t('human.failed')}</span>
  </div>`;
}
