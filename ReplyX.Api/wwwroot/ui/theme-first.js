// Before the first paint, so that a dark page does not flash white: the one script of a page that is no module.
(() => {
  try {
    const theme = localStorage.getItem('replyx:theme');
    if (theme === 'dark' || theme === 'light') document.documentElement.dataset.theme = theme;
  } catch {
    // A browser that keeps nothing has the system's theme.
  }
})();
