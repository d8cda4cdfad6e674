// A style sheet for a part of the page that is loaded later. Resolves when it applies.
const loaded = new Map();

export function loadStylesheet(address) {
  const href = String(address);
  if (!loaded.has(href)) {
    loaded.set(href, new Promise((resolve) => {
      const link = document.createElement('link');
      link.rel = 'stylesheet';
      link.href = href;
      link.onload = link.onerror = resolve;
      document.head.append(link);
    }));
  }
  return loaded.get(href);
}
