// Ids that tie a control to its label and notes: unique in the page, and the same for as long as the component stands there.
import { useState } from './html.js';

let last = 0;

export function useId(prefix) {
  const [id] = useState(() => `${prefix}-${++last}`);
  return id;
}
