// A question to the assistant as it is saved, without a dialog.
import { html, useState } from '../../../ui/html.js';
import { Avatar } from '../../../ui/avatar.js';
import { TextField } from '../../../ui/field.js';
import { Icon } from '../../../ui/icon.js';
import { api } from '../../api.js';
import { useSession } from '../../session.js';
import { Section } from '../parts.js';
import { problemText, useText } from '../text.js';

const longest = 8_000;

export function TryOut({ path, dirty }) {
  const t = useText();
  const { me } = useSession();
  const [text, setText] = useState('');
  const [tried, setTried] = useState(null);
  const [busy, setBusy] = useState(false);
  const send = async () => {
    const question = text.trim();
    if (!question || busy) return;
    setBusy(true);
    setTried({ question });
    try {
      setTried({ question, ...(await api.post(path, { text: question })) });
      setText('');
    } catch (error) {
      setTried({ question, error });
    }

    setBusy(false);
  };
  // It stands in the form of the settings, where Enter would save.
  const onKeyDown = (event) => {
    if (event.key === 'Enter' && !event.isComposing) {
      event.preventDefault();
      send();
    }
  };
  return html`
    <${Section} title=${t('try.title')} text=${t('try.text')}>
      ${dirty && html`<p class="notice warning boxed"><${Icon} name="warning" size="18" />${t('try.dirty')}</p>`}
      ${tried && html`
        <div class="tried">
          <div class="tried-line own"><p>${tried.question}</p><${Avatar} name=${me.name} id=${me.id} /></div>
          <div class="tried-line" role="status">
            <${Avatar} bot />
            <div>
              <p class=${tried.error ? 'failed' : null}>${tried.error ? problemText(t, tried.error) : tried.answer ?? (tried.handover ? t('try.no_answer') : t('try.thinking'))}</p>
              ${tried.kind && html`
                <p class="row-note">
                  ${t(`assistant.kind.${tried.kind}`)} · ${t('try.took', { count: Math.round(tried.latency_ms) })}
                  ${tried.handover && html` <span class="badge warning">${t('try.handover')}</span>`}
                </p>`}
            </div>
          </div>
        </div>`}
      <div class="try-row">
        <${TextField} label=${t('try.question')} hiddenLabel placeholder=${t('try.placeholder')} value=${text} onValue=${setText} onKeyDown=${onKeyDown}
          maxlength=${longest} autocomplete="off" />
        <button type="button" class="button" disabled=${busy || !text.trim()} onClick=${send}><${Icon} name="send" size="18" />${t('try.ask')}</button>
      </div>
    <//>`;
}
