// The chat page: finds out whom it is for, and draws it.
import { ReplyXClient } from '../client/index.js';
import { accentProperties, applyAccent } from '../ui/accent.js';
import { config } from '../ui/config.js';
import { html, render } from '../ui/html.js';
import { App } from './app.js';
import { Conversation } from './conversation.js';
import { Host } from './host.js';
import { NoChat } from './no-chat.js';
import { previewConversation } from './preview.js';
import { readMemory } from './read-memory.js';
import { choose, loadTexts } from './texts.js';

const root = document.getElementById('chat');
const floats = config.type === 'floating' || config.type === 'fullscreen';
const shell = { look: config.look, texts: await loadTexts(config.locale), isOpen: true, focus: 0, greeting: config.greeting };
let stopAccent = () => {};

function applyLook() {
  const { theme, color, title } = shell.look;
  if (theme === 'auto') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  stopAccent();
  stopAccent = applyAccent(color);
  document.documentElement.lang = shell.texts.language;
  document.title = title || shell.texts.t('chat.messages');
}

if (config.error) {
  applyLook();
  render(html`<${NoChat} reason=${config.error} t=${shell.texts.t} />`, root);

  // The server could not look, which passes; each visitor comes back at a time of their own.
  if (config.error === 'busy') setTimeout(() => location.reload(), 3_000 + Math.random() * 7_000);
} else {
  run();
}

function run() {
  const conversation = config.preview ? previewConversation(() => shell.texts, config) : begin();

  const host = new Host(window.parent === window ? null : window.parent, config.preview ? {
    // The console's settings show what the owner is about to save.
    look: async ({ look }, origin) => {
      if (origin !== location.origin || typeof look !== 'object' || look === null) return;
      shell.look = { ...shell.look, ...look };
      config.welcome = look.welcome ?? config.welcome;
      config.assistant = look.assistant ?? config.assistant;
      if (look.locale) {
        const wanted = look.locale === 'auto' ? navigator.languages : [look.locale];
        shell.texts = await loadTexts(choose(wanted, config.languages));
      }

      applyLook();
      draw();
    },
  } : {
    init: ({ page, open }) => {
      conversation.visit(page);
      tellReady();
      show(open === true, false);
    },
    page: ({ page }) => conversation.visit(page),
    open: ({ page, focus }) => {
      if (page) conversation.visit(page);
      show(true, focus === true);
    },
    close: () => show(false, false),
    identify: ({ name, email }) => void conversation.identify(texted({ name, email })).catch(() => {}),
  });
  const canClose = floats && host.isEmbedded && !config.preview;
  shell.isOpen = !canClose;
  shell.isEmbedded = host.isEmbedded;

  function tellReady() {
    const { t } = shell.texts;
    const accent = accentProperties(shell.look.color, false) ?? {};
    host.tell('ready', {
      color: accent['--accent'],
      on: accent['--on-accent'],
      position: shell.look.position,
      text: shell.look.launcher_text,
      title: t('chat.label', { title: shell.look.title }),
      labels: { open: t('launcher.open'), close: t('launcher.close') },
    });
  }

  function show(isOpen, focus) {
    shell.isOpen = isOpen || !canClose;
    if (focus) shell.focus++;
    draw();
  }

  let told = { unread: 0, news: null, handoff: conversation.handoff };
  function tellHost() {
    // To nobody yet: what is told before the page has spoken would be lost, and not told again.
    if (host.origin === undefined) return;
    const { unread, news, handoff } = conversation;
    const { t } = shell.texts;
    if (unread !== told.unread) host.tell('unread', { count: unread, label: unread > 0 ? t('launcher.unread', { count: unread }) : t('launcher.open') });
    if (news !== told.news && news?.type === 'message') host.tell('message', { sender: news.sender });
    if (handoff !== told.handoff) host.tell('handoff', { state: handoff });
    told = { unread, news, handoff };
  }

  function draw() {
    conversation.look(shell.isOpen && document.visibilityState === 'visible');
    render(html`<${App} conversation=${conversation} shell=${{ ...shell }} config=${config} canClose=${canClose}
      onClose=${() => host.tell('close')} />`, root);
    tellHost();
  }

  applyLook();
  conversation.subscribe(draw);
  document.addEventListener('visibilitychange', draw);
  draw();
}

function begin() {
  const client = new ReplyXClient({
    api: location.origin,
    ...(config.site_token ? { siteToken: config.site_token } : { assistantId: config.assistant_id }),
    locale: navigator.language,
  });
  const conversation = new Conversation(client, readMemory(config.site_token ? 'site' : config.assistant_id));
  client.open();
  return conversation;
}

/** Only what is text. */
function texted(values) {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => typeof value === 'string'));
}
