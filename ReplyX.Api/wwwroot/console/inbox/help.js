// The shortcuts, and the switch for them.
import { html } from '../../ui/html.js';
import { Modal } from '../../ui/modal.js';
import { useText } from '../i18n.js';
import { setShortcutsOn, shortcuts, useShortcutsOn } from './shortcuts.js';

export function Help({ onClose }) {
  const t = useText();
  const isOn = useShortcutsOn();
  return html`
    <${Modal} title=${t('help.title')} closeLabel=${t('close')} onClose=${onClose}>
      <dl class="help-keys">
        ${shortcuts.map(({ keys, text }) => html`
          <div key=${text}><dt>${t(`help.${text}`)}</dt><dd>${keys.map((key) => html`<kbd key=${key}>${key}</kbd>`)}</dd></div>`)}
      </dl>
      <p class="help-note">${t('help.composer')}</p>
      <label class="check help-switch"><input type="checkbox" checked=${isOn} onChange=${(event) => setShortcutsOn(event.target.checked)} /><span>${t('help.on')}</span></label>
    <//>`;
}
