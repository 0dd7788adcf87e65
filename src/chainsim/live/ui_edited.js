'use strict';
// The edited scenario as YAML: `edits` are [steps, value], made by Python; here they are only put in their places and written out.
function editedScenario(document, edits) {
  const edited = structuredClone(document);
  for (const [path, value] of edits) {
    let inside = edited;
    path.forEach((step, i) => {
      if (i === path.length - 1) inside[step] = value;
      else inside = inside[step] ??= {};
    });
  }
  const simple = v => v === null || typeof v !== 'object';
  const flat = v => simple(v) || Object.values(v).every(simple); // JSON is YAML
  const key = k => /^[A-Za-z_][\w-]*$/.test(k) && !/^(true|false|null)$/i.test(k) ? k : JSON.stringify(k);
  const lines = (value, pad) => Array.isArray(value)
    ? value.map(v => `${pad}-${flat(v) ? ` ${JSON.stringify(v)}\n` : `\n${lines(v, pad + '  ')}`}`).join('')
    : Object.entries(value).map(([k, v]) => `${pad}${key(k)}:${flat(v) && (pad || simple(v)) ? ` ${JSON.stringify(v)}\n` : `\n${lines(v, pad + '  ')}`}`).join('');
  return lines(edited, '');
}
