/**
 * What tells this chat from others in one storage: where the Api is, and the assistant or the site. The site's id is read from its
 * token, since the token changes when it is rotated and the visitor stays the same.
 * @param {URL} root
 * @param {{ assistant_id: string } | { site_token: string }} start
 */
export function scopeOf(root, start) {
  const own = 'site_token' in start ? `site:${siteOf(start.site_token)}` : `widget:${start.assistant_id}`;
  return `${root.host}${root.pathname.replace(/\/$/, '')}:${own}`;
}

/** @param {string} token */
function siteOf(token) {
  try {
    const payload = (token.split('.')[1] ?? '').replace(/-/g, '+').replace(/_/g, '/');
    const { acc, site } = JSON.parse(atob(payload));
    return typeof site === 'string' ? `${acc}:${site}` : 'any';
  } catch {
    return 'any';
  }
}
