// A page of the site, drawn, with the launcher and the real chat page in it. The chat shows sample messages and starts no dialog.
import { accentProperties } from '../../../ui/accent.js';
import { html, useEffect, useLayoutEffect, useRef, useState } from '../../../ui/html.js';
import { Icon } from '../../../ui/icon.js';
import { isDark, onColors } from '../../../ui/theme.js';
import { useText } from '../text.js';

// Of what the two pages tell each other.
const version = 1;

export function Preview({ site, look }) {
  const t = useText();
  const frame = useRef(null);
  const stage = useRef(null);
  const [ready, setReady] = useState(false);
  const shown = JSON.stringify({ ...look, title: look.title || site.name, welcome: site.welcome, assistant: site.assistant_enabled });

  // The chat says hello when it can hear (chat/host.js).
  useEffect(() => {
    const hear = ({ source, origin, data }) => {
      if (source === frame.current?.contentWindow && origin === location.origin && data?.replyx === version && data.type === 'hello') setReady(true);
    };
    addEventListener('message', hear);
    return () => removeEventListener('message', hear);
  }, []);
  useEffect(() => {
    if (ready) frame.current.contentWindow.postMessage({ replyx: version, type: 'look', look: JSON.parse(shown) }, location.origin);
  }, [ready, shown]);

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
        <iframe ref=${frame} class="stage-chat" title=${t('look.preview_chat')}
          src=${`/chat?preview=1&assistant_id=${encodeURIComponent(site.assistant_id)}`}></iframe>
        <div class=${look.launcher_text ? 'stage-launcher with-text' : 'stage-launcher'} aria-hidden="true">
          <${Icon} name="chat" size="24" />${look.launcher_text && html`<span>${look.launcher_text}</span>`}
        </div>
      </div>
      <p class="hint">${t('look.preview_text')}</p>
    </aside>`;
}
