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
    const {out, lists, full, page} = this, [a, b, c, d] = operands, buckets = page.edges.length - 1;
    switch (name) {
      case 'constant': o.set(quantities(words, ...page.program.constants[a])); return null;
      case 'array': return machine => machine.read(a, o);
      case 'growth': {
        const width = page.columns[a], opening = 'opening_' + a, grow = c === 'f8' ? growth : wholeGrowth;
        return machine => grow(c === 'f8' ? machine.f8 : machine.i4, machine.at[a] + b, machine.at[opening] + b, width, o);
      }
      case 'series': {
        const n = o.length, flows = a >= page.flows; // flows since time 0 become flows within the bucket
        return ({f8, at}) => {
          o.set(f8.subarray(at.series + a * n, at.series + (a + 1) * n));
          if (flows) withinBuckets(o, buckets);
        };
      }
      case 'take': return c === 1 ? () => take(out[a], lists[b], o) : () => takeWide(out[a], lists[b], c, o);
      case 'join': return () => join(out[a], out[b], lists[c], d, o);
      case 'sum': return d === 1 ? () => sum(out[a], lists[b], lists[c], o) : () => sumWide(out[a], lists[b], lists[c], d, o);
      case 'window': return () => overWindow(out[a], buckets, full, o);
      case 'variance': return () => variances(out[a], buckets, full, o);
      case 'where': return () => where(out[a], out[b], out[c], o);
      default: {
        const pair = PAIRS[name];
        if (!pair) throw new Error(`the page does not know the operation ${name}`);
        return () => pair(out[a], out[b], o, +(out[a].length > 1), +(out[b].length > 1));
      }
    }
  }
}

const OPERANDS = {constant: 0, array: 0, growth: 0, series: 0, take: 1, sum: 1, window: 1, variance: 1, where: 3}; // live/program.py

// x and y: operands, of which each may be a single number (then X or Y is 0); o: the result
const PAIRS = {
  '+': (x, y, o, X, Y) => { for (let k = 0, i = 0, j = 0; k < o.length; k++, i += X, j += Y) o[k] = x[i] + y[j]; },
  '-': (x, y, o, X, Y) => { for (let k = 0, i = 0, j = 0; k < o.length; k++, i += X, j += Y) o[k] = x[i] - y[j]; },
  '*': (x, y, o, X, Y) => { for (let k = 0, i = 0, j = 0; k < o.length; k++, i += X, j += Y) o[k] = x[i] * y[j]; },
  '/': (x, y, o, X, Y) => { for (let k = 0, i = 0, j = 0; k < o.length; k++, i += X, j += Y) o[k] = x[i] / y[j]; },
  '>': (x, y, o, X, Y) => { for (let k = 0, i = 0, j = 0; k < o.length; k++, i += X, j += Y) o[k] = x[i] > y[j] ? 1 : 0; },
  '>=': (x, y, o, X, Y) => { for (let k = 0, i = 0, j = 0; k < o.length; k++, i += X, j += Y) o[k] = x[i] >= y[j] ? 1 : 0; },
  '<': (x, y, o, X, Y) => { for (let k = 0, i = 0, j = 0; k < o.length; k++, i += X, j += Y) o[k] = x[i] < y[j] ? 1 : 0; },
  '<=': (x, y, o, X, Y) => { for (let k = 0, i = 0, j = 0; k < o.length; k++, i += X, j += Y) o[k] = x[i] <= y[j] ? 1 : 0; },
  '==': (x, y, o, X, Y) => { for (let k = 0, i = 0, j = 0; k < o.length; k++, i += X, j += Y) o[k] = x[i] === y[j] ? 1 : 0; },
  '!=': (x, y, o, X, Y) => { for (let k = 0, i = 0, j = 0; k < o.length; k++, i += X, j += Y) o[k] = x[i] !== y[j] ? 1 : 0; },
  'max': (x, y, o, X, Y) => { for (let k = 0, i = 0, j = 0; k < o.length; k++, i += X, j += Y) o[k] = Math.max(x[i], y[j]); },
  'min': (x, y, o, X, Y) => { for (let k = 0, i = 0, j = 0; k < o.length; k++, i += X, j += Y) o[k] = Math.min(x[i], y[j]); },
};

function growth(f8, closing, opening, width, o) {
  for (let r = 0; r < o.length; r++) o[r] = f8[closing + r * width] - f8[opening + r * width];
}
function wholeGrowth(i4, closing, opening, width, o) {
  for (let r = 0; r < o.length; r++) o[r] = number(i4, closing + r * width) - number(i4, opening + r * width);
}
function withinBuckets(o, buckets) {
  for (let r = 0; r < o.length; r += buckets) for (let k = r + buckets - 1; k > r; k--) o[k] -= o[k - 1];
}
function take(v, rows, o) { for (let r = 0; r < rows.length; r++) o[r] = v[rows[r]]; }
function takeWide(v, rows, width, o) {
  for (let r = 0; r < rows.length; r++) copy(v, rows[r] * width, o, r * width, width);
}
function join(v, u, rows, width, o) { // rows of v, and after them those of u
  const first = v.length / width;
  for (let r = 0; r < rows.length; r++) {
    if (rows[r] < first) copy(v, rows[r] * width, o, r * width, width);
    else copy(u, (rows[r] - first) * width, o, r * width, width);
  }
}
function copy(v, from, o, to, n) { for (let w = 0; w < n; w++) o[to + w] = v[from + w]; }
function sum(v, group, member, o) {
  o.fill(0);
  for (let k = 0; k < group.length; k++) o[group[k]] += v[member[k]];
}
function sumWide(v, group, member, width, o) {
  o.fill(0);
  for (let k = 0; k < group.length; k++) {
    const to = group[k] * width, from = member[k] * width;
    for (let w = 0; w < width; w++) o[to + w] += v[from + w];
  }
}
function where(x, y, z, o) {
  const X = +(x.length > 1), Y = +(y.length > 1), Z = +(z.length > 1);
  for (let k = 0; k < o.length; k++) o[k] = x[k * X] ? y[k * Y] : z[k * Z];
}
function overWindow(v, buckets, full, o) {
  for (let r = 0; r < o.length; r++) {
    let sum = 0;
    for (let k = 0; k < full.length; k++) sum += v[r * buckets + full[k]];
    o[r] = sum;
  }
}
function variances(v, buckets, full, o) { for (let r = 0; r < o.length; r++) o[r] = variance(v, r * buckets, full); }
function variance(v, at, full) { // kpis/view.py
  const n = full.length;
  let most = -Infinity, least = Infinity, sum = 0, squares = 0;
  for (let k = 0; k < n; k++) {
    const x = v[at + full[k]];
    if (x > most) most = x;
    if (x < least) least = x;
    sum += x;
  }
  if (most - least <= 1e-9 * Math.max(Math.abs(most), Math.abs(least))) return 0;
  const mean = sum / n;
  for (let k = 0; k < n; k++) { const off = v[at + full[k]] - mean; squares += off * off; }
  return squares / (n - 1);
}

function number(i4, at) { return i4[2 * at + 1] * 4294967296 + (i4[2 * at] >>> 0); } // a word as a whole number
