'use strict';
// The estimates of chainsim.statistics, from + − × ÷ and √ alone: the same bits as in Python.
// A sample is {above, below, share}: a value of each replication (NaN: none), or a ratio's numerator and denominator; below is null for values.

const ROUNDING = 1e-12; // statistics/ratios.py: what differs by less, differs by rounding only

class Estimates { // student: critical values for 1, 2, 3 … degrees of freedom; normal: that of the normal law
  constructor(student, normal) { this.student = student; this.normal = normal; }

  estimate(sample) { // statistics/estimate.py
    if (isRatio(sample)) return this.ofRatio(sample);
    const given = Array.from(sample.above), defined = given.filter(v => !Number.isNaN(v));
    const n = defined.length, undefined_ = given.length - n;
    if (n === 0) return told(null, null, 0, undefined_);
    const mean = fsum(defined) / n;
    if (n === 1) return told(mean, null, 1, undefined_);
    return told(mean, this.student[n - 2] * standardError(defined, mean, 0), n, undefined_);
  }
  ofRatio({above, below, share}) {
    const rows = defined([above, below]), n = rows.length, all = above.length;
    const a = rows.map(r => above[r]), b = rows.map(r => below[r]), ratio = ratioOfSums(a, b);
    if (ratio === null) return told(null, null, 0, all);
    const left = n > 1 ? withoutEach(a, b) : null;
    if (left === null) return told(ratio, null, n, all - n);
    const half = this.student[n - 2] * jackknifeError(left, Math.abs(ratio));
    if (!share || half === 0 || !(0 < ratio && ratio < 1)) return told(ratio, half, n, all - n);
    return told(ratio, half, n, all - n, logitEnds(ratio, half));
  }
  difference(ours, theirs) { // statistics/paired.py: replication by replication
    if (isRatio(ours) && isRatio(theirs)) return this.ofRatios(ours, theirs);
    const x = valuesOf(ours), y = valuesOf(theirs), rows = defined([x, y]), n = rows.length, undefined_ = x.length - n;
    if (n === 0) return told(null, null, 0, undefined_);
    const differences = rows.map(r => minus(x[r], y[r])), mean = fsum(differences) / n;
    if (n === 1) return told(mean, null, 1, undefined_);
    const size = rows.reduce((most, r) => Math.max(most, Math.abs(x[r]), Math.abs(y[r])), 0);
    return told(mean, this.student[n - 2] * standardError(differences, mean, size), n, undefined_);
  }
  ofRatios(ours, theirs) {
    const columns = [ours.above, ours.below, theirs.above, theirs.below], rows = defined(columns), n = rows.length;
    const [a, b, c, d] = columns.map(column => rows.map(r => column[r])), all = ours.above.length;
    const first = ratioOfSums(a, b), second = ratioOfSums(c, d);
    if (first === null || second === null) return told(null, null, 0, all);
    const difference = minus(first, second);
    const x = n > 1 ? withoutEach(a, b) : null, y = n > 1 ? withoutEach(c, d) : null;
    if (x === null || y === null) return told(difference, null, n, all - n);
    const error = jackknifeError(x.map((v, i) => minus(v, y[i])), Math.max(Math.abs(first), Math.abs(second)));
    return told(difference, this.student[n - 2] * error, n, all - n);
  }
  missShare(values, target, better) { // statistics/risk.py, Wilson's interval
    const known = Array.from(values).filter(v => !Number.isNaN(v)), n = known.length;
    if (n === 0) return {count: 0, n, value: null, low: null, high: null};
    const count = known.filter(v => better === 'higher' ? v < target : v > target).length, z = this.normal;
    const centre = (count + z * z / 2) / (n + z * z);
    const half = z / (n + z * z) * Math.sqrt(count * (n - count) / n + z * z / 4);
    return {count, n, value: count / n, low: count === 0 ? 0 : centre - half, high: count === n ? 1 : centre + half};
  }
}

function told(mean, half, n, undefined_, ends = null) { // statistics.estimate.Estimate
  const interval = mean === null || half === null ? [null, null] : ends ?? [mean - half, mean + half];
  return {mean, half, low: interval[0], high: interval[1], n, undefined: undefined_};
}

function verdict({mean, half}, direction) { // statistics/paired.py
  if (mean === null || half === null || Math.abs(mean) <= half) return 'cannot be told apart';
  if (direction === 'none') return mean > 0 ? 'higher' : 'lower';
  return (mean > 0) === (direction === 'higher') ? 'better' : 'worse';
}

function isRatio({below}) { return below !== null && !Array.from(below).every(Number.isNaN); } // Sample.of
function valuesOf(sample) {
  if (!isRatio(sample)) return Array.from(sample.above);
  return Array.from(sample.above, (a, i) => sample.below[i] !== 0 ? a / sample.below[i] : NaN);
}
function defined(columns) { // rows in which nothing is NaN
  return Array.from(columns[0], (_, r) => r).filter(r => !columns.some(column => Number.isNaN(column[r])));
}
function minus(a, b) { return Math.abs(a - b) <= ROUNDING * Math.max(Math.abs(a), Math.abs(b)) ? 0 : a - b; }
function least(values) { return values.reduce((x, y) => y < x ? y : x); }
function most(values) { return values.reduce((x, y) => y > x ? y : x); }

function standardError(values, mean, size) {
  const low = least(values), high = most(values), n = values.length;
  if (high - low <= ROUNDING * Math.max(Math.abs(low), Math.abs(high), size)) return 0;
  return Math.sqrt(fsum(values.map(v => (v - mean) * (v - mean))) / (n - 1) / n);
}

function ratioOfSums(above, below) { const sum = fsum(below); return sum !== 0 ? fsum(above) / sum : null; }

function withoutEach(above, below) {
  const a = fsum(above), b = fsum(below);
  return below.some(x => b - x === 0) ? null : above.map((x, i) => (a - x) / (b - below[i]));
}

function jackknifeError(left, size) {
  if (most(left) - least(left) <= ROUNDING * size) return 0;
  const n = left.length, mean = fsum(left) / n;
  return Math.sqrt((n - 1) / n * fsum(left.map(r => (r - mean) * (r - mean))));
}

function logitEnds(share, half) {
  const odds = share / (1 - share), spread = exponential(Math.min(half / (share * (1 - share)), 700));
  return [odds / (odds + spread), odds / (odds + 1 / spread)];
}

function exponential(x) { // statistics/exponential.py
  const k = Math.floor(x * 1.4426950408889634 + 0.5);
  const r = x - k * 0.6931471803691238 - k * 1.9082149292705877e-10;
  let y = 1;
  for (let n = 14; n > 0; n--) y = 1 + r * y / n;
  for (let i = 0; i < k; i++) y *= 2;
  return y;
}

function quantileOf(values, p) { // numpy.quantile, of the values that are not NaN
  const known = Float64Array.from(Array.from(values).filter(v => !Number.isNaN(v))).sort(), n = known.length;
  if (n === 0) return null;
  const place = p * (n - 1), i = Math.floor(place), t = place - i, a = known[i], b = known[Math.min(i + 1, n - 1)];
  return t >= 0.5 ? b - (b - a) * (1 - t) : a + (b - a) * t;
}

function fsum(values) { // the exact sum, rounded once: math.fsum (Shewchuk, Discrete & Computational Geometry 18, 1997)
  const parts = []; // of the sum so far, not overlapping, growing
  let endless = 0; // sum of what is not finite
  for (let x of values) {
    if (!Number.isFinite(x)) { endless += x; continue; }
    let used = 0;
    for (let y of parts) {
      if (Math.abs(x) < Math.abs(y)) [x, y] = [y, x];
      const high = x + y, low = y - (high - x);
      if (low !== 0) parts[used++] = low;
      x = high;
    }
    parts.length = used;
    parts.push(x);
  }
  if (endless !== 0) return endless;
  let n = parts.length, high = 0, low = 0;
  if (n > 0) high = parts[--n];
  while (n > 0 && low === 0) {
    const x = high, y = parts[--n];
    high = x + y;
    low = y - (high - x);
  }
  if (n > 0 && low !== 0 && (low < 0) === (parts[n - 1] < 0)) { // halfway between two numbers: what is left decides
    const y = 2 * low, x = high + y;
    if (y === x - high) high = x;
  }
  return high;
}
