// Who the dialog is with, who answers it, and the button that changes that.
import { html, useState } from '../../ui/html.js';
import { Avatar } from '../../ui/avatar.js';
import { Icon } from '../../ui/icon.js';
import { toast } from '../../ui/toast.js';
import { isHeldBy } from '../dialog-feed.js';
import { text, useText } from '../i18n.js';
import { Link } from '../router.js';
import { isOwner } from '../session.js';
import { holderOf, nameOf } from './filters.js';
import { visitorName } from './names.js';

export function DialogHead({ dialog, isAssisted, feed, state, actions }) {
  const t = useText();
  const [isBusy, setBusy] = useState(false);
  const holder = holderOf(dialog);
  const isMine = isHeldBy(feed.me, holder);
  const name = visitorName(dialog, t);

  const act = (step) => async () => {
    if (isBusy) return;
    setBusy(true);
    try {
      await feed[step]();
      // Who took over wants to write.
      if (step === 'takeOver') document.getElementById('reply')?.focus();
    } catch (error) {
      toast(stepProblem(error), { kind: 'danger' });
    } finally {
      setBusy(false);
    }
  };

  const button = isMine || (holder && isOwner(feed.me))
    ? html`<button type="button" class="button small" aria-disabled=${isBusy} onClick=${act('release')}><${Icon} name="reply" />${t('dialog.release')}</button>`
    : holder ? null
      : html`<button type="button" class="button small primary" aria-disabled=${isBusy} onClick=${act('takeOver')}><${Icon} name="hand" />${t('dialog.take_over')}</button>`;
  return html`
    <header class="dialog-head">
      <button type="button" class="icon-button only-narrow" aria-label=${t('dialog.back')} onClick=${actions.leave}><${Icon} name="back" /></button>
      <${Avatar} name=${nameOf(dialog) ?? ''} id=${dialog.id} />
      <div class="dialog-head-text">
        <h2>${name}</h2>
        <p class="dialog-holder">${holderText(dialog, holder, isMine, isAssisted, t)}</p>
      </div>
      ${!state.isGone && button}
      <${Link} to=${`/inbox/${feed.id}/visitor`} class="icon-button to-visitor" aria-label=${t('dialog.visitor')} title=${t('dialog.visitor')}><${Icon} name="info" /><//>
    </header>`;
}

function holderText(dialog, holder, isMine, isAssisted, t) {
  if (isMine) return t('dialog.held_by_you');
  if (holder) return t('dialog.held_by', { name: holder.name });
  if (dialog.handoff === 'requested' || dialog.waiting_since) return t('dialog.wants_person');
  // A space keeps the line's height until it is known who answers.
  return isAssisted === undefined ? '\u00a0' : t(isAssisted ? 'dialog.held_by_assistant' : 'dialog.held_by_team');
}

/** Why a takeover or a release did not come about. */
export function stepProblem(error) {
  if (error.code === 'handoff_wrong_state' && error.handoff === 'active') return text('dialog.too_late');
  if (error.code === 'handoff_not_yours') return text('dialog.not_yours');
  if (error.code === 'handoff_wrong_state') return text('dialog.changed');
  return text(error.isPassing ? 'problem.passing' : 'problem.unknown', { code: error.code });
}
