// A page of the site, drawn, with the launcher and the real chat page in it. The chat shows sample messages and starts no dialog.
import { accentProperties } from '../../../ui/accent.js';
import { html, useEffect, useLayoutEffect, useRef, useState } from '../../../ui/html.js';
import { Icon } from '../../../ui/icon.js';
import { isDark, onColors } from '../../../ui/theme.js';
import { useText } from '../text.js';

export function Preview({ site, look }) {
  const t = useText();
  const frame = useRef(null);
  const stage = useRef(null);
  const [ready, setReady] = useState(false);
  const shown = { ...look, title: look.title || site.name };

  useEffect(() => {
    if (ready) frame.current.contentWindow.postMessage({ type: 'look', look: shown, welcome: site.welcome }, location.origin);
  }, [ready, JSON.stringify(shown)]);

  // The launcher stands on the visitor's page, in the site's colour.
  useLayoutEffect(() => {
    const color = () => {
      const dark = look.theme === 'dark' || (look.theme === 'auto' && isDark());
      for (const [name, value] of Object.entries(accentProperties(look.color, dark) ?? {})) stage.current.style.setProperty(name, value);
    };
    color();
    return onColors(color);
  }, [look.color, look.theme]);

  return html`
    <aside class="preview" aria-label=${t('look.preview')}>
      <p class="label">${t('look.preview')}</p>
      <div class=${`stage ${look.position}`} ref=${stage}>
        <div class="stage-bar" aria-hidden="true"><i></i><i></i><i></i><span>${site.origins[0] ?? 'https://…'}</span></div>
        <div class="stage-page" aria-hidden="true"><b></b><i></i><i></i><i></i><u></u><i></i><i></i></div>
        <iframe ref=${frame} class="stage-chat" title=${t('look.preview_chat')} tabindex="-1"
          src=${`/chat?preview=1&assistant_id=${encodeURIComponent(site.assistant_id)}`} onLoad=${() => setReady(true)}></iframe>
        <div class=${look.launcher_text ? 'stage-launcher with-text' : 'stage-launcher'} aria-hidden="true">
          <${Icon} name="chat" size="24" />${look.launcher_text && html`<span>${look.launcher_text}</span>`}
        </div>
      </div>
      <p class="hint">${t('look.preview_text')}</p>
    </aside>`;
}
