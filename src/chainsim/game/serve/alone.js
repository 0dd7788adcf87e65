"use strict";
// The other end of the line where there is no server: chainsim's engine in this page, and one player. After every order the whole game is
// run again with the orders so far; what is shown ends with this review.
class Referee {
  constructor() {
    this.readyState = 1;
    document.getElementById("coded").hidden = true;
    document.getElementById("code").value = "ALONE";
    document.getElementById("name").value = "You";
    this.orders = [];
    this.role = null;
    this.begin().then(() => this.onopen(), (error) => this.tell({ show: "refused", text: "This browser cannot play here: " + error.message }));
  }
  async begin() {
    const text = (id) => document.getElementById(id).textContent.trim(), { unpacked, wordsOf, Study } = chainsim;
    const game = this.game = JSON.parse(text("game"));
    const page = JSON.parse(new TextDecoder().decode(await unpacked(text("game-page"))));
    const modules = [await WebAssembly.compile(await unpacked(text("game-engine")))];
    this.study = new Study(modules, page, wordsOf(await unpacked(text("game-words"))));
    this.boards = game.roles.map(({ role }, k) => { // where the orders of this role stand among the engine's words
      const before = this.study.image(k, []), after = this.study.image(k, this.study.moves(k, { orders: 1 })), places = [];
      before.forEach((word, at) => { if (word !== after[at]) places.push(at); });
      if (places.length !== game.periods) throw new Error(`the orders of ${role} are not where they should be`);
      return { image: before, places };
    });
    for (const { role, expected } of game.roles) { // does this engine play as the one that made the page?
      const { weeks } = this.played(role, Array(game.periods).fill(game.tried));
      for (const key of Object.keys(expected)) {
        const wrong = weeks[role].find((week, i) => Math.abs(week[key] - expected[key][i]) > 1e-9 * Math.max(1, Math.abs(week[key]))); // sums in another order
        if (wrong) throw new Error(`its engine plays another game (${role}, ${key} of period ${wrong.period})`);
      }
    }
  }
  tell(shown) { setTimeout(() => this.onmessage({ data: JSON.stringify(shown) }), 0); }
  send(text) {
    const { game } = this, message = JSON.parse(text);
    if (message.do === "join") { this.role = message.role || game.roles[0].role; this.orders = []; this.tell({ show: "welcome", token: "" }); }
    if (message.do === "leave") { this.role = null; this.tell({ show: "away" }); }
    if (message.do === "order") {
      const { quantity } = message;
      if (!(quantity >= 0 && quantity <= 1e6)) { this.tell({ show: "refused", text: "an order is between 0 and 1,000,000 units" }); return; }
      if (game.whole && quantity % 1) { this.tell({ show: "refused", text: "an order is in whole units" }); return; }
      this.orders.push(quantity);
    }
    this.tell(this.role === null ? this.lobby() : this.player());
  }
  frame() { const { title, unit, currency, periods } = this.game; return { title, unit, currency, periods, started: true }; }
  lobby() { return { show: "lobby", ...this.frame(), seats: { You: Object.fromEntries(this.game.roles.map(({ role }) => [role, null])) } }; }
  player() {
    const { game, role, orders } = this, { weeks, costs } = this.played(role, orders), now = orders.length, over = now === game.periods;
    const at = game.roles.findIndex((each) => each.role === role), columns = ["period", "demand", "received", "net_stock", "on_order", "cost", "order"];
    const shown = {
      show: "player", ...this.frame(), team: "You", role, name: "You", below: at ? game.roles[at - 1].role : null, above: game.roles[at + 1]?.role ?? null,
      period: now + 1, over, on_turn: !over, ordered: null, awaited: [], seconds: null, messages: now ? [] : [`'${game.policy}' plays the other roles.`],
      week: over ? null : weeks[role][now], columns, weeks: weeks[role].slice(0, now).map((week) => columns.map((key) => week[key])),
      cost: over ? costs[role] : weeks[role][now].cost,
    };
    if (over) Object.assign(shown, this.outcome(weeks, costs));
    return shown;
  }
  // every period of every role, with these orders and none after them; what each role paid in the end
  played(role, orders) {
    const { game, study } = this, k = game.roles.findIndex((each) => each.role === role), { image, places } = this.boards[k];
    const words = image.slice(), numbers = new Float64Array(words.buffer), machine = study.machines[study.page.policies[k].engine];
    places.forEach((at, i) => { numbers[at] = orders[i] ?? 0; });
    machine.turn(words);
    machine.run(0);
    const buckets = study.page.edges.length - 1, weeks = {}, costs = {};
    for (const { role: each, row, prices: [held, owed, lost, order], on_order } of game.roles) {
      const level = (name, b) => machine.f8[machine.at.series + (game.series.indexOf(name) * game.points + row) * buckets + b];
      const flow = (name, b) => level(name, b) - (b ? level(name, b - 1) : 0);
      let cost = 0, due = on_order;
      weeks[each] = [];
      for (let b = 0; b < buckets; b++) {
        const received = flow("received", b), quantity = flow("ordered", b), net_stock = level("on_hand", b) - level("backorders", b);
        cost += lost * flow("lost", b);
        due -= received;
        weeks[each].push({ period: b + 1, demand: flow("demanded", b) + flow("requested", b), received, net_stock, on_order: due, cost, order: quantity });
        due += quantity;
        cost += game.interval * (held * level("on_hand", b) + owed * level("backorders", b)) + (quantity > 0 ? order : 0);
      }
      costs[each] = cost;
    }
    return { weeks, costs };
  }
  outcome(weeks, costs) {
    const { game } = this, customers = weeks[game.roles[0].role].map((week) => week.demand);
    const variance = (values) => { const mean = values.reduce((a, b) => a + b, 0) / values.length; return values.reduce((a, b) => a + (b - mean) ** 2, 0) / (values.length - 1); };
    const parts = game.roles.map(({ role }) => {
      const orders = weeks[role].map((week) => week.order), spread = variance(customers);
      return { role, cost: costs[role], bullwhip_cumulative: spread > 0 ? variance(orders) / spread : null, largest_order: Math.max(...orders), most_owed: Math.max(0, ...weeks[role].map((week) => -week.net_stock)) };
    });
    const cost = parts.reduce((sum, part) => sum + part.cost, 0), bullwhip = parts[parts.length - 1].bullwhip_cumulative;
    const rows = [...game.others.map((each) => ({ ...each, kind: "policy" })), { who: "You", kind: "team", cost, bullwhip }].sort((a, b) => a.cost - b.cost);
    const best = Math.min(...game.others.map((each) => each.cost));
    return { outcome: { cost, bullwhip, parts }, standing: rows.map((each, i) => ({ place: i + 1, ...each, times_the_best: best > 0 ? each.cost / best : null })) };
  }
}
