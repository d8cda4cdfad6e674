// Texts by language: `{name}` is replaced, and an object is chosen from by the plural rules of the language ({one, few, many, other}).
export function translator(language, texts, fallback) {
  const plural = new Intl.PluralRules(language);
  const number = new Intl.NumberFormat(language);
  return (key, values = {}) => {
    let text = texts[key] ?? fallback[key] ?? key;
    if (typeof text === 'object') text = text[plural.select(values.count)] ?? text.other;
    return text.replace(/\{(\w+)\}/gu, (whole, name) =>
      name in values ? (typeof values[name] === 'number' ? number.format(values[name]) : values[name]) : whole);
  };
}
