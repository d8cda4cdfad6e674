// Visitors who write through the front door while a deploy goes on, and what became of their messages. rehearse-containers.sh runs it;
// Node 22, or 20 with --experimental-websocket.
//   REPLYX_API=https://… REPLYX_SITE_TOKEN=… node visitors.js [VISITORS]
// Writes a line when all are connected. SIGTERM ends the writing; what is written last is the count, and the exit code is 1 if a
// message was lost, came twice, or came out of order, or if a chat ended.
import { ReplyXClient, memoryStorage } from '../../clients/js/index.js';

const count = Number(process.argv[2] ?? 4);
const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

class Visitor {
  sent = [];
  came = [];
  problems = [];
  sockets = 0;
  #lastSeq;

  constructor(number) {
    this.name = `v${number}`;
    this.chat = new ReplyXClient({ api: process.env.REPLYX_API, siteToken: process.env.REPLYX_SITE_TOKEN, storage: memoryStorage(), tabs: false });
    this.connected = new Promise((resolve) => {
      this.chat.on('connection', ({ state }) => {
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
      await pause(200 + Math.random() * 400);
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

const end = { isOver: false };
process.on('SIGTERM', () => { end.isOver = true; });
const visitors = Array.from({ length: count }, (_, i) => new Visitor(i + 1));
for (const { chat } of visitors) {
  chat.start();
}

await Promise.all(visitors.map(({ connected }) => connected));
console.log(`${count} visitors are connected`);
await Promise.all(visitors.map((visitor) => visitor.write(end)));

const total = { messages: 0, sockets: 0, lost: 0, twice: 0, disordered: 0, problems: 0 };
for (const visitor of visitors) {
  const { lost, twice, disordered } = visitor.judge();
  total.messages += visitor.sent.length;
  total.sockets += visitor.sockets;
  total.lost += lost;
  total.twice += twice;
  total.disordered += disordered;
  total.problems += visitor.problems.length;
  visitor.problems.forEach((problem) => console.log(`${visitor.name}: ${problem}`));
  visitor.chat.close();
}

console.log(`${count} visitors on ${total.sockets} sockets sent ${total.messages} messages: `
  + `${total.lost} lost, ${total.twice} twice, ${total.disordered} out of order`);
process.exitCode = total.lost + total.twice + total.disordered + total.problems > 0 ? 1 : 0;
