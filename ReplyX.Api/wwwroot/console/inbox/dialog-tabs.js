// The dialogs that are open. A cross, or a click of the middle button, closes one.
import { html } from '../../ui/html.js';
import { Icon } from '../../ui/icon.js';
import { useStore } from '../../ui/store.js';
import { useText } from '../i18n.js';
import { Link } from '../router.js';
import { visitorName } from './names.js';

export function DialogTabs({ desk, id, actions }) {
  const t = useText();
  const tabs = useStore(desk.tabs);
  const dialogs = useStore(desk.dialogs.state, (state) => state.dialogs);
  return html`
    <nav class="dialog-tabs" aria-label=${t('tabs.title')}>
      ${tabs.map((tab) => {
        const dialog = dialogs.get(tab) ?? { id: tab };
        const name = visitorName(dialog, t);
        return html`
          <div key=${tab} class=${tab === id ? 'dialog-tab current' : 'dialog-tab'} onAuxClick=${(event) => {
            if (event.button !== 1) return;
            // Or the browser would open the link as well.
            event.preventDefault();
            actions.closeTab(tab);
          }}>
            <${Link} to=${`/inbox/${tab}`} current=${tab === id} title=${name}>
              ${dialog.unread > 0 && tab !== id && html`<span class="dot"><span class="sr-only">${t('list.unread', { count: dialog.unread })}</span></span>`}
              <span>${name}</span>
            <//>
            <button type="button" class="tab-close" aria-label=${t('tabs.close', { name })} onClick=${() => actions.closeTab(tab)}><${Icon} name="close" /></button>
          </div>`;
      })}
    </nav>`;
}
