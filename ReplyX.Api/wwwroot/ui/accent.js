// A site's own colour as the accent: darker or lighter until text is readable on it and beside it (WCAG 2.2, 1.4.3: 4.5 to 1).
const least = 4.5;

export function parse(color) {
  const match = /^#([0-9a-f]{6})$/iu.exec(color ?? '');
  return match ? [0, 2, 4].map((at) => Number.parseInt(match[1].slice(at, at + 2), 16)) : null;
}

// WCAG 2.2, relative luminance.
export function luminance(rgb) {
  const [r, g, b] = rgb.map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

export function contrast(a, b) {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (light + 0.05) / (dark + 0.05);
}

const mix = (from, to, share) => from.map((part, i) => Math.round(part + (to[i] - part) * share));
const css = (rgb) => `rgb(${rgb.join(' ')})`;

/** The colour nearest to `color` that has enough contrast to `ground`, on the way to black or white. */
export function readable(color, ground) {
  const end = luminance(ground) > 0.18 ? [0, 0, 0] : [255, 255, 255];
  for (let share = 0; share < 1; share += 0.05) {
    const mixed = mix(color, end, share);
    if (contrast(mixed, ground) >= least) return mixed;
  }
  return end;
}

/** The custom properties that an accent sets; null for what is no colour. */
export function accentProperties(color, dark) {
  const accent = parse(color);
  if (!accent) return null;
  const ground = dark ? [20, 23, 29] : [255, 255, 255];
  // --surface-hover (ui/tokens.css): of the grounds that text in the accent stands on, the one nearest to it.
  const hover = dark ? [35, 40, 51] : [238, 240, 244];
  const [black, white] = [[11, 16, 32], [255, 255, 255]];
  const on = contrast(accent, white) >= least ? white : contrast(accent, black) >= contrast(accent, white) ? black : white;
  const fill = contrast(accent, on) >= least ? accent : readable(accent, on);
  const soft = mix(ground, accent, dark ? 0.22 : 0.1);
  return {
    '--accent': css(fill),
    '--on-accent': css(on),
    '--accent-strong': css(mix(fill, on === white ? [0, 0, 0] : [255, 255, 255], 0.14)),
    '--accent-soft': css(soft),
    '--accent-text': css(readable(readable(accent, soft), hover)),
    '--focus': css(readable(accent, ground)),
  };
}

/** Sets the accent on the page, and again when the system's theme changes. */
export function applyAccent(color, root = document.documentElement) {
  const system = matchMedia('(prefers-color-scheme: dark)');
  const apply = () => {
    const dark = root.dataset.theme === 'dark' || (root.dataset.theme !== 'light' && system.matches);
    for (const [name, value] of Object.entries(accentProperties(color, dark) ?? {})) root.style.setProperty(name, value);
  };
  apply();
  system.addEventListener('change', apply);
  return () => system.removeEventListener('change', apply);
}
