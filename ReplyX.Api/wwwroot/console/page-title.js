// What a page calls itself, where that is more than the part of the console that it is in; null where it is not.
import { createStore } from '../ui/store.js';

export const pageTitle = createStore(null);
