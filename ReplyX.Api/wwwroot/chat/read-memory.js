// How far the visitor has read, beyond a reload. Without a storage it is forgotten, and old messages count as new once more.
export function readMemory(scope) {
  const key = `replyx:read:${scope}`;
  return {
    get() {
      try {
        return JSON.parse(localStorage.getItem(key));
      } catch {
        return null;
      }
    },
    set(value) {
      try {
        localStorage.setItem(key, JSON.stringify(value));
      } catch {
        // As said above.
      }
    },
  };
}
