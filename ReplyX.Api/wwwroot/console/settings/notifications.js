// How the console tells of news in this browser.
import { html, useState } from '../../ui/html.js';
import { Switch } from '../../ui/field.js';
import { useText } from './text.js';
import { Section } from './parts.js';

export function Notifications() {
  const t = useText();
  return html`<${Section} title=${t('notify.title')} text=${t('profile.here')}><//>`;
}
