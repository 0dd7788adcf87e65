'use strict';
// Where a page asks: the same in a worker and, without one, in the page itself. Newer questions end older ones.
//
// in   {start: {page, words, modules, policies}}   plain data; unpacked words and modules as bytes; policies that are its own (else all)
//      {packed: {page, words, modules, policies}}  the same as texts of the page: it is unpacked here
// out  {ready: {compared, differences, wrong}} or {failed: reason}
// in   {ask: number, positions, first, want}
//        first: replications after which an early answer is given; want: what is wanted (see `Desk.answer`)
// out  {answer: number, policy: k, n, last: bool, …} for every policy, then {done: number}; or {answer: number, failed: reason}

const AHEAD = 3; // replications between two looks at what is asked

class Desk {
  constructor(reply) { this.reply = reply; this.study = null; this.newest = null; }

  async hear(message) {
    try {
      if (message.packed) await this.start(await opened(message.packed));
      else if (message.start) await this.start(message.start);
      else if (message.ask !== undefined) await this.work(this.newest = message);
    } catch (error) {
      const failed = String(error && error.message || error);
      this.reply(message.ask === undefined ? {failed} : {answer: message.ask, failed});
    }
  }
  async start({page, words, modules, policies}) {
    const engines = await Promise.all(modules.map(bytes => WebAssembly.compile(bytes)));
    this.study = new Study(engines, page, wordsOf(words), policies);
    this.reply({ready: this.study.selfTest()});
    await this.ahead();
  }
  async ahead() { // while nobody asks: what is mailed, which every answer is compared with
    const {study} = this, all = study.page.replications;
    for (const k of study.policies()) for (let n = 1; n < all;) {
      await turn();
      if (this.newest) return;
      study.values(k, {}, n = Math.min(n + AHEAD, all));
    }
  }
  async work(message) {
    const {study} = this, all = study.page.replications, policies = study.policies();
    const stages = message.first && message.first < all ? [message.first, all] : [all];
    for (const n of stages) for (const k of policies) {
      await turn(); // a newer question is heard here
      if (this.newest !== message) return;
      this.reply({answer: message.ask, policy: k, n, last: n === all, ...this.answer(k, message, n)});
    }
    this.reply({done: message.ask});
  }
  // want.ids, want.scopes: measures and scopes (all measures, the whole network); want.baseline: a policy that every other is compared
  // with; want.mailed: also the difference from the policy itself as mailed; want.series: names of series; want.targets: {measure: target}
  answer(k, {positions, want = {}}, n) {
    const {study} = this, {ids = [...study.places.keys()], scopes = [0], baseline = null, series = [], targets = {}} = want;
    const values = study.values(k, positions, n), found = {estimates: {}, series: {}, risk: {}};
    const against = baseline !== null && baseline !== k && !study.page.policies[baseline].off ? study.values(baseline, positions, n) : null;
    const before = want.mailed ? study.values(k, {}, n) : null;
    for (const scope of scopes) {
      const each = make => Object.fromEntries(ids.map(id => [id, make(id)]));
      found.estimates[scope] = each(id => values.estimate(id, scope));
      if (against) (found.against ??= {})[scope] = each(id => values.minus(against, id, scope));
      if (before) (found.moved ??= {})[scope] = each(id => values.minus(before, id, scope));
      for (const name of series) (found.series[scope] ??= {})[name] = values.series(name, scope);
    }
    for (const [id, target] of Object.entries(targets)) {
      found.risk[id] = {missed: values.missShare(id, target), worst: values.worstYear(id), months: values.months()};
    }
    return found;
  }
}

async function opened({page, words, modules, policies}) {
  const [data, plain, ...engines] = await Promise.all([page, words, ...modules].map(unpacked));
  return {page: JSON.parse(new TextDecoder().decode(data)), words: plain, modules: engines, policies};
}

function turn() { // of whoever else waits; setTimeout would wait 4 ms itself
  return new Promise(next => {
    const {port1, port2} = new MessageChannel();
    port1.onmessage = () => { port1.close(); next(); };
    port2.postMessage(null);
  });
}
