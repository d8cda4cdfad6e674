// Finds links in plain text. Only http, https and mailto become links; everything else stays text. What reverses the direction of reading
// ends a link: it would lead to something else than what is read.
const candidate = /\b(?:https?:\/\/|www\.)[^\s<>"'`\u200e\u200f\u202a-\u202e\u2066-\u2069]+|(?<![\p{L}\p{N}._%+-])[\p{L}\p{N}._%+-]+@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)*\.\p{L}{2,}/giu;
const closing = { ')': '(', ']': '[', '}': '{' };

/** What a link's text leads to; undefined for what must stay text. */
function target(text) {
  const isMail = !/^(?:https?:|www\.)/iu.test(text);
  const address = isMail ? `mailto:${text}` : /^www\./iu.test(text) ? `https://${text}` : text;
  let url;
  try {
    url = new URL(address);
  } catch {
    return undefined;
  }

  // "https://bank.example@elsewhere.example" leads to where it does not seem to lead.
  const isSafe = isMail ? url.protocol === 'mailto:' : /^https?:$/u.test(url.protocol) && url.hostname !== '' && url.username === '' && url.password === '';
  return isSafe ? url.href : undefined;
}

/** A sentence's end is none of the link's; a bracket is only if it was opened in it. */
function trim(text) {
  const counts = new Map();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  for (let end = text.length; ; end--) {
    const last = text[end - 1];
    const opening = closing[last];
    if (opening !== undefined && counts.get(last) > (counts.get(opening) ?? 0)) counts.set(last, counts.get(last) - 1);
    else if (!/[.,:;!?…»”’*_~]/u.test(last)) return text.slice(0, end);
  }
}

/** The text in parts: `{ text }`, and `{ text, href }` for links. */
export function linkParts(text) {
  const parts = [];
  let at = 0;
  for (const match of text.matchAll(candidate)) {
    const found = trim(match[0]);
    const href = target(found);
    if (href === undefined) continue;
    if (match.index > at) parts.push({ text: text.slice(at, match.index) });
    parts.push({ text: found, href });
    at = match.index + found.length;
  }

  if (at < text.length) parts.push({ text: text.slice(at) });
  return parts;
}
