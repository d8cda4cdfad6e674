// Which dialogs a view of the list has, and in which order. The server filters by the same rules; here they apply to what is live.
import { isHeldBy } from '../dialog-feed.js';
import { hasAssistant } from './sites.js';

export const filters = ['all', 'waiting', 'mine', 'assistant'];

export const holderOf = (dialog) => (dialog.handoff === 'active' && dialog.operator ? { id: dialog.operator_id, name: dialog.operator } : null);

/** What a visitor is called: the name they gave, or the e-mail; undefined for who gave neither. */
export const nameOf = (dialog) => dialog?.visitor?.name || dialog?.visitor?.email || undefined;

const belongs = {
  all: () => true,
  waiting: (dialog) => Boolean(dialog.waiting_since),
  mine: (dialog, me) => isHeldBy(me, holderOf(dialog)),
  assistant: (dialog, me, sites) => isAssistants(dialog, sites),
};

/** Whether a dialog is the assistant's: it is there, and nobody else holds the dialog or is waited for. */
export const isAssistants = (dialog, sites) => dialog.handoff !== 'active' && dialog.handoff !== 'requested' && !dialog.waiting_since
  && hasAssistant(sites, dialog.site_id) === true;

export function matches(dialog, { filter, query, siteId }, me, sites) {
  if (!belongs[filter](dialog, me, sites) || (siteId && dialog.site_id !== siteId)) return false;
  const wanted = query.trim().toLocaleLowerCase();
  if (wanted === '') return true;
  const { visitor, page, last } = dialog;
  return [visitor?.name, visitor?.email, page?.url, page?.title, last?.preview, String(dialog.id)]
    .some((text) => text?.toLocaleLowerCase().includes(wanted));
}

const latest = (a, b) => Date.parse(b.last?.timestamp ?? b.created_at) - Date.parse(a.last?.timestamp ?? a.created_at);

/** The latest first; who waits, the longest first. */
export const sortFor = (filter) => (filter === 'waiting'
  ? (a, b) => Date.parse(a.waiting_since) - Date.parse(b.waiting_since) || a.id - b.id
  : (a, b) => latest(a, b) || a.id - b.id);
