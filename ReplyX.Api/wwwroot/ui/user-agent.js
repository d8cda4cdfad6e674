// A browser's own description in a few words. It says what it likes, so this is for people to read and for nothing else.
const browsers = [
  [/\bEdg(?:A|iOS)?\/(\d+)/u, 'Edge'],
  [/\b(?:OPR|Opera)\/(\d+)/u, 'Opera'],
  [/\bYaBrowser\/(\d+)/u, 'Yandex Browser'],
  [/\bSamsungBrowser\/(\d+)/u, 'Samsung Internet'],
  [/\b(?:Firefox|FxiOS)\/(\d+)/u, 'Firefox'],
  [/\b(?:Chrome|CriOS|HeadlessChrome)\/(\d+)/u, 'Chrome'],
  [/\bVersion\/(\d+)[\d.]* (?:Mobile\/\S+ )?Safari\//u, 'Safari'],
];
const systems = [
  [/\bAndroid\b/u, 'Android'],
  [/\b(?:iPhone|iPod)\b/u, 'iOS'],
  [/\biPad\b/u, 'iPadOS'],
  [/\bWindows\b/u, 'Windows'],
  [/\bMac OS X\b/u, 'macOS'],
  [/\bCrOS\b/u, 'ChromeOS'],
  [/\bLinux\b/u, 'Linux'],
];

/** "Chrome 140, Windows"; undefined for what is none of the known ones. */
export function browserOf(userAgent) {
  const [pattern, name] = browsers.find(([one]) => one.test(userAgent)) ?? [];
  if (!pattern) return undefined;
  const system = systems.find(([one]) => one.test(userAgent))?.[1];
  return [`${name} ${pattern.exec(userAgent)[1]}`, system].filter(Boolean).join(', ');
}
