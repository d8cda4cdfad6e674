// Checked by tsc and never run: that the declarations are what the modules are, and that a page can be written against them.
import * as declared from '../index.js';
import { ReplyXClient as Client } from '../src/client.js';
import { ReplyXError as Problem } from '../src/problems.js';

export const client: new (options: declared.ClientOptions) => declared.ReplyXClient = Client;
export const problem: new (code: string, message: string, more?: declared.ErrorDetails) => declared.ReplyXError = Problem;

export async function page(show: (text: string) => void): Promise<void> {
  const chat = new declared.ReplyXClient({ api: 'https://api.example.com', assistantId: 'shop', storage: declared.memoryStorage() });
  const off = chat.on('event', (event) => {
    switch (event.type) {
      case 'message':
        show(`${event.sender}: ${event.text}`);
        break;
      case 'handoff_started':
        show(event.operator ?? 'somebody');
        break;
    }
  });
  chat.on('state', (message) => {
    if (message.state === 'failed') {
      show(message.error.code);
      chat.retry(message.clientId);
    }
  });
  chat.on('delta', (delta) => show(delta.ended ? `${delta.replyTo}` : `${delta.offset} ${delta.text}`));
  chat.open();
  const sent = await chat.send('Hello!');
  show(sent.error ? sent.error.message : `${sent.seq}`);
  const older: readonly declared.StoredEvent[] = await chat.loadOlder();
  show(`${older.length}`);
  const handoff: declared.HandoffState = await chat.requestHuman();
  show(handoff);
  off();
  chat.close();

  // @ts-expect-error There is no such event.
  chat.on('messages', () => {});
  // @ts-expect-error A text is needed.
  void chat.send();
  // @ts-expect-error What the server says is not the page's to change.
  chat.handoff = 'none';
}
