// How people are called who did not say.
import { nameOf } from './filters.js';

/** The visitor's name, or a number that tells this visitor from others. */
export const visitorName = (dialog, t) => nameOf(dialog) ?? t('visitor.anonymous', { number: String(dialog?.id ?? '').slice(-4) });
