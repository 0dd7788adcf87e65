'use strict';
// The program of the measures (chainsim.kpis, noted by live/trace.py), carried out for the replication that has just run.
// Every sum is taken in the order NumPy takes it.

class Measures {
  constructor(page, words) {
    this.page = page;
    const {operations, sizes} = page.program;
    this.lists = page.program.lists.map(([at, n]) => Int32Array.from(whole(words, at, n), Number));
    this.out = sizes.map(n => new Float64Array(n));
    this.full = Int32Array.from(page.full);
    this.steps = operations.map(([name, ...operands], i) => this.step(name, operands, this.out[i], words));
    const needs = operations.map(([name, ...operands]) => operands.slice(0, OPERANDS[name] ?? 2));
    const priced = [];
    operations.forEach(([name, array], i) => {
      priced[i] = (name === 'array' && array.startsWith('money.')) || needs[i].some(k => priced[k]);
    });
    const steps = is => operations.flatMap(([name], i) => priced[i] === is && name !== 'constant' ? [i] : []);
    this.goods = steps(false); // what happened
    this.prices = steps(true); // what it cost
    const {measures, months, series} = page.program;
    this.parts = measures.flatMap(m => m.below === null ? [m.above] : [m.above, m.below]);
    this.months = Object.values(months);
    this.series = Object.values(series);
    // what must be remembered of a replication, so that it can be told again at other prices
    const wanted = new Set([...this.prices.flatMap(i => needs[i]), ...this.parts, ...this.months]);
    this.edge = [...wanted].filter(i => !priced[i] && operations[i][0] !== 'constant');
    this.edgeSize = this.edge.reduce((sum, i) => sum + sizes[i], 0);
  }
  happened(machine) { for (const i of this.goods) this.steps[i](machine); }
  cost(machine) { for (const i of this.prices) this.steps[i](machine); }
  remember() {
    const kept = new Float64Array(this.edgeSize);
    let at = 0;
    for (const i of this.edge) { kept.set(this.out[i], at); at += this.out[i].length; }
    return kept;
  }
  recall(kept) {
    let at = 0;
    for (const i of this.edge) { const n = this.out[i].length; this.out[i].set(kept.subarray(at, at + n)); at += n; }
  }

  // one operation, as a function of the machine
  step(name, operands, o, words) {
    const {out, lists, full, page} = this, n = o.length, [a, b, c, d] = operands;
    const buckets = page.edges.length - 1;
    switch (name) {
      case 'constant': o.set(quantities(words, ...page.program.constants[a])); return null;
      case 'array': return machine => machine.read(a, o);
      case 'growth': {
        const width = page.columns[a], opening = 'opening_' + a;
        if (c === 'f8') return ({f8, at}) => {
          for (let r = 0, x = at[a] + b, y = at[opening] + b; r < n; r++, x += width, y += width) o[r] = f8[x] - f8[y];
        };
        return ({i4, at}) => {
          for (let r = 0, x = at[a] + b, y = at[opening] + b; r < n; r++, x += width, y += width) o[r] = number(i4, x) - number(i4, y);
        };
      }
      case 'series': {
        const within = a >= page.flows; // flows since time 0 become flows within the bucket
        return ({f8, at}) => {
          const from = at.series + a * n;
          o.set(f8.subarray(from, from + n));
          if (within) for (let r = n - buckets; r >= 0; r -= buckets) for (let k = buckets - 1; k > 0; k--) o[r + k] -= o[r + k - 1];
        };
      }
      case 'take': {
        const v = out[a], rows = lists[b], width = c;
        return () => { for (let r = 0, k = 0; r < rows.length; r++) for (let w = 0, x = rows[r] * width; w < width; w++) o[k++] = v[x + w]; };
      }
      case 'join': {
        const v = out[a], u = out[b], rows = lists[c], width = d, first = v.length / width;
        return () => {
          for (let r = 0, k = 0; r < rows.length; r++) {
            const row = rows[r], from = row < first ? v : u;
            for (let w = 0, x = (row < first ? row : row - first) * width; w < width; w++) o[k++] = from[x + w];
          }
        };
      }
      case 'sum': {
        const v = out[a], group = lists[b], member = lists[c], width = d;
        return () => {
          o.fill(0);
          for (let k = 0; k < group.length; k++) {
            for (let w = 0, x = group[k] * width, y = member[k] * width; w < width; w++) o[x + w] += v[y + w];
          }
        };
      }
      case 'window': {
        const v = out[a];
        return () => {
          for (let r = 0; r < n; r++) { let sum = 0; for (const k of full) sum += v[r * buckets + k]; o[r] = sum; }
        };
      }
      case 'variance': {
        const v = out[a];
        return () => { for (let r = 0; r < n; r++) o[r] = variance(v, r * buckets, full); };
      }
      case 'where': {
        const x = out[a], y = out[b], z = out[c], X = +(x.length > 1), Y = +(y.length > 1), Z = +(z.length > 1);
        return () => { for (let k = 0; k < n; k++) o[k] = x[k * X] ? y[k * Y] : z[k * Z]; };
      }
      default: return pair(name, out[a], out[b], o);
    }
  }
}

const OPERANDS = {constant: 0, array: 0, growth: 0, series: 0, take: 1, sum: 1, window: 1, variance: 1, where: 3}; // live/program.py

function pair(name, x, y, o) { // an operation on two operands, either of which may be a single number
  const n = o.length, X = +(x.length > 1), Y = +(y.length > 1);
  switch (name) {
    case '+': return () => { for (let k = 0; k < n; k++) o[k] = x[k * X] + y[k * Y]; };
    case '-': return () => { for (let k = 0; k < n; k++) o[k] = x[k * X] - y[k * Y]; };
    case '*': return () => { for (let k = 0; k < n; k++) o[k] = x[k * X] * y[k * Y]; };
    case '/': return () => { for (let k = 0; k < n; k++) o[k] = x[k * X] / y[k * Y]; };
    case '>': return () => { for (let k = 0; k < n; k++) o[k] = +(x[k * X] > y[k * Y]); };
    case '>=': return () => { for (let k = 0; k < n; k++) o[k] = +(x[k * X] >= y[k * Y]); };
    case '<': return () => { for (let k = 0; k < n; k++) o[k] = +(x[k * X] < y[k * Y]); };
    case '<=': return () => { for (let k = 0; k < n; k++) o[k] = +(x[k * X] <= y[k * Y]); };
    case '==': return () => { for (let k = 0; k < n; k++) o[k] = +(x[k * X] === y[k * Y]); };
    case '!=': return () => { for (let k = 0; k < n; k++) o[k] = +(x[k * X] !== y[k * Y]); };
    case 'max': return () => { for (let k = 0; k < n; k++) o[k] = Math.max(x[k * X], y[k * Y]); };
    case 'min': return () => { for (let k = 0; k < n; k++) o[k] = Math.min(x[k * X], y[k * Y]); };
    default: throw new Error(`the page does not know the operation ${name}`);
  }
}

function variance(v, at, full) { // kpis/view.py
  let most = -Infinity, least = Infinity, sum = 0, squares = 0;
  for (const k of full) {
    const x = v[at + k];
    if (x > most) most = x;
    if (x < least) least = x;
    sum += x;
  }
  if (most - least <= 1e-9 * Math.max(Math.abs(most), Math.abs(least))) return 0;
  const mean = sum / full.length;
  for (const k of full) { const off = v[at + k] - mean; squares += off * off; }
  return squares / (full.length - 1);
}

function number(i4, at) { return i4[2 * at + 1] * 4294967296 + (i4[2 * at] >>> 0); } // a word as a whole number
