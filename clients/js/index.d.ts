/** A visitor's side of one ReplyX chat. */
export class ReplyXClient {
  constructor(options: ClientOptions);

  /** The present dialog; undefined before the first message of a new visitor. */
  readonly dialogId: number | undefined;
  readonly connection: ConnectionState;
  /** Who answers, as far as is known. */
  readonly handoff: HandoffState;
  /** The last stored event that came out. */
  readonly cursor: string | undefined;
  /** Whether `loadOlder` has something to load. */
  readonly hasOlder: boolean;
  /** Messages that are not stored: on their way, or failed. */
  readonly pending: readonly PendingMessage[];

  /** Listens; the answer stops it. */
  on<K extends keyof ClientEvents>(type: K, listener: (event: ClientEvents[K]) => void): () => void;

  /**
   * Takes up the visitor's dialog, if there is one: its history comes out, then what happens. A new visitor's dialog begins with
   * `start()` or with the first message.
   */
  open(): void;
  /** Begins the dialog now, so that its welcome is seen before the visitor writes. Opens, if need be. */
  start(): void;
  /**
   * Sends a message, exactly once, through lost sockets and reloads. Its state comes out as `state`, at first within this very call.
   * The answer never rejects: it has an `error` where the message is not stored.
   */
  send(text: string, options?: { clientId?: string }): Promise<SendResult>;
  /** Sends a failed message again. */
  retry(clientId: string): void;
  /** Gives a failed message up. */
  discard(clientId: string): void;
  /** To be called at each keystroke; `false` says that the visitor stopped. Others are told at most every three seconds. */
  typing(active?: boolean): void;
  /** The visitor has read so far. */
  markRead(seq: number): void;
  /** Loads the events before the first one that came out. They come as the answer and not as `event`. */
  loadOlder(limit?: number): Promise<readonly StoredEvent[]>;
  /** Asks for a human. */
  requestHuman(): Promise<HandoffState>;
  /** Withdraws that. */
  cancelHuman(): Promise<HandoffState>;
  /**
   * Tells who the visitor is, as far as they like to say: a member that is left out stays, an empty one is taken back. Before there is a
   * dialog it is kept, and told as one begins.
   */
  identify(visitor: Visitor): Promise<void>;
  /** Tells on which page the visitor is, in the same way. Its fragment and credentials are left out; one that is not of the web is not told. */
  page(page: Page): Promise<void>;
  /** Ends it: no socket, timer or listener is left. Messages on their way stay in the storage, and go out the next time. */
  close(): void;
}

export interface ClientOptions {
  /** The Api's root; the page's own origin if not given. */
  api?: string | URL;
  /** The widget's assistant. Either this or `siteToken`. */
  assistantId?: string;
  /** The token that the page is embedded with. */
  siteToken?: string;
  /** Where guest, dialog and unsent messages are kept: `localStorage` if not given, memory where there is none. */
  storage?: StorageLike;
  /** Tells this chat from others in the same storage. Made from the Api's address and the site if not given. */
  storageKey?: string;
  /** Whether tabs share the sending. To be false where the storage given is not shared by tabs. True. */
  tabs?: boolean;
  /** The visitor's language, a BCP 47 tag: told as the dialog begins. */
  locale?: string;
  /** Events of the first page of history. 50. */
  historySize?: number;
  /** For Node before 22, which has none of its own, and for tests. */
  WebSocket?: new (url: string, protocols: string[]) => WebSocket;
  /** For tests, and where requests need something that the platform's own does not do. */
  fetch?: typeof fetch;
  /** What the client has of its surroundings; for tests. */
  environment?: Environment;
}

export interface Environment {
  clock?: Clock;
  random?: () => number;
  locks?: LockManagerLike | null;
  BroadcastChannel?: (new (name: string) => BroadcastChannelLike) | null;
  window?: EventTarget | null;
  document?: (EventTarget & { readonly visibilityState: string }) | null;
}

export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  setTimeout(callback: () => void, milliseconds: number): unknown;
  clearTimeout(timer: unknown): void;
}

/** As much of Web Storage as is needed. */
export interface StorageLike {
  readonly length: number;
  key(index: number): string | null;
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

/** As much of Web Locks as is needed. */
export interface LockManagerLike {
  request(name: string, options: { signal?: AbortSignal; steal?: boolean }, callback: () => Promise<unknown>): Promise<unknown>;
}

/** As much of a broadcast channel as is needed. */
export interface BroadcastChannelLike {
  onmessage: ((event: MessageEvent) => void) | null;
  postMessage(message: unknown): void;
  close(): void;
}

export interface ClientEvents {
  /** A stored event of the dialog: each once, in the order of `seq`. */
  event: StoredEvent;
  /** All that came out, and all that `loadOlder` gave, is void: it is to be taken off the screen. What is there now follows. */
  reset: undefined;
  /** What becomes of the visitor's messages, whichever tab they were written in. */
  state: MessageState;
  /** What the connection does. */
  connection: ConnectionChange;
  /** Who answers has changed, or is learnt. */
  handoff: HandoffState;
  /** Somebody else types, in another tab the visitor too. */
  typing: TypingChange;
  /** An answer as it is written. It is stored, and comes out as `event`, when it is whole. */
  delta: Delta;
  read: ReadMark;
  /** Trouble that no call answers for: the connection ended for good, or the server is in trouble and events are late. */
  error: ReplyXError;
}

export type Sender = 'user' | 'assistant' | 'manager' | 'system';
export type HandoffState = 'none' | 'requested' | 'active' | 'released' | 'cancelled';
export type ConnectionState = 'idle' | 'connecting' | 'connected' | 'reconnecting' | 'ended' | 'closed';

interface Stored {
  dialog_id: number;
  id: number;
  seq: number;
  cursor: string;
  timestamp: string;
}

export interface StoredMessage extends Stored {
  type: 'message';
  sender: Sender;
  text: string;
  author?: string;
  client_id?: string;
  /** The number of the message that it answers, where the assistant does. */
  reply_to?: number;
}

export interface HandoffStep extends Stored {
  type: 'handoff_requested' | 'handoff_started' | 'handoff_released' | 'handoff_cancelled';
  handoff: HandoffState;
  operator?: string;
  /**
   * Why the assistant asked for a human: the visitor wants one, it failed, or it took too long. `operator` where nobody asked: one is
   * about to take over.
   */
  reason?: 'requested' | 'failed' | 'timeout' | 'operator';
}

/** New types come with new servers: whoever switches over `type` needs a default. */
export type StoredEvent = StoredMessage | HandoffStep;

export type MessageState =
  | { clientId: string; state: 'sending'; text: string }
  | { clientId: string; state: 'sent'; seq: number; cursor: string }
  | { clientId: string; state: 'read'; seq: number }
  | { clientId: string; state: 'failed'; text: string; error: ReplyXError }
  | { clientId: string; state: 'discarded' };

export interface PendingMessage {
  clientId: string;
  text: string;
  state: 'sending' | 'failed';
  /** When it was written, in milliseconds since 1970. */
  createdAt: number;
  error?: ReplyXError;
}

export type SendResult =
  | { clientId: string; seq: number; cursor: string; duplicate: boolean; error?: undefined }
  | { clientId: string; error: ReplyXError };

export interface ConnectionChange {
  state: ConnectionState;
  /** Of `connected`: the node, and whether what was missed follows by itself. */
  node?: string;
  recovered?: boolean;
  /** Of `reconnecting`: why, and when it tries again. */
  reason?: string;
  closeCode?: number;
  retryInMs?: number;
  /** Of `ended`. */
  error?: ReplyXError;
}

export interface TypingChange {
  sender: Sender;
  author?: string;
  active: boolean;
}

/**
 * A piece of an answer, with its place in it in UTF-16 code units: what is shown from there on is replaced, so at 0 all of it. Or the
 * end, with the message that follows in this very moment, or without one.
 */
export type Delta =
  | { replyTo: number; sender: Sender; offset: number; text: string; ended?: undefined }
  | { replyTo: number; ended: true };

export interface Visitor {
  /** At most 100 characters. */
  name?: string;
  email?: string;
}

export interface Page {
  url: string;
  title?: string;
  /** Where the visitor came from. */
  referrer?: string;
}

/** How far a side has read. Marks come out when they are news: from the history, the socket's greeting, and live. */
export interface ReadMark {
  sender: Sender;
  seq: number;
}

/** The server's refusal (RFC 9457), or what this library has to say. Holds no token. */
export class ReplyXError extends Error {
  constructor(code: string, message: string, more?: ErrorDetails);
  /** To branch on: the server's code, or one of `ClientErrorCode`. */
  readonly code: string;
  /** The HTTP status; 0 where nothing answered or HTTP had no part in it. */
  readonly status: number;
  readonly retryAfterMs: number | undefined;
  /** The member or parameter that is wrong. */
  readonly field: string | undefined;
  /** The dialog's state, where that is the reason. */
  readonly handoff: HandoffState | undefined;
  readonly traceId: string | undefined;
  readonly closeCode: number | undefined;
  /** Whether it may have happened all the same: the same call with the same key finds out. */
  readonly mayHaveHappened: boolean;
}

export interface ErrorDetails {
  status?: number;
  retryAfterMs?: number;
  field?: string;
  handoff?: HandoffState;
  traceId?: string;
  closeCode?: number;
  mayHaveHappened?: boolean;
}

export type ClientErrorCode =
  | 'no_answer'
  | 'unreadable_answer'
  | 'http_error'
  | 'malformed_text'
  | 'bad_text'
  | 'bad_client_id'
  | 'bad_visitor'
  | 'key_in_use'
  | 'outbox_full'
  | 'message_too_big'
  | 'guest_lost'
  | 'discarded'
  | 'no_dialog'
  | 'closed'
  | 'closed_by_server'
  | 'authentication_failed'
  | 'origin_refused'
  | 'dialog_not_found'
  | 'no_websocket'
  | 'internal_error';

/** A storage that lasts as long as the page. */
export function memoryStorage(): StorageLike;
