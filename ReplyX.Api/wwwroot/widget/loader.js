// ReplyX widget. https://replyx.dev
// Puts a launcher and the chat's frame on a page. What the chat does happens in the frame, which is of ReplyX' origin; this file
// only opens and closes it. It must never disturb its host: nothing here throws, writes to the console or moves anything.
(() => {
  'use strict';

  const version = 1;
  const again = Symbol.for('replyx.again');
  let script = document.currentScript || document.querySelector('script[data-site-token][src*="/widget"],script[data-assistant-id][src*="/widget"]');
  const given = window.ReplyX;
  if (given && given[again]) {
    given[again](script);
    return;
  }

  if (!script || !script.src) return;

  const data = { ...script.dataset };
  const origin = new URL(script.src).origin;
  const type = ['embedded', 'fullscreen'].includes(data.type) ? data.type : 'floating';
  const floats = type !== 'embedded';
  const listeners = Object.create(null);
  const host = document.createElement('replyx-widget');
  let launcher, label, badge, frame, isReady, isOpen, openedAt, visitor, focused;

  // Trouble that a page's own listener makes is told to the page as its own.
  const safely = (act) => (...args) => {
    try {
      return act(...args);
    } catch (error) {
      return undefined;
    }
  };

  const emit = (name, detail) => (listeners[name] || []).slice().forEach((listener) => {
    try {
      listener(detail);
    } catch (error) {
      setTimeout(() => { throw error; });
    }
  });

  const element = (name, properties, ...children) => {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...children);
    return made;
  };

  const icon = (path) => {
    const make = (name, attributes) => {
      const made = document.createElementNS('http://www.w3.org/2000/svg', name);
      Object.keys(attributes).forEach((key) => made.setAttribute(key, attributes[key]));
      return made;
    };
    const svg = make('svg', { viewBox: '0 0 24 24', 'aria-hidden': 'true' });
    svg.append(make('path', { d: path }));
    return svg;
  };

  const css = `
:host{all:initial!important;position:absolute!important}
:host([hidden]){display:none!important}
:host([data-type=embedded]){position:static!important;display:block!important;width:100%!important;height:100%!important;min-height:24rem!important}
iframe{display:block;border:0;width:100%;height:100%;min-height:inherit;background:transparent}
button{all:unset;box-sizing:border-box;position:fixed;z-index:2147483001;bottom:max(20px,env(safe-area-inset-bottom));right:20px;display:flex;align-items:center;justify-content:center;gap:10px;min-width:56px;height:56px;padding:0 16px;border-radius:28px;background:var(--c);color:var(--o);font:600 15px/1 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;cursor:pointer;box-shadow:0 6px 20px rgb(16 20 30/22%),0 1px 4px rgb(16 20 30/18%);transition:transform .16s,opacity .2s}
button[hidden]{display:none}
button.left{right:auto;left:20px}
button:hover{transform:translateY(-1px)}
button:active{transform:scale(.96)}
button:focus-visible{outline:3px solid #10141e;outline-offset:3px;box-shadow:0 0 0 3px #fff}
svg{width:24px;height:24px;fill:none;stroke:currentColor;stroke-width:1.75;stroke-linecap:round;stroke-linejoin:round;flex:none}
button[aria-expanded=true] .chat,button[aria-expanded=false] .down,button[aria-expanded=true] .text{display:none}
.text:empty,.badge:empty{display:none}
.badge{position:absolute;top:-4px;right:-4px;box-sizing:border-box;min-width:22px;height:22px;padding:0 6px;border:2px solid #fff;border-radius:11px;background:#c62828;color:#fff;font:700 12px/18px system-ui,sans-serif;text-align:center}
.panel{position:fixed;z-index:2147483002;right:20px;bottom:92px;width:min(400px,calc(100vw - 40px));height:min(680px,calc(100vh - 112px));overflow:hidden;border-radius:16px;background:#fff;box-shadow:0 16px 48px rgb(16 20 30/20%),0 2px 10px rgb(16 20 30/12%);opacity:0;visibility:hidden;transform:translateY(10px);transition:opacity .18s,transform .18s,visibility 0s .18s}
.panel.left{right:auto;left:20px}
.panel.open{opacity:1;visibility:visible;transform:none;transition-delay:0s}
.panel.full{top:var(--t,0);left:0;right:0;bottom:auto;width:100%;height:var(--h,100dvh);border-radius:0}
@media(max-width:480px){.panel{top:var(--t,0);left:0!important;right:0;bottom:auto;width:100%;height:var(--h,100dvh);border-radius:0}button.open{visibility:hidden}}
button.full.open{visibility:hidden}
@media(prefers-color-scheme:dark){.panel{background:#14171d}.badge{border-color:#14171d}}
@media(prefers-reduced-motion:reduce){.panel,button{transition:none}}
@media(forced-colors:active){button,.panel{border:1px solid}svg{forced-color-adjust:auto}}
@media print{button,.panel{display:none}}`;

  const covers = () => type === 'fullscreen' || matchMedia('(max-width:480px)').matches;

  const page = () => ({
    url: location.origin + location.pathname + location.search,
    title: document.title,
    referrer: document.referrer,
  });

  const tell = (name, content) => {
    // A page that changes its whole content may have thrown the frame away.
    if (isReady && frame.contentWindow) frame.contentWindow.postMessage({ replyx: version, type: name, ...content }, origin);
  };

  // The keyboard of a phone shrinks what is seen of the page, and not the page: the chat follows, so that the keyboard hides none of it.
  const fit = safely(() => {
    const seen = window.visualViewport;
    const { style } = frame.parentNode;
    if (seen && isOpen && covers() && seen.scale === 1) {
      style.setProperty('--h', `${seen.height}px`);
      style.setProperty('--t', `${seen.offsetTop}px`);
    } else {
      style.removeProperty('--h');
      style.removeProperty('--t');
    }
  });

  const show = () => {
    if (!launcher) return;
    // Only the chat has a button that closes it: before it is there, or where there is none, nothing may cover the page.
    const isShown = Boolean(isOpen && isReady);
    const change = isShown ? 'add' : 'remove';
    frame.parentNode.classList[change]('open');
    launcher.classList[change]('open');
    launcher.setAttribute('aria-expanded', String(isShown));
    const text = launcher.querySelector('.text').textContent;
    const name = badge.label || label.open;
    // Who speaks to the computer says what they see (WCAG 2.2, 2.5.3).
    launcher.setAttribute('aria-label', isShown ? label.close : text ? `${text}. ${name}` : name);
    fit();
  };

  const open = safely(() => {
    place();
    if (!floats) {
      frame.focus();
      tell('open', { page: page(), focus: true });
      return;
    }

    if (isOpen) return;
    focused = document.activeElement;
    isOpen = true;
    openedAt = performance.now();
    show();
    if (isReady) frame.focus();
    tell('open', { page: page(), focus: true });
    emit('open');
  });

  const close = safely(() => {
    if (!floats || !isOpen) return;
    const hadFocus = document.activeElement === host;
    isOpen = false;
    show();
    tell('close');
    if (hadFocus) {
      const back = focused && focused !== document.body && focused !== host && focused.isConnected ? focused : launcher;
      back.focus({ preventScroll: true });
    }

    emit('close');
  });

  const hear = safely((event) => {
    const message = event.data;
    if (!frame || event.source !== frame.contentWindow || event.origin !== origin || !message || message.replyx !== version) return;
    switch (message.type) {
      case 'hello':
        frame.contentWindow.postMessage({ replyx: version, type: 'init', page: page(), open: !floats || Boolean(isOpen) }, origin);
        break;
      case 'ready':
        ready(message);
        break;
      case 'unread':
        if (badge) {
          badge.label = message.count > 0 ? message.label : '';
          badge.textContent = message.count > 0 ? (message.count > 99 ? '99+' : message.count) : '';
          show();
        }

        emit('unread', { count: message.count });
        break;
      case 'close':
        close();
        break;
      case 'message':
        emit('message', { sender: message.sender });
        break;
      case 'handoff':
        emit('handoff', { state: message.state });
        break;
    }
  });

  // The launcher comes with the chat: where there is none, as for an unknown site, there is nothing to open.
  const ready = (look) => {
    const isFirst = !isReady;
    isReady = true;
    label = look.labels;
    frame.title = look.title;
    if (launcher) {
      launcher.style.setProperty('--c', look.color);
      launcher.style.setProperty('--o', look.on);
      launcher.querySelector('.text').textContent = look.text || '';
      [launcher, frame.parentNode].forEach((part) => part.classList[look.position === 'left' ? 'add' : 'remove']('left'));
      launcher.hidden = false;
      show();
    }

    if (visitor) tell('identify', visitor);
    if (isOpen) {
      frame.focus();
      tell('open', { focus: true });
    }

    if (isFirst) emit('ready');
  };

  const build = () => {
    const query = new URLSearchParams({ type });
    if (data.siteToken) query.set('site_token', data.siteToken);
    else query.set('assistant_id', data.assistantId || '');
    ['theme', 'locale', 'color', 'position', 'welcome'].forEach((name) => data[name] && query.set(name, data[name]));
    frame = element('iframe', { src: `${origin}/chat?${query}`, title: 'Chat', allow: 'clipboard-write' });
    host.dataset.type = type;
    const root = host.attachShadow({ mode: 'closed' });
    if (root.adoptedStyleSheets) {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(css);
      root.adoptedStyleSheets = [sheet];
    } else {
      root.append(element('style', { textContent: css }));
    }

    if (!floats) {
      root.append(frame);
      return;
    }

    const full = type === 'fullscreen' ? ' full' : '';
    badge = element('span', { className: 'badge' });
    badge.setAttribute('aria-hidden', 'true');
    const [chat, down] = [icon('M4 5.5h16v11H9.5L5 20v-3.5H4zM8 10h8M8 13h5'), icon('M5.5 9l6.5 6.5L18.5 9')];
    chat.setAttribute('class', 'chat');
    down.setAttribute('class', 'down');
    launcher = element('button', { type: 'button', hidden: true, className: full.trim() }, chat, down, element('span', { className: 'text' }), badge);
    launcher.setAttribute('aria-haspopup', 'dialog');
    launcher.addEventListener('click', () => (isOpen ? close() : open()));
    launcher.addEventListener('keydown', (event) => event.key === 'Escape' && close());
    label = { open: 'Chat', close: 'Chat' };
    root.append(launcher, element('div', { className: `panel${full}` }, frame));
  };

  // What is no selector finds nothing.
  const find = safely((selector) => document.querySelector(selector));

  // Once, and again where a page that changes its whole content has thrown it away.
  const place = safely(() => {
    if (!frame) build();
    if (host.isConnected) return;
    isReady = false;
    show();
    const target = !floats && data.target ? find(data.target) : null;
    if (target) target.append(host);
    else if (!floats && script.isConnected && document.body.contains(script)) script.after(host);
    else document.body.append(host);
  });

  const api = {
    open,
    close,
    on(name, listener) {
      (listeners[name] = listeners[name] || []).push(listener);
      if (name === 'ready' && isReady) setTimeout(() => listeners.ready.includes(listener) && listener());
      return () => { listeners[name] = listeners[name].filter((other) => other !== listener); };
    },
    identify: safely((who) => {
      visitor = { name: who.name, email: who.email };
      tell('identify', visitor);
    }),
    push(...calls) {
      calls.forEach(safely(([name, ...args]) => { if (Object.keys(api).includes(name) && name !== 'push') api[name](...args); }));
    },
  };
  Object.defineProperty(api, again, {
    value: (other) => {
      script = other || script;
      if (document.readyState === 'complete') place();
    },
  });
  window.ReplyX = api;
  if (Array.isArray(given)) api.push(...given);

  const begin = safely(() => {
    addEventListener('message', hear);
    const idle = window.requestIdleCallback || ((act) => setTimeout(act, 200));
    const wait = () => idle(place, { timeout: 2000 });
    if (document.readyState === 'complete') wait();
    else addEventListener('load', wait, { once: true });
    if (window.visualViewport) ['resize', 'scroll'].forEach((name) => visualViewport.addEventListener(name, () => frame && fit()));
    // The focus that leaves a chat which covers the window would be behind it (WCAG 2.2, 2.4.11). It stays where it went. Within the first
    // second it is the page that moves it: the menu that opened the chat closes, say.
    document.addEventListener('focusin', safely(({ target }) => {
      if (isOpen && isReady && covers() && target !== host && performance.now() - openedAt > 1000) close();
    }));
    const moved = safely(() => tell('page', { page: page() }));
    if (window.navigation) navigation.addEventListener('navigatesuccess', moved);
    else addEventListener('popstate', moved);
  });
  begin();
})();
