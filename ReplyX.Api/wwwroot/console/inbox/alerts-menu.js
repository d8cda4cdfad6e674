// Which alerts there are, and the switch for none.
import { html, useState } from '../../ui/html.js';
import { Icon } from '../../ui/icon.js';
import { Menu, MenuCheck, MenuLine } from '../../ui/menu.js';
import { toast } from '../../ui/toast.js';
import { useText } from '../i18n.js';
import { askToNotify, canNotify, chooseAlerts, isAllowed, useAlertChoice } from './alerts.js';
import { beep } from './sound.js';

export function AlertsMenu() {
  const t = useText();
  const { sound, desktop, quiet } = useAlertChoice();
  const [, redraw] = useState(0);
  const toggleDesktop = async () => {
    if (desktop && isAllowed()) {
      chooseAlerts({ desktop: false });
    } else if (!(await askToNotify())) {
      toast(t('alerts.refused'), { kind: 'danger' });
    }
    redraw((count) => count + 1);
  };
  return html`
    <${Menu} label=${t(quiet ? 'alerts.menu_quiet' : 'alerts.menu')} button=${html`<${Icon} name=${quiet ? 'bell-off' : 'bell'} />`}>
      <${MenuCheck} checked=${quiet} onChoose=${() => chooseAlerts({ quiet: !quiet })}>${t('alerts.quiet')}<//>
      <${MenuLine} />
      <${MenuCheck} checked=${sound} disabled=${quiet} onChoose=${() => { chooseAlerts({ sound: !sound }); if (!sound) beep(); }}>${t('alerts.sound')}<//>
      ${canNotify && html`<${MenuCheck} checked=${desktop && isAllowed()} disabled=${quiet} onChoose=${toggleDesktop}>${t('alerts.desktop')}<//>`}
    <//>`;
}
