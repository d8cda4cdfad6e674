// The list's live side: what changes in the account's dialogs, each change once and in order.
import { parseCursor } from '../client/src/cursor.js';
import { EventSequence } from '../client/src/sequence.js';
import { OperatorConnection, OperatorSubject } from './socket.js';

/** The list as a connection wants its log: the page that the Api answers, and the events after it. */
class ListTimeline {
  isLoaded = false;
  #sequence = new EventSequence();
  #load;
  #onEvent;

  /** @param load Loads what is shown and resolves with the answer's cursor. */
  constructor(load, onEvent) {
    this.#load = load;
    this.#onEvent = onEvent;
  }

  get position() {
    return this.#sequence.position;
  }

  async load() {
    const cursor = await this.#load();
    this.#sequence.restart(parseCursor(cursor) ?? parseCursor('0-0'));
    this.isLoaded = true;
  }

  // The feed has no history: the list itself is what was missed.
  reload() {
    return this.load();
  }

  offer(event) {
    const cursor = parseCursor(event.cursor);
    if (!cursor) return 'duplicate';
    const following = this.#sequence.check(cursor);
    if (following !== 'next') return following;
    this.#sequence.advance(cursor);
    this.#onEvent(event);
    return 'taken';
  }
}

export class ListFeed {
  #connection;

  /**
   * @param load Loads the list anew; resolves with its cursor.
   * @param onEvent Told of `dialog_new` and `dialog_update`.
   * @param onNote Told of what is not stored: that a dialog was read, or what its visitor said of themselves.
   * @param onConnection Told of the connection's state.
   * @param onBack Told that the socket is up again and goes on where it was: what is not stored may have been missed.
   */
  constructor({ load, onEvent, onNote, onConnection, onBack }) {
    let wasUp = false;
    const greeted = (_, { recovered }) => {
      // Where it does not go on, the list was loaded anew.
      if (wasUp && recovered === true) onBack();
      wasUp = true;
    };
    this.#connection = new OperatorConnection({
      subject: new OperatorSubject('/ws/dialogs'),
      timeline: new ListTimeline(load, onEvent),
      listener: { changed: onConnection, frame: onNote, greeted },
    });
  }

  open() {
    this.#connection.open();
  }

  close() {
    this.#connection.close();
  }
}
