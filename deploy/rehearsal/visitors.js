// Visitors who write through the front door while deploys go on, what became of their messages, and whether the front door answers all
// the while. rehearse-containers.sh runs it; Node 22, or 20 with --experimental-websocket.
//   REPLYX_API=https://… REPLYX_SITE_TOKEN=… REPLYX_OPERATOR_TOKEN=… node visitors.js [VISITORS]
// Writes a line when all are connected, and how things are every five seconds. SIGUSR2: as soon as all are connected it writes how often
// they reconnected since the last SIGUSR2. SIGTERM ends the writing; what is written last is the count, and the exit code is 1 if a
// message was lost, came twice, or came out of order, if a chat ended, a request failed, or nobody was ready to serve. While there is a
// file REPLYX_OUTAGE the latter two are expected.
import { existsSync } from 'node:fs';
import https from 'node:https';
import { ReplyXClient, memoryStorage } from '../../clients/js/index.js';

const count = Number(process.argv[2] ?? 4);
const api = process.env.REPLYX_API;
const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
const say = (text) => console.log(`${new Date().toISOString().slice(0, 19)}Z ${text}`);

class Visitor {
  sent = [];
  came = [];
  problems = [];
  sockets = 0;
  isConnected = false;
  #lastSeq;

  constructor(number) {
    this.name = `v${number}`;
    this.chat = new ReplyXClient({ api, siteToken: process.env.REPLYX_SITE_TOKEN, storage: memoryStorage(), tabs: false });
    this.connected = new Promise((resolve) => {
      this.chat.on('connection', ({ state }) => {
        this.isConnected = state === 'connected';
        if (state === 'connected') {
          this.sockets++;
          resolve();
        } else if (state === 'ended') {
          this.problems.push('the chat ended');
        }
      });
    });
    this.chat.on('reset', () => this.problems.push('what was shown became void'));
    this.chat.on('event', (event) => {
      if (this.#lastSeq !== undefined && event.seq !== this.#lastSeq + 1) {
        this.problems.push(`${event.seq} came after ${this.#lastSeq}`);
      }

      this.#lastSeq = event.seq;
      if (event.type === 'message' && event.sender === 'user') {
        this.came.push(event.text);
      }
    });
  }

  async write(until) {
    const answers = [];
    for (let number = 1; !until.isOver; number++) {
      const text = `${this.name} ${number}`;
      this.sent.push(text);
      answers.push(this.chat.send(text).then(({ error }) => {
        if (error) {
          this.problems.push(`${text} was refused: ${error.code}`);
        }
      }));
      // Some ten messages a second, however many they are.
      await Promise.race([pause((0.5 + Math.random()) * Math.max(400, count * 100)), until.over]);
    }

    await Promise.all(answers);
    // A message's event may come after its answer.
    for (let i = 0; i < 50 && this.came.length < this.sent.length; i++) {
      await pause(100);
    }
  }

  judge() {
    const times = new Map();
    for (const text of this.came) {
      times.set(text, (times.get(text) ?? 0) + 1);
    }

    return {
      lost: this.sent.filter((text) => !times.has(text)).length,
      twice: [...times.values()].filter((n) => n > 1).length,
      disordered: this.came.filter((text, i) => text !== this.sent[i]).length,
    };
  }
}

const isExpected = () => process.env.REPLYX_OUTAGE !== undefined && existsSync(process.env.REPLYX_OUTAGE);

/** Requests over and over: how many, and which failed. */
class Requests {
  count = 0;
  again = 0;
  failures = [];
  #ask;

  constructor(path, headers, agent, isFine, every) {
    const ask = (agent) => new Promise((resolve) => {
      const request = https.get(new URL(path, api), { agent, headers, timeout: 30_000 }, (answer) => {
        let text = '';
        answer.setEncoding('utf8').on('data', (part) => { text += part; });
        answer.on('end', () => resolve(answer.statusCode === 200 && isFine(text) ? undefined : `${answer.statusCode} ${text}`));
        answer.on('error', (error) => resolve(error.message));
      });
      request.on('timeout', () => request.destroy(new Error('no answer in 30 s')));
      // nginx closed the idle connection when it reloaded: nobody read it, and it is sent again, as browsers do.
      request.on('error', (error) => resolve(request.reusedSocket && agent && error.code === 'ECONNRESET' ? null : error.message));
    });
    this.#ask = async () => {
      const isOutage = isExpected();
      this.count++;
      let failure = await ask(agent);
      if (failure === null) {
        this.again++;
        failure = await ask(false);
      }

      if (failure !== undefined && !isOutage && !isExpected()) {
        this.failures.push(failure);
        say(`${path} failed: ${failure}`);
      }
    };
    this.every = every;
  }

  async make(until) {
    while (!until.isOver) {
      await this.#ask();
      await pause(this.every);
    }
  }
}

const end = { isOver: false };
end.over = new Promise((resolve) => {
  process.on('SIGTERM', () => {
    end.isOver = true;
    resolve();
  });
});
const visitors = Array.from({ length: count }, (_, i) => new Visitor(i + 1));
for (const { chat } of visitors) {
  chat.start();
}

await Promise.all(visitors.map(({ connected }) => connected));
say(`${count} visitors are connected`);

// Over one connection, as a console's; and each time over a new one, as somebody who has just come.
const requests = new Requests('/api/sites', { authorization: `Bearer ${process.env.REPLYX_OPERATOR_TOKEN}` },
  new https.Agent({ keepAlive: true }), () => true, 100);
const probes = new Requests('/health/websocket', {}, false, (text) => JSON.parse(text).ready_nodes > 0, 150);

const sum = (number) => visitors.reduce((total, visitor) => total + number(visitor), 0);
let before = visitors.map(({ sockets }) => sockets);
process.on('SIGUSR2', async () => {
  while (visitors.some(({ isConnected }) => !isConnected)) {
    await pause(50);
  }

  const since = visitors.map(({ sockets }, i) => sockets - before[i]);
  before = visitors.map(({ sockets }) => sockets);
  say(`reconnects of each: ${Math.min(...since)} to ${Math.max(...since)}`);
});
const rows = setInterval(() => say(`${sum(({ isConnected }) => (isConnected ? 1 : 0))} of ${count} connected, `
  + `${sum(({ sockets }) => sockets) - count} reconnects, ${sum(({ sent }) => sent.length)} messages, `
  + `${requests.count + probes.count} requests, ${requests.failures.length + probes.failures.length} failed`), 5000);
await Promise.all([...visitors.map((visitor) => visitor.write(end)), requests.make(end), probes.make(end)]);
clearInterval(rows);

const total = { messages: 0, sockets: 0, lost: 0, twice: 0, disordered: 0, problems: 0 };
for (const visitor of visitors) {
  const { lost, twice, disordered } = visitor.judge();
  total.messages += visitor.sent.length;
  total.sockets += visitor.sockets;
  total.lost += lost;
  total.twice += twice;
  total.disordered += disordered;
  total.problems += visitor.problems.length;
  visitor.problems.forEach((problem) => say(`${visitor.name}: ${problem}`));
  visitor.chat.close();
}

say(`${requests.count} requests, ${requests.failures.length} failed, ${requests.again} sent again since their connection was closed; `
  + `${probes.count} looks at the front door, ${probes.failures.length} without a node that is ready`);
say(`${count} visitors on ${total.sockets} sockets sent ${total.messages} messages: `
  + `${total.lost} lost, ${total.twice} twice, ${total.disordered} out of order`);
process.exitCode = total.lost + total.twice + total.disordered + total.problems + requests.failures.length + probes.failures.length > 0 ? 1 : 0;
