// Who answers, and what can be done about it.
import { html, useEffect, useRef, useState } from '../ui/html.js';
import { Avatar } from '../ui/avatar.js';
import { Icon } from '../ui/icon.js';

export function Header({ look, texts, isAssisted, handoff, operator, isUp, canClose, onClose, onContact }) {
  const { t } = texts;
  const isPerson = handoff === 'active';
  const name = isPerson ? operator ?? t('who.person') : look.title || t(isAssisted ? 'who.assistant' : 'who.team');
  const line = isPerson ? t('who.personHere') : handoff === 'requested' ? t('who.waiting') : look.subtitle || t(isAssisted ? 'who.answers' : 'who.teamAnswers');
  return html`<header class="chat-header">
    <span class=${isUp ? 'presence up' : 'presence'}><${Avatar} name=${operator} id=${operator} bot=${!isPerson && isAssisted} team=${!isPerson && !isAssisted} /></span>
    <div class="chat-who">
      <h1 class="chat-title">${name}</h1>
      <p class="chat-subtitle">${line}</p>
    </div>
    <${Menu} t=${t} onContact=${onContact} />
    ${canClose && html`<button type="button" class="icon-button" aria-label=${t('menu.close')} onClick=${onClose}><${Icon} name="close" /></button>`}
  </header>`;
}

// A button that shows what else there is: plain buttons in a box, by Tab as by mouse.
function Menu({ t, onContact }) {
  const [isOpen, setOpen] = useState(false);
  const root = useRef(null);
  const button = useRef(null);

  useEffect(() => {
    if (!isOpen) return undefined;
    root.current.querySelector('.menu button')?.focus();
    const onPress = (event) => { if (!root.current.contains(event.target)) setOpen(false); };
    document.addEventListener('pointerdown', onPress);
    return () => document.removeEventListener('pointerdown', onPress);
  }, [isOpen]);

  const close = () => {
    setOpen(false);
    button.current.focus();
  };

  const onKeyDown = (event) => {
    if (event.key === 'Escape' && isOpen) {
      event.stopPropagation();
      event.preventDefault();
      close();
    }
  };

  const onFocusOut = (event) => { if (event.relatedTarget && !root.current.contains(event.relatedTarget)) setOpen(false); };

  return html`<div class="menu-root" ref=${root} onKeyDown=${onKeyDown} onFocusOut=${onFocusOut}>
    <button type="button" ref=${button} class="icon-button" aria-label=${t('menu.label')} aria-expanded=${String(isOpen)} aria-controls="menu"
      onClick=${() => setOpen(!isOpen)}><${Icon} name="more" /></button>
    <div class="menu" id="menu" hidden=${!isOpen}>
      <button type="button" class="menu-item" onClick=${() => { close(); onContact(); }}><${Icon} name="person" />${t('menu.contact')}</button>
    </div>
  </div>`;
}
