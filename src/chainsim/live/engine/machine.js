'use strict';
// The memory of a replication and the compiled event loop that works in it: engines/compiled/state.py, for a page.
// Places are counted in words of 64 bits. The page writes words and makes room; it knows no rule.

const STATUS = {FINISHED: 2, FULL: 3, ENDLESS: 4, BACKWARDS: 5}; // engines/compiled/layout.py
const SLICE = 1000000n; // events after which the loop comes back for a moment
const STACK = 1 << 20, FRAME = 64; // bytes: the engine's stack ends at STACK, below it lie its constants; what it returns goes into FRAME

class Machine {
  constructor(module, page, draws) { // draws: of each stream at most, for which the tables were mailed; 0: any number
    this.page = page;
    this.draws = draws;
    this.memory = new WebAssembly.Memory({initial: 2 * (STACK >> 16)});
    const stack = new WebAssembly.Global({value: 'i32', mutable: true}, STACK - FRAME);
    const offered = {__linear_memory: this.memory, __stack_pointer: stack, fmod: (a, b) => a % b};
    this.loop = new WebAssembly.Instance(module, {env: offered}).exports.advance_time;
    this.top = STACK / 8;
    this.grown = 0;
    this.field = new Map(page.fields.map((name, place) => [name, place]));
    this.at = {}; // where each array is
    this.size = page.held.reduce((sum, [, words]) => sum + words, 0);
    this.look();
    this.held = this.room(this.size);
    let at = this.held;
    for (const [name, words] of page.held) { this.at[name] = at; at += words; }
    const [first, last] = page.workedOn;
    this.worked = [this.at[first] - this.held, this.at[last] - this.held + new Map(page.held).get(last)];
    this.keptWords = page.kept.reduce((sum, [, words]) => sum + words, 0);
    this.keptAt = at = this.room(this.keptWords);
    for (const [name, words] of page.kept) { this.at[name] = at; at += words; }
    for (const [name, words] of page.blank) this.at[name] = this.room(words);
    this.rows = {}; // of each pool
    for (const group of page.pools) for (const pool of group) this.pool(pool, pool[1]);
    this.image = null; // the words a replication begins with
  }
  look() {
    const {buffer} = this.memory;
    this.i8 = new BigInt64Array(buffer);
    this.f8 = new Float64Array(buffer);
    this.i4 = new Int32Array(buffer);
  }
  room(words) { // beginning at a multiple of 8 words
    const at = this.top;
    this.top = (at + words + 7) & ~7;
    const missing = 8 * this.top - this.memory.buffer.byteLength;
    if (missing > 0) {
      this.memory.grow(Math.max(Math.ceil(missing / 65536), 16));
      this.look();
    }
    return at;
  }
  pool([name, , width, minusOne], rows) { // fresh rows, as rows.Table.array makes them
    const at = this.at[name] = this.room(rows * width);
    this.rows[name] = rows;
    this.i8.fill(0n, at, at + rows * width);
    for (const column of minusOne) for (let r = 0; r < rows; r++) this.i8[at + r * width + column] = -1n;
  }
  turn(image) { // to the words of another policy, or of other positions of the levers
    this.image = image;
    for (const name of Object.keys(this.at)) this.address(name);
    this.i8.set(image, this.held);
  }
  address(name) {
    const place = this.field.get(name);
    if (place === undefined) return; // the control row, and prices
    this.image[place] = BigInt(8 * this.at[name]);
    if (name in this.rows) this.image[this.field.get(name + '_length')] = BigInt(this.rows[name]);
  }
  read(name, into) { // an array as quantities
    const at = this.at[name];
    into.set(this.f8.subarray(at, at + into.length));
  }
  get(name) { return Number(this.i8[this.held + this.field.get(name)]); }
  set(name, number) { this.i8[this.held + this.field.get(name)] = BigInt(number); }
  run(replication) {
    const {image, held, worked: [first, end], page} = this;
    this.i8.set(image.subarray(0, page.fields.length), held);
    this.i8.set(image.subarray(first, end), held + first);
    this.i8.fill(0n, this.keptAt, this.keptAt + this.keptWords);
    this.set('replication', replication);
    const events = held + this.field.get('events');
    for (;;) {
      this.loop(STACK - FRAME, STACK - FRAME / 2, BigInt(8 * held), this.i8[events] + SLICE);
      const status = this.get('status');
      if (status === STATUS.FINISHED) return this.drawn();
      if (status === STATUS.FULL) this.grow();
      else if (status === STATUS.ENDLESS) throw new Error('more events at one instant than can be: times of zero follow each other in a loop');
      else if (status === STATUS.BACKWARDS) throw new Error('a delay fell before the present');
    }
  }
  drawn() { // tables have the cells that so many draws look at, and no others
    const {draws, i4, at: {drawn}} = this;
    for (let s = 0; s < draws.length; s++) if (draws[s] && i4[2 * (drawn + s)] > draws[s]) throw new Error('more random numbers are needed than the page has tables for');
  }
  grow() { // State.grow: double what is nearly full; the place left is not used again
    const claims = this.get('claims_used') - this.get('free_claims_used');
    let some = false;
    this.page.pools.forEach((group, k) => {
      const first = group[0][0], wanted = this.get(first + '_used') + this.page.perClaim[k] * claims + this.get(first + '_needed');
      if (wanted <= this.rows[first]) return;
      some = true;
      for (const pool of group) {
        const [name, , width] = pool, old = this.at[name], rows = this.rows[name];
        this.pool(pool, 2 * rows);
        this.i8.copyWithin(this.at[name], old, old + rows * width);
        this.address(name); // for the next replications, and for this one
        this.set(name, 8 * this.at[name]);
        this.set(name + '_length', this.rows[name]);
      }
    });
    if (!some) throw new Error('the engine asks for room and no pool is full: please report it');
    this.grown++;
  }
}
