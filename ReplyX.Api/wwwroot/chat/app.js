// The chat as a whole.
import { html, useEffect, useMemo, useRef, useState } from '../ui/html.js';
import { Avatar } from '../ui/avatar.js';
import { dayLabel } from '../ui/day.js';
import { Icon } from '../ui/icon.js';
import { Transcript } from '../ui/transcript.js';
import { TypingDots } from '../ui/typing.js';
import { Bubble, authorName } from './bubble.js';
import { Composer } from './composer.js';
import { Contact } from './contact.js';
import { Ended } from './ended.js';
import { Header } from './header.js';
import { HumanBar } from './human-bar.js';
import { isWelcome, pendingRows, storedRows } from './rows.js';
import { StatusLine } from './status-line.js';
import { SystemLine, systemText } from './system-line.js';

const openedAt = new Date().toISOString();

export function App({ conversation, shell, config, canClose, onClose }) {
  const { look, texts, isOpen, focus, greeting } = shell;
  const { t } = texts;
  const { events, pending, typing, draft, connection, handoff, unreadFrom } = conversation;
  const composer = useRef(null);
  const transcript = useRef(null);
  const main = useRef(null);
  const [atEnd, setAtEnd] = useState(true);
  const [isContactOpen, setContactOpen] = useState(false);
  const [thanks, setThanks] = useState('');

  // Before there is a dialog its welcome is shown all the same, as the event that it will be.
  const shown = useMemo(
    () => (events.length === 0 && conversation.isLoaded && config.welcome
      ? [{ type: 'message', seq: 1, sender: 'assistant', text: config.welcome, timestamp: openedAt }]
      : events),
    [events, conversation.isLoaded, config.welcome]);
  // Where the site has none, one of the account's own may answer all the same: it is there once it has said something.
  const isAssisted = useMemo(
    () => config.assistant !== false || Boolean(draft) || events.some((event) => event.sender === 'assistant' && !isWelcome(event)),
    [config.assistant, draft, events]);
  const stored = useMemo(() => storedRows(shown, unreadFrom), [shown, unreadFrom]);
  const rows = useMemo(() => {
    const last = pendingRows(pending, stored);
    const lastOwn = last.at(-1) ?? stored.findLast((row) => row.isOwn);
    const all = [
      conversation.hasOlder ? { key: 'older', kind: 'older', isFixture: true } : { key: 'intro', kind: 'intro', isFixture: true },
      ...stored,
      ...last,
    ];
    if (draft) {
      all.push({
        key: `draft:${draft.replyTo}`, kind: 'message', isDraft: true, isFirst: true, isLast: true, at: Date.now(),
        event: { type: 'message', sender: 'assistant', text: draft.text },
      });
    } else {
      all.push(...typing.map((typist) => ({ key: `typing:${typist.sender}`, kind: 'typing', typist })));
    }

    all.lastOwn = lastOwn?.key;
    return all;
  }, [stored, pending, draft, typing, conversation.hasOlder]);

  useEffect(() => {
    if (isOpen && atEnd && conversation.isSeen) conversation.markRead();
  });

  useEffect(() => {
    if (focus === 0) return;
    // To focus the text on a phone would bring the keyboard, which covers what the visitor came to read.
    if (matchMedia('(pointer: coarse)').matches) main.current.focus({ preventScroll: true });
    else composer.current?.focus();
  }, [focus]);

  useEffect(() => {
    if (!canClose) return undefined;
    const onKeyDown = (event) => {
      if (event.key === 'Escape' && !event.defaultPrevented && !event.isComposing && !document.querySelector('dialog[open]')) onClose();
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, [canClose]);

  const stateOf = (row) => row.pending?.state ?? (row.event.seq <= conversation.readByOthers ? 'read' : 'sent');

  const renderRow = (row) => {
    switch (row.kind) {
      case 'message':
        return html`<${Bubble} row=${row} texts=${texts} isAssisted=${isAssisted} state=${row.isOwn ? stateOf(row) : undefined}
          showState=${row.key === rows.lastOwn} onRetry=${(id) => conversation.retry(id)} onDiscard=${(id) => conversation.discard(id)} />`;
      case 'system': return html`<${SystemLine} row=${row} texts=${texts} isAssisted=${isAssisted} />`;
      case 'day': return html`<p class="day-line"><span>${dayLabel(row.at, texts.dates, t)}</span></p>`;
      case 'unread': return html`<p class="unread-line"><span>${t('unread.divider')}</span></p>`;
      case 'typing': return html`<${Typing} typist=${row.typist} t=${t} />`;
      case 'older': return html`<${Older} conversation=${conversation} t=${t} />`;
      default: return html`<${Intro} greeting=${greeting} isAssisted=${isAssisted} t=${t} />`;
    }
  };

  const send = (text) => {
    setThanks('');
    conversation.send(text);
    transcript.current?.toEnd();
  };

  const { news, unread } = conversation;
  const isEnded = connection.state === 'ended';
  return html`<main class="chat" ref=${main} tabindex="-1" aria-label=${t('chat.label', { title: look.title })}>
    <${Header} look=${look} texts=${texts} isAssisted=${isAssisted} handoff=${handoff} operator=${conversation.operator} isUp=${connection.state === 'connected'}
      canClose=${canClose} onClose=${onClose} onContact=${() => setContactOpen(true)} />
    <${StatusLine} connection=${connection} trouble=${conversation.trouble} t=${t} />
    <div class="chat-middle">
      ${conversation.isLoaded
        ? html`<${Transcript} rows=${rows} renderRow=${renderRow} estimate=${estimate} label=${t('chat.messages')}
            onNearTop=${() => conversation.loadOlder()} onEnd=${setAtEnd} control=${transcript} />`
        : html`<${Skeleton} t=${t} />`}
      ${!atEnd && html`<button type="button" class="to-end" onClick=${() => transcript.current.toEnd()}
        aria-label=${unread > 0 ? t('unread.button', { count: unread }) : t('scroll.end')}>
        ${unread > 0 && html`<span>${t('unread.button', { count: unread })}</span>`}<${Icon} name="down" /></button>`}
    </div>
    <p class="sr-only" aria-live="polite">${news && html`<span key=${news.seq}>${spoken(news, isAssisted, t)}</span>`}</p>
    <p class="thanks" role="status">${thanks}</p>
    ${isEnded
      ? html`<${Ended} error=${connection.error} t=${t} hasSiteToken=${Boolean(config.site_token)} isEmbedded=${shell.isEmbedded} onAgain=${() => conversation.goOn()} />`
      : html`<${HumanBar} conversation=${conversation} isAssisted=${isAssisted} t=${t} />`}
    ${!isEnded && html`<${Composer} t=${t} control=${composer} isDisabled=${Boolean(config.preview)} onSend=${send}
      onKeystroke=${(isEmpty) => conversation.keystroke(isEmpty)} />`}
    ${isContactOpen && html`<${Contact} t=${t} onSave=${(visitor) => conversation.identify(visitor)}
      onClose=${(isSaved) => { setContactOpen(false); setThanks(isSaved ? t('contact.saved') : ''); }} />`}
  </main>`;
}

const spoken = (event, isAssisted, t) => (event.type === 'message' && event.sender !== 'system'
  ? `${authorName(event, t, isAssisted)}: ${event.text}`
  : systemText(event, isAssisted, t));

function Intro({ greeting, isAssisted, t }) {
  return html`<div class="intro">
    <${Avatar} bot=${isAssisted} team=${!isAssisted} />
    <p class="intro-greeting" dir="auto">${greeting || t('intro.greeting')}</p>
    <p class="intro-hint">${t('intro.hint')}</p>
  </div>`;
}

function Older({ conversation, t }) {
  return conversation.olderFailed
    ? html`<p class="older">${t('older.failed')} <button type="button" class="text-button" onClick=${() => conversation.retryOlder()}>${t('older.retry')}</button></p>`
    : html`<p class="older"><span class="spinner"></span><span class="sr-only">${t('older.loading')}</span></p>`;
}

function Typing({ typist, t }) {
  const isPerson = typist.sender === 'manager';
  const text = isPerson ? typist.author ? t('typing.person', { name: typist.author }) : t('typing.somebody') : t('typing.assistant');
  return html`<div class="message other first last typing">
    <span class="message-avatar"><${Avatar} name=${typist.author} id=${typist.author} bot=${!isPerson} /></span>
    <div class="message-body"><div class="bubble"><${TypingDots} /><span class="sr-only">${text}</span></div></div>
  </div>`;
}

function Skeleton({ t }) {
  return html`<div class="chat-skeleton" role="status"><span class="sr-only">${t('older.loading')}</span>
    <span class="skeleton"></span><span class="skeleton own"></span><span class="skeleton long"></span></div>`;
}

// Near enough, so that the view hardly moves when a row turns out to be another height.
const heights = { day: 44, unread: 36, system: 40, typing: 52, older: 56, intro: 190 };
function estimate(row, width) {
  if (row.kind !== 'message') return heights[row.kind];
  const perLine = Math.max(12, Math.floor((Math.min(width, 720) * 0.78 - 28) / 7.4));
  let lines = 0;
  for (const line of row.event.text.split('\n')) lines += Math.max(1, Math.ceil(line.length / perLine));
  return lines * 22 + 18 + (row.isFirst ? (row.isOwn ? 10 : 30) : 3) + (row.isLast ? 20 : 0);
}
