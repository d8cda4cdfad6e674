// Visitors who write on two pages each, with a page reloaded now and then, amid whatever it does. What the pages get and have
// acknowledged is said in JSON lines on the output, for a judge. `stop` on the input ends the writing, `close` everything.
import { createInterface } from 'node:readline';
import { ReplyXClient, memoryStorage } from '../index.js';
import { systemClock } from '../src/clock.js';
import { FakeLocks, fakeChannels } from './fakes/browser.js';
import { seeded } from './seed.js';

const { random } = seeded();
const between = (least, most) => least + Math.floor(random() * (most - least));
const say = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);
const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

let isWriting = true;
const unanswered = new Set();
/** By key: a page that is opened anew tells the text of what it finds in the storage before it tells that it is stored. */
const texts = new Map();
let isStopped = false;

class Visitor {
  storage = memoryStorage();

  /** Every other visitor has a browser without locks and channels, so that each page sends whatever lies in the storage. */
  constructor(number) {
    this.name = `v${number}`;
    this.environment = number % 2
      ? { locks: null, BroadcastChannel: null }
      : { locks: new FakeLocks(), BroadcastChannel: fakeChannels(systemClock, random) };
  }
}

class Page {
  #number = 0;
  #opened = 0;

  constructor(visitor, author) {
    this.visitor = visitor;
    this.author = author;
  }

  open() {
    const name = `${this.author}.${++this.#opened}`;
    const chat = this.chat = new ReplyXClient({
      api: process.env.REPLYX_API,
      assistantId: 'demo',
      storage: this.visitor.storage,
      environment: this.visitor.environment,
    });
    this.name = name;
    this.isKnown = false;
    chat.on('event', (event) => {
      if (!this.isKnown) {
        this.isKnown = true;
        say({ kind: 'reader', client: name, dialog: chat.dialogId });
      }

      say({ kind: 'event', client: name, event });
    });
    chat.on('reset', () => say({ kind: 'reset', client: name }));
    chat.on('state', (state) => {
      if (state.state === 'sending') {
        texts.set(state.clientId, state.text);
      } else if (state.state === 'sent') {
        const [author, number] = state.clientId.split('-');
        say({
          kind: 'sent', client: name, dialog: chat.dialogId, author, number: Number(number), client_id: state.clientId,
          text: texts.get(state.clientId), cursor: state.cursor,
        });
        unanswered.delete(state.clientId);
        quietIfDone();
      } else if (state.state === 'failed') {
        say({ kind: 'failed', client: name, text: `${state.clientId} ${state.error.code}` });
      }
    });
    chat.on('connection', (change) => {
      if (change.state === 'ended') {
        say({ kind: 'ended', client: name, text: change.error.code });
      }
    });
    const connected = new Promise((resolve) => chat.on('connection', (change) => change.state === 'connected' && resolve()));
    chat.start();
    return connected;
  }

  async write() {
    while (isWriting) {
      await pause(between(20, 400));
      if (!isWriting) {
        return;
      }

      const clientId = `${this.author}-${++this.#number}`;
      unanswered.add(clientId);
      void this.chat.send(`${clientId}: ${'ж'.repeat(between(1, 80))}`, { clientId });
      if (between(0, 25) === 0) {
        this.chat.close();
        if (this.isKnown) {
          say({ kind: 'closed', client: this.name });
        }

        void this.open();
      }
    }
  }
}

function quietIfDone() {
  if (isStopped && unanswered.size === 0) {
    isStopped = false;
    say({ kind: 'quiet' });
  }
}

const visitors = Array.from({ length: Number(process.env.REPLYX_DIALOGS) }, (_, number) => new Visitor(number));
const pages = visitors.flatMap((visitor) => ['a', 'b'].map((page) => new Page(visitor, visitor.name + page)));
for (const page of pages) {
  await page.open();
}

say({ kind: 'ready' });
const writing = pages.map((page) => page.write());
const input = createInterface({ input: process.stdin });
input.on('line', async (line) => {
  if (line === 'stop') {
    isWriting = false;
    await Promise.all(writing);
    isStopped = true;
    quietIfDone();
  } else if (line === 'close') {
    pages.forEach((page) => page.chat.close());
    input.close();
    process.stdin.destroy();
  }
});
