// How the console tells of news in this browser: the same choice as in the inbox.
import { html, useState } from '../../ui/html.js';
import { Switch } from '../../ui/field.js';
import { toast } from '../../ui/toast.js';
import { askToNotify, canNotify, chooseAlerts, isAllowed, useAlertChoice } from '../inbox/alerts.js';
import { beep } from '../inbox/sound.js';
import { Section } from './parts.js';
import { useText } from './text.js';

export function Notifications() {
  const t = useText();
  const { sound, desktop, quiet } = useAlertChoice();
  const [, render] = useState(0);
  const setSound = (on) => {
    chooseAlerts({ sound: on });
    if (on) beep();
  };
  const setDesktop = async (on) => {
    if (!on) chooseAlerts({ desktop: false });
    else if (!(await askToNotify())) toast(t('notify.denied'), { kind: 'danger' });
    // Also where the answer was no: the switch has moved already.
    render((count) => count + 1);
  };
  return html`
    <${Section} title=${t('notify.title')} text=${t('profile.here')}>
      <${Switch} label=${t('notify.quiet')} hint=${t('notify.quiet_hint')} checked=${quiet} onValue=${(on) => chooseAlerts({ quiet: on })} />
      <${Switch} label=${t('notify.sound')} hint=${t('notify.sound_hint')} checked=${sound} disabled=${quiet} onValue=${setSound} />
      ${canNotify && html`
        <${Switch} label=${t('notify.desktop')} hint=${t('notify.desktop_hint')} checked=${desktop && isAllowed()} disabled=${quiet} onValue=${setDesktop} />`}
    <//>`;
}
