// One's own menu at the end of the rail: name, theme, language, sign-out.
import { html } from '../ui/html.js';
import { Avatar } from '../ui/avatar.js';
import { Menu, MenuChoice, MenuItem, MenuLine } from '../ui/menu.js';
import { setTheme, theme, themes } from '../ui/theme.js';
import { useStore } from '../ui/store.js';
import { languageNames, languages, setLanguage, useLanguage, useText } from './i18n.js';
import { useSession } from './session.js';

export function OwnMenu() {
  const t = useText();
  const { me, signOut } = useSession();
  const chosen = useStore(theme);
  const language = useLanguage();
  return html`
    <${Menu} label=${t('own.menu', { name: me.name })} hasText class="rail-item own" placement="end"
      button=${html`<${Avatar} name=${me.name} id=${me.id} /><span>${t('shell.own')}<span class="sr-only">: ${me.name}</span></span>`}>
      <div class="menu-head" role="presentation">
        <strong>${me.name}</strong>
        <span>${[me.login, me.account?.name].filter(Boolean).join(' · ')}</span>
      </div>
      <${MenuLine} label=${t('own.theme')} />
      ${themes.map((value) => html`
        <${MenuChoice} key=${value} checked=${chosen === value} onChoose=${() => setTheme(value)}>${t(`own.theme.${value}`)}<//>`)}
      <${MenuLine} label=${t('own.language')} />
      ${languages.map((value) => html`
        <${MenuChoice} key=${value} checked=${language === value} onChoose=${() => setLanguage(value)}>
          <span lang=${value}>${languageNames[value] ?? value}</span>
        <//>`)}
      <${MenuLine} />
      <${MenuItem} icon="exit" onChoose=${signOut}>${t('own.sign_out')}<//>
    <//>`;
}
