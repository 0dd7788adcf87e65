'use strict';
// Desks that share the policies of a page and work side by side; whoever asks hears them as one desk.
//
// in, out: as a desk (desk.js). A desk is {send, policies}: where its messages go, and the numbers of the policies that are its own.

class Crew {
  constructor(reply, desks) { this.reply = reply; this.desks = desks; this.asked = 0; this.heard = []; }

  send(message) {
    if (message.ask !== undefined) this.asked = message.ask;
    this.heard = [];
    for (const {send, policies} of this.desks) send(message.packed ? {packed: {...message.packed, policies}} : message.start ? {start: {...message.start, policies}} : message);
  }
  hear(message) { // of a desk
    const {ready, done, answer} = message;
    if (ready) this.together(ready, all => ({ready: {
      compared: all.reduce((sum, one) => sum + one.compared, 0),
      differences: all.reduce((sum, one) => sum + one.differences, 0),
      wrong: all.flatMap(one => one.wrong),
    }}));
    else if (done !== undefined) { if (done === this.asked) this.together(done, () => ({done})); }
    else if (answer === undefined || answer === this.asked) this.reply(message);
  }
  together(what, make) {
    this.heard.push(what);
    if (this.heard.length === this.desks.length) this.reply(make(this.heard));
  }
}

// policies shared among so many desks, about as much work for each: the heaviest first, to whoever has least
function shares(weights, desks) {
  const all = Array.from({length: Math.max(1, Math.min(desks, weights.length))}, () => ({policies: [], work: 0}));
  for (const {k, weight} of weights.slice().sort((a, b) => b.weight - a.weight || a.k - b.k)) {
    const least = all.reduce((one, other) => other.work < one.work ? other : one);
    least.policies.push(k);
    least.work += weight;
  }
  return all.map(({policies}) => policies.sort((a, b) => a - b));
}
