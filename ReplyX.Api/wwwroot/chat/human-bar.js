// Asking for a person, and withdrawing that. Where people answer anyway nobody needs to ask for one.
import { html, useState } from '../ui/html.js';
import { Icon } from '../ui/icon.js';

export function HumanBar({ conversation, isAssisted, t }) {
  const [isBusy, setBusy] = useState(false);
  const [hasFailed, setFailed] = useState(false);
  const { handoff } = conversation;
  if (handoff === 'active' || (!isAssisted && handoff !== 'requested')) return null;

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

  // One button for both, which is never disabled: the focus stays on what was pressed.
  const isWaiting = handoff === 'requested';
  return html`<div class="human-bar">
    <span class="human-waiting" hidden=${!isWaiting}><span class="pulse" aria-hidden="true"></span>${t('human.waiting')}</span>
    <button type="button" class=${isWaiting ? 'text-button' : 'text-button human-request'} aria-disabled=${String(isBusy)}
      onClick=${() => !isBusy && run(() => (isWaiting ? conversation.cancelHuman() : conversation.requestHuman()))}>
      ${!isWaiting && html`<${Icon} name="people" size="16" />`}${t(isWaiting ? 'human.cancel' : 'human.request')}</button>
    <span class="error-text" role="alert">${hasFailed && t('human.failed')}</span>
  </div>`;
}
