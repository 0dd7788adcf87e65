'use strict';
// The study of a page: its policies at any positions of the levers, replication by replication, and what is estimated from them.
// `positions` is {lever: index of its position}; a lever left out stands as mailed. `k` is the number of a policy, `scope` of a scope: 0 is
// the whole network.

const FORMAT = 2; // live/pack.py
const REMEMBERED = 32; // settings

class Study {
  constructor(modules, page, words, own = null) { // WebAssembly.Module of each engine, plain data, BigInt64Array; policies to run, else all
    if (page.format !== FORMAT) throw new Error(`page data of format ${page.format}, expected ${FORMAT}`);
    this.page = page;
    this.own = own;
    this.words = words;
    const streams = new Map(page.held).get('drawn');
    const draws = Float64Array.from(whole(words, page.draws, streams), Number);
    this.machines = modules.map(module => new Machine(module, page, draws));
    this.measures = new Measures(page, words);
    this.places = new Map(page.program.measures.map((measure, m) => [measure.id, m]));
    const degrees = Math.max(page.replications - 1, 1);
    this.statistics = new Estimates(quantities(words, page.student, degrees), page.normal);
    this.settings = new Map(); // what ran, by policy and what was moved
  }
  policies() { return this.page.policies.flatMap((policy, k) => policy.off || !(this.own?.includes(k) ?? true) ? [] : [k]); } // those that run here

  // moves of a policy at positions: of goods, which it must run again for, and of prices
  moves(k, positions) {
    return this.page.levers.flatMap(lever => {
      const at = positions[lever.id] ?? lever.base, move = lever.moves[k];
      return at === lever.base || !move.length ? [] : [{lever: lever.id, positions: lever.positions, at, move}];
    });
  }
  image(k, moves) { // the words it begins with
    const {page, words} = this, image = new BigInt64Array(this.machines[0].size), starts = [];
    let start = 0;
    page.policies[k].memory.forEach(([at, n], i) => {
      const [, room, columns] = page.held[i];
      if (columns === 1) image.set(whole(words, at, n), start);
      else if (at >= 0) for (let c = 0, from = at; c < columns; c++) { // a table is kept column by column
        for (let to = start + c; to < start + n; to += columns) image[to] = words[from++];
      }
      starts.push(start);
      start += room;
    });
    const base = image.slice(), moved = new Uint8Array(image.length), sums = new Float64Array(image.buffer);
    const value = new Float64Array(1), bits = new BigInt64Array(value.buffer), was = new Float64Array(base.buffer);
    for (const {at, positions, move: [runs, count, table]} of moves) {
      const told = whole(words, runs, 3 * count); // array, first word, words: each a column
      for (let r = 0, from = table + at; r < count; r++) {
        const start = starts[Number(told[r])] + Number(told[count + r]), end = start + Number(told[2 * count + r]);
        for (let to = start; to < end; to++, from += positions) {
          bits[0] = table < 0 ? 0n : words[from];
          if (bits[0] === base[to]) continue;
          // a word that several levers move moves by the sum of what each moves it by: memory.py, `with_patches`
          if (moved[to]) sums[to] += value[0] - was[to];
          else image[to] = bits[0];
          moved[to] = 1;
        }
      }
    }
    return image;
  }
  setting(k, moves) { // what ran of a policy with these goods, remembered
    const key = [k, ...moves.filter(({move}) => move[3]).map(({lever, at}) => lever + ' ' + at)].join('\n');
    const found = this.settings.get(key) ?? {notes: [], sums: null, first: null};
    this.settings.delete(key);
    this.settings.set(key, found); // the newest is last
    if (this.settings.size > REMEMBERED) this.settings.delete(this.settings.keys().next().value);
    return found;
  }
  // all measures of a policy in replications 0 … n − 1; those that were run before, with any prices, are not run again
  values(k, positions = {}, n = this.page.replications) {
    const {page: {policies}, measures} = this, moves = this.moves(k, positions), image = this.image(k, moves);
    if (policies[k].off) throw new Error(`${policies[k].name}: ${policies[k].off}`);
    const setting = this.setting(k, moves), machine = this.machines[policies[k].engine], results = [];
    machine.turn(image);
    for (let r = 0; r < n; r++) {
      if (r < setting.notes.length) measures.recall(setting.notes[r]);
      else {
        machine.run(r);
        measures.happened(machine);
        setting.notes.push(measures.remember());
        this.addSeries(setting);
      }
      measures.cost(machine);
      results.push(measures.parts.map(i => measures.out[i].slice()));
      results[r].months = measures.months.map(i => measures.out[i].slice());
    }
    return new Values(this, results, setting);
  }
  addSeries(setting) {
    const now = this.measures.series.map(i => this.measures.out[i]);
    if (setting.first === null) {
      setting.first = now.map(s => s.slice());
      setting.sums = now.map(s => s.slice());
    } else now.forEach((s, i) => { const sum = setting.sums[i]; for (let j = 0; j < s.length; j++) sum[j] += s[j]; });
  }

  estimates(k, positions, {scope = 0, ids = [...this.places.keys()], n} = {}) { // by measure
    const values = this.values(k, positions, n);
    return Object.fromEntries(ids.map(id => [id, values.estimate(id, scope)]));
  }
  // policy k at positions minus policy b at others, pair by pair, with the verdict; {} is as mailed
  paired(k, positions, b, others, {scope = 0, ids = [...this.places.keys()], n} = {}) {
    const ours = this.values(k, positions, n), theirs = this.values(b, others, n);
    return Object.fromEntries(ids.map(id => [id, ours.minus(theirs, id, scope)]));
  }
  // replication 0 of every policy as mailed, over the whole network, against the numbers that were mailed
  selfTest() {
    const {page, words} = this, wrong = [];
    let compared = 0;
    for (const k of this.policies()) {
      const {mailed, name} = page.policies[k];
      if (!mailed.length) continue;
      const values = this.values(k, {}, 1), sent = quantities(words, mailed[0], 2 * page.program.measures.length);
      page.program.measures.forEach(({id, below}, m) => {
        const {above: [a], below: b} = values.sample(id, 0);
        compared += 2;
        if (!same(a, sent[2 * m])) wrong.push(`${name} ${id}`);
        if (!same(below === null ? NaN : b[0], sent[2 * m + 1])) wrong.push(`${name} ${id} (denominator)`);
      });
    }
    return {compared, differences: wrong.length, wrong};
  }
}

class Values { // every measure of one policy at one setting
  constructor(study, results, setting) {
    this.study = study;
    this.results = results;
    this.setting = setting;
    this.n = results.length;
    let part = 0;
    this.part = new Map(study.page.program.measures.map(({id, below}) => {
      const at = part;
      part += below === null ? 1 : 2;
      return [id, at];
    }));
  }
  sample(id, scope = 0) {
    const at = this.part.get(id), {below, share} = this.study.page.program.measures[this.study.places.get(id)];
    const column = part => Float64Array.from(this.results, result => result[part][scope]);
    return {above: column(at), below: below === null ? null : column(at + 1), share};
  }
  values(id, scope = 0) { return valuesOf(this.sample(id, scope)); } // of each replication
  estimate(id, scope = 0) { return this.study.statistics.estimate(this.sample(id, scope)); }
  minus(other, id, scope = 0) {
    const difference = this.study.statistics.difference(this.sample(id, scope), other.sample(id, scope));
    const {better} = this.study.page.program.measures[this.study.places.get(id)];
    return {...difference, verdict: verdict(difference, better)};
  }
  missShare(id, target, scope = 0) { // share of years that miss a target
    const {better} = this.study.page.program.measures[this.study.places.get(id)];
    return this.study.statistics.missShare(this.values(id, scope), target, better);
  }
  worstYear(id, years = 20, scope = 0) { // one year in so many is as bad or worse
    const {better} = this.study.page.program.measures[this.study.places.get(id)];
    return quantileOf(this.values(id, scope), better === 'higher' ? 1 / years : 1 - 1 / years);
  }
  months() { // fill rate of the network by replication and month; NaN: nothing was demanded
    return this.results.map(({months: [demanded, filled]}) => Array.from(demanded, (d, m) => d > 0 ? filled[m] / d : NaN));
  }
  series(name, scope = 0) { // by bucket: the mean over replications run so far, and the first of them
    const buckets = this.study.page.edges.length - 1, i = Object.keys(this.study.page.program.series).indexOf(name);
    const {sums, first, notes} = this.setting, from = scope * buckets;
    return {
      mean: Array.from(sums[i].subarray(from, from + buckets), x => x / notes.length),
      first: Array.from(first[i].subarray(from, from + buckets)),
    };
  }
}

function same(a, b) { return a === b || (Number.isNaN(a) && Number.isNaN(b)); }
