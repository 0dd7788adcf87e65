'use strict';
// The levers of a page: what is moved becomes positions, answers of the desk become a sentence, a table and the event `chainsim:now`.
// No number of a scenario is made here: positions, their words and their paths come with the page.
(() => {
  const $ = id => document.getElementById(id), root = document.documentElement;
  const {told, send} = live, form = $('live-form'), status = $('live-status');
  const positions = Object.fromEntries(told.levers.map(lever => [lever.id, lever.base]));
  const rows = Object.fromEntries(told.levers.map(lever => [lever.id, form.querySelector(`[data-lever="${lever.id}"]`)]));
  const first = Math.max(2, Math.min(5, told.replications)), want = {ids: told.measures.map(m => m.id), mailed: true, series: told.series};
  let world = told.worlds[0].id, asked = 0, began = 0, word = '', answers = [], early = false, latest = null;

  // what is moved

  const moved = () => told.levers.filter(lever => positions[lever.id] !== lever.base);
  const shown = lever => lever.worlds[world] ? world : lever.group === 'policies' ? told.worlds[0].id : null; // whose plans it shows
  const standing = lever => lever.worlds[shown(lever)]?.at ?? [];
  const asPacked = () => Object.fromEntries(moved().map(lever => {
    const {id, at} = lever.worlds[shown(lever)];
    return [id, at[positions[lever.id]]];
  }));
  const name = (lever, k = positions[lever.id]) => lever.spots[k].text;
  function show(lever) {
    const row = rows[lever.id], input = row.querySelector('input'), k = positions[lever.id], spot = lever.spots[k];
    input.value = k;
    input.disabled = standing(lever).length === 0;
    input.setAttribute('aria-valuetext', (spot.detail || spot.text) + (k === lever.base ? ', as mailed' : `, as mailed ${name(lever, lever.base)}`));
    row.querySelector('output').textContent = spot.text;
    row.querySelector('output').title = input.disabled ? told.unknown : spot.detail;
    row.classList.toggle('live-moved', k !== lever.base);
  }
  function stand(lever, wanted) { // the nearest position it can take, on the side it is moved to
    const at = standing(lever), from = positions[lever.id], free = lever.spots.map((_, k) => k).filter(k => at[k] >= 0 || k === lever.base);
    const ahead = free.filter(k => Math.sign(k - from) === Math.sign(wanted - from));
    const near = list => list.reduce((best, k) => Math.abs(k - wanted) < Math.abs(best - wanted) ? k : best, list[0]);
    positions[lever.id] = near(ahead.length ? ahead : free);
  }
  function giveWay(lever) { // what cannot be moved together with it goes back
    const back = moved().filter(other => other !== lever && told.exclusive[world].some(pair => pair.includes(lever.id) && pair.includes(other.id)));
    for (const other of back) { positions[other.id] = other.base; show(other); }
    word = back.length ? ` ${back.map(other => other.label).join(' and ')} went back: it cannot be moved together with ${lever.label} here.` : '';
  }
  function move(lever, wanted) {
    stand(lever, wanted);
    word = '';
    if (positions[lever.id] !== lever.base) giveWay(lever);
    show(lever);
    ask();
  }
  function turn(to) {
    world = to;
    word = '';
    for (const lever of told.levers) if (!(standing(lever)[positions[lever.id]] >= 0)) positions[lever.id] = lever.base;
    for (const lever of moved()) if (positions[lever.id] !== lever.base) giveWay(lever);
    told.levers.forEach(show);
    ask();
  }
  function reset() {
    for (const lever of told.levers) { positions[lever.id] = lever.base; show(lever); }
    word = '';
    ask();
  }

  // questions and answers

  function ask() {
    asked++;
    began = performance.now();
    answers = told.policies.map(() => null);
    early = false;
    home();
    if (moved().length) send({ask: asked, positions: asPacked(), first, want});
    else { say(null); done(); }
  }
  function hear(message) {
    if (message.ready) return ready(message.ready);
    if (message.failed !== undefined) return message.answer === undefined ? off(message.failed) : message.answer === asked && fail(message.failed);
    if (message.done === asked) return done();
    if (message.answer !== asked) return;
    answers[message.policy] = message;
    const running = told.policies.filter(policy => policy.runs).length, there = answers.filter(Boolean);
    if (there.length < running || (early && !there.every(a => a.last))) return;
    early = true; // an answer of few replications is shown once, as soon as every policy has any
    say(there, there.every(a => a.last));
  }
  function ready({compared, differences, wrong}) {
    root.dataset.liveDifferences = differences;
    if (differences) return off(`a replication that was simulated here is not the one that was mailed (${wrong.slice(0, 3).join(', ')})`);
    root.dataset.live = 'ready';
    root.dataset.liveReady = Math.round(performance.now());
    $('live-state').textContent = told.ready.replace('{compared}', compared);
    told.levers.forEach(show);
    form.hidden = false;
  }
  function off(why) {
    root.dataset.live = 'off';
    form.hidden = true;
    $('live-state').textContent = `The levers are off here: ${why}. Everything else on the page is as mailed.`;
  }
  function fail(why) { status.textContent = `This setting could not be simulated here (${why}). The page shows it as mailed.`; tell(null); }
  function done() { root.dataset.liveDone = asked; root.dataset.liveMs = Math.round(performance.now() - began); }

  // what is said

  const round = (x, digits) => { // with so many digits, and thin spaces between thousands
    const rounded = Number(x.toPrecision(digits)), size = rounded ? Math.floor(Math.log10(Math.abs(rounded))) : 0;
    const [whole, part] = rounded.toFixed(Math.min(6, Math.max(0, digits - 1 - size))).split('.');
    return whole.replace(/\B(?=(\d{3})+$)/g, '\u202f') + (part && rounded ? `.${part}` : '');
  };
  const money = x => { // three digits, as people say them
    const size = Math.abs(x), [part, sign] = size >= 999500 ? [1e6, 'M'] : size >= 9995 ? [1e3, 'k'] : [1, ''];
    return `${x < 0 ? '−' : ''}${told.currency}${round(size / part, 3)}${sign}`;
  };
  const write = {
    money, share: x => `${(100 * x).toFixed(2)}\u202f%`, other: x => (x < 0 ? '−' : '') + round(Math.abs(x), 3),
  };
  const number = (measure, x) => x === null || x === undefined ? '–' : write[measure.kind](x);
  const change = (measure, e) => e.mean === null ? '–' : e.mean === 0 ? '±0'
    : `${e.mean > 0 ? '+' : '−'}\u2060${measure.kind === 'share' ? `${points(Math.abs(e.mean))} points` : number(measure, Math.abs(e.mean))}`;
  const points = x => `${x < 0 ? '−' : ''}${(100 * Math.abs(x)).toFixed(2)}`;
  const between = (measure, e) => e.low === null || e.low === e.high ? '' : measure.kind === 'share'
    ? ` (${points(e.low)} to ${points(e.high)})` : ` (${number(measure, e.low)} to ${number(measure, e.high)})`;
  const setting = () => {
    const words = moved().map(lever => `${lever.label.toLowerCase()} ${name(lever)}`).join(', ');
    return moved().some(lever => lever.group !== 'policies') && told.worlds.length > 1 ? `${words} (${told.worlds.find(w => w.id === world).label})` : words;
  };
  function say(found, last = true) {
    const result = $('live-result');
    if (!found) { status.textContent = root.dataset.live === 'ready' && asked ? 'As mailed.' : ''; result.hidden = true; return tell(null); }
    table(found);
    result.hidden = false;
    tell(found, last);
    if (!last) return; // one sentence for each setting, not for each step towards it
    const [cost, served] = told.measures, touched = a => [cost, served].some(m => m && a.moved[0][m.id].mean);
    const one = found.find(a => a.policy === told.chosen && touched(a)) ?? found.find(touched) ?? found[0];
    const of = measure => one.estimates[0][measure.id], by = measure => one.moved[0][measure.id];
    const parts = [cost, served].filter(Boolean).map(m => `${m.title.toLowerCase()} ${number(m, of(m).mean)}, ${change(m, by(m))}${between(m, by(m))}`);
    status.textContent = `Now, with ${setting()}: ${told.policies[one.policy].label}: ${parts.join('; ')} against as mailed. ${told.replications} replications each, the same customers.${word}`;
  }
  const now = (a, m) => Math.max(a.estimates[0][m.id].mean ?? 0, 0), was = (a, m) => Math.max(now(a, m) - (a.moved[0][m.id].mean ?? 0), 0);
  function bar(now, was, most) { // now, and below it as mailed
    const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
    svg.setAttribute('class', 'live-bar');
    svg.setAttribute('aria-hidden', 'true');
    [['live-now', 0, now], ['live-was', 5, was]].forEach(([name, y, size]) => {
      const rect = document.createElementNS(svg.namespaceURI, 'rect');
      for (const [key, value] of Object.entries({class: name, y, height: 4, width: `${most > 0 ? 100 * size / most : 0}%`})) rect.setAttribute(key, value);
      svg.append(rect);
    });
    return svg;
  }
  function table(found) {
    const make = (tag, text, more = {}) => Object.assign(document.createElement(tag), {textContent: text, ...more});
    const head = make('tr'), body = make('tbody'), measures = told.measures.filter(m => found.some(a => a.estimates[0][m.id].mean));
    head.append(make('th', 'Policy', {scope: 'col'}), ...measures.map(m => make('th', m.unit ? `${m.title}, ${m.unit}` : m.title, {scope: 'col'})));
    for (const a of found) {
      const row = make('tr');
      row.dataset.policy = a.policy;
      row.append(make('th', told.policies[a.policy].label, {scope: 'row'}));
      for (const m of measures) {
        const cell = make('td', number(m, a.estimates[0][m.id].mean)), by = a.moved[0][m.id];
        if (by.mean) cell.append(make('small', change(m, by) + between(m, by)));
        if (m.kind !== 'share') cell.append(bar(now(a, m), was(a, m), Math.max(...found.map(other => Math.max(now(other, m), was(other, m))))));
        row.append(cell);
      }
      body.append(row);
    }
    const top = make('thead');
    top.append(head);
    $('live-table').replaceChildren(make('caption', `Now, and the change against as mailed with its interval; bars: now, and below it as mailed`, {className: 'note'}), top, body);
  }
  function tell(found, last = true) {
    const by = key => Object.fromEntries(found.map(a => [told.policies[a.policy].name, Object.fromEntries(told.measures.map(m => {
      const e = a[key][0][m.id];
      return [m.id, {...e, text: number(m, e.mean)}];
    }))]));
    const detail = found && {
      estimates: by('estimates'), moved: by('moved'), series: Object.fromEntries(found.map(a => [told.policies[a.policy].name, a.series[0] ?? {}])),
      n: Math.min(...found.map(a => a.n)), last, world, settings: moved().map(lever => ({lever: lever.id, label: lever.label, now: name(lever), mailed: name(lever, lever.base)})),
    };
    latest = detail;
    sendOn();
  }
  const sendOn = () => document.dispatchEvent(new CustomEvent('chainsim:now', {detail: latest}));

  // taking it home

  const held = () => world === 'held' && !told.held && moved().some(lever => lever.group !== 'policies');
  function home() {
    const parts = moved().flatMap(lever => lever.spots[positions[lever.id]].set);
    $('live-command').textContent = [told.command, ...parts, ...(held() ? ['--hold'] : [])].join(' ');
    const link = $('live-file');
    link.hidden = !told.document || held() || told.held;
    if (link.hidden) return;
    const edits = moved().flatMap(lever => lever.spots[positions[lever.id]].edits);
    const text = `# ${told.title}, with ${setting()}\n${editedScenario(told.document, edits)}`;
    link.href = `data:application/yaml;charset=utf-8,${encodeURIComponent(text)}`;
  }

  for (const lever of told.levers) rows[lever.id].querySelector('input').addEventListener('input', event => move(lever, Number(event.target.value)));
  for (const radio of form.querySelectorAll('[name="live-world"]')) radio.addEventListener('change', () => turn(radio.value));
  $('live-reset').addEventListener('click', reset);
  form.addEventListener('submit', event => event.preventDefault());
  $('live-copy').addEventListener('click', async event => {
    try { await navigator.clipboard.writeText($('live-command').textContent); event.target.textContent = 'Copied'; }
    catch { getSelection().selectAllChildren($('live-command')); event.target.textContent = 'Selected'; }
    setTimeout(() => { event.target.textContent = 'Copy'; }, 1500);
  });
  $('live-state').textContent = 'One replication of each policy is being simulated here, to compare it with what was mailed …';
  // these lines run as soon as the first screen is read: pictures, which are drawn anew by lines at the end of the page, hear it then
  document.addEventListener('DOMContentLoaded', () => { if (latest) sendOn(); });
  live.listen(hear);
})();
