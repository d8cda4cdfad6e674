// Where an operator writes. Who does not hold the dialog takes it over by sending; while a colleague holds it, there is nothing to write in.
import { html, useEffect, useLayoutEffect, useRef, useState } from '../../ui/html.js';
import { Icon } from '../../ui/icon.js';
import { toast } from '../../ui/toast.js';
import { isHeldBy } from '../dialog-feed.js';
import { useText } from '../i18n.js';
import { stepProblem } from './dialog-head.js';
import { holderOf } from './filters.js';
import { QuickReplies, useQuickReplies } from './quick-replies.js';

const longest = 8_000;
const highest = 180;
const isNarrow = () => matchMedia('(max-width: 860px)').matches;

export function Composer({ desk, feed, state, dialog }) {
  const t = useText();
  const [value, setValue] = useState(() => desk.draft(feed.id));
  const [isBusy, setBusy] = useState(false);
  const input = useRef(null);
  const holder = holderOf(dialog);
  const isMine = isHeldBy(feed.me, holder);

  const change = (text) => {
    setValue(text);
    desk.keepDraft(feed.id, text);
    feed.typing(text.trim() !== '' && (isMine || !holder) && !text.startsWith('/'));
  };
  const put = (text) => {
    if (isBusy) return;
    change(text);
    requestAnimationFrame(() => {
      input.current?.focus();
      input.current?.setSelectionRange(text.length, text.length);
    });
  };
  const replies = useQuickReplies(value, put);

  useLayoutEffect(() => {
    const element = input.current;
    if (!element) return;
    element.style.setProperty('height', 'auto');
    element.style.setProperty('height', `${Math.min(highest, element.scrollHeight + 2)}px`);
  }, [value, Boolean(holder) && !isMine]);
  useEffect(() => {
    // On a phone the keyboard would cover what was written.
    if (matchMedia('(pointer: fine)').matches) input.current?.focus({ preventScroll: true });
  }, [feed]);

  if (holder && !isMine) {
    return html`<div class="composer-lock" role="status"><${Icon} name="person" /><span>${t('composer.held', { name: holder.name })}</span></div>`;
  }

  const text = value.trim();
  const send = async () => {
    if (text === '' || isBusy || replies.isOpen) return;
    if (text.length > longest) {
      toast(t('composer.too_long', { count: longest }), { kind: 'danger' });
      return;
    }
    if (!feed.isMine) {
      setBusy(true);
      try {
        await feed.takeOver();
      } catch (error) {
        toast(stepProblem(error), { kind: 'danger' });
        return;
      } finally {
        setBusy(false);
      }
    }
    feed.send(text);
    change('');
    input.current?.focus();
  };

  const key = (event) => {
    if (replies.onKey(event)) return;
    if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      void send();
    } else if (event.key === 'Escape') {
      event.stopPropagation();
      input.current.blur();
    }
  };

  return html`
    <form class="composer" onSubmit=${(event) => { event.preventDefault(); void send(); }}>
      <${QuickReplies} replies=${replies} />
      <div class="composer-box">
        <textarea id="reply" ref=${input} rows="1" maxlength=${longest + 1_000} aria-label=${t('composer.label')} placeholder=${t(isNarrow() ? 'composer.placeholder_short' : isMine ? 'composer.placeholder' : 'composer.placeholder_free')}
          value=${value} disabled=${state.isGone} readOnly=${isBusy} ...${replies.attributes}
          onInput=${(event) => change(event.target.value)} onKeyDown=${key} onBlur=${() => feed.typing(false)}></textarea>
        <button type="button" class="icon-button" aria-label=${t('composer.quick_replies')} title=${t('composer.quick_replies')} onClick=${() => put('/')}><${Icon} name="bolt" /></button>
        <button type="submit" class="button primary composer-send" aria-disabled=${text === '' || isBusy}>
          <${Icon} name="send" /><span>${t(isMine ? 'composer.send' : 'composer.take_and_send')}</span>
        </button>
      </div>
    </form>`;
}
