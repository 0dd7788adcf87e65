"use strict";
// One page for players and for the teacher. The server sends whole states, and orders as they come; nothing is computed here but what is drawn.
const $ = (id) => document.getElementById(id);
const code = new URLSearchParams(location.search).get("code") || "";
const teacher = location.hash.startsWith("#teacher=") ? location.hash.slice(9) : "";
const KEY = "chainsim-seat-" + code;
const say = (text) => { $("said").textContent = text; $("said").hidden = !text; };
const number = (x, digits = 0) => x === null || x === undefined ? "–" : Number(x).toLocaleString("en", { maximumFractionDigits: digits });
let kept = "";  // where there is no storage, a reload begins anew
const memory = {
  get token() { try { return localStorage.getItem(KEY) || kept; } catch { return kept; } },
  set token(value) { kept = value; try { value ? localStorage.setItem(KEY, value) : localStorage.removeItem(KEY); } catch { /* private window */ } },
};

function make(tag, attributes, ...children) {
  const drawn = ["svg", "path", "line", "text", "rect", "title"].includes(tag);
  const node = drawn ? document.createElementNS("http://www.w3.org/2000/svg", tag) : document.createElement(tag);
  for (const [key, value] of Object.entries(attributes || {})) {
    if (key === "click") node.addEventListener("click", value); else node.setAttribute(key, value);
  }
  node.append(...children.map((child) => child instanceof Node ? child : String(child)));
  return node;
}
const table = (head, rows) => make("div", { class: "wide" }, make("table", null,
  make("thead", null, make("tr", null, ...head.map((cell) => make("th", { scope: "col" }, cell)))),
  make("tbody", null, ...rows)));
const row = (cells, kind) => make("tr", kind ? { class: kind } : null, ...cells.map((cell) => cell instanceof Node ? cell : make("td", null, cell)));

// the line to the server

let socket, wait = 500;
function connect() {
  socket = typeof Referee !== "undefined" ? new Referee() : new WebSocket((location.protocol === "https:" ? "wss://" : "ws://") + location.host + "/socket");
  socket.onopen = () => { wait = 500; hello(); };
  socket.onmessage = (event) => { const shown = JSON.parse(event.data); views[shown.show](shown); };
  socket.onclose = () => { $("where").textContent = "no connection; trying again …"; setTimeout(connect, wait); wait = Math.min(wait * 2, 5000); };
}
const send = (message) => { if (socket.readyState === 1) socket.send(JSON.stringify(message)); else say("No connection; trying again …"); };
const hello = () => {
  const token = teacher || memory.token;
  if (token || $("code").value) send({ do: "hello", code: $("code").value, token: token || null }); else show("lobby");
};
const show = (id) => { for (const main of document.querySelectorAll("main")) main.hidden = main.id !== id; };

let state = null;
const views = {
  refused({ text }) { say(text); if (/code of the room/.test(text)) { memory.token = ""; show("lobby"); } },
  welcome({ token }) { memory.token = token; say(""); },
  away() { memory.token = ""; say("Your seat was freed."); },
  lobby(shown) { head(shown, "take a seat"); seats(shown); show("lobby"); },
  player(shown) { state = shown; player({ ...shown }); show("player"); },
  orders(shown) { views.player({ ...state, ...shown, show: "player" }); },  // all else is as it was
  teacher(shown) { teach(shown); show("teacher"); },
  board({ rows }) { $("board").replaceChildren(standing(rows)); },
  moves({ text }) {
    const link = make("a", { download: "moves.csv", href: URL.createObjectURL(new Blob([text], { type: "text/csv" })) });
    link.click(); setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  },
};
function head(shown, where) { $("title").textContent = shown.title; document.title = shown.title; $("where").textContent = where; }

// a newcomer

function seats(shown) {
  const before = $("seat").value;
  const options = [make("option", { value: "" }, "any free seat")];
  for (const [team, roles] of Object.entries(shown.seats)) for (const [role, name] of Object.entries(roles)) {
    const option = make("option", { value: JSON.stringify([team, role]) }, name ? `${team}, ${role}: ${name}` : `${team}, ${role}`);
    option.disabled = name !== null;
    options.push(option);
  }
  $("seat").replaceChildren(...options);
  $("seat").value = before;
  if (!$("seat").value) $("seat").value = "";
}
$("code").value = code;
$("code").addEventListener("change", () => { say(""); hello(); });
$("join").addEventListener("submit", (event) => {
  event.preventDefault(); say("");
  const [team, role] = $("seat").value ? JSON.parse($("seat").value) : [null, null];
  send({ do: "join", code: $("code").value, name: $("name").value, ...(team ? { team, role } : {}) });
});

// a player

let at = "", deadline = null, period = 0;
function player(shown) {
  shown.weeks = shown.weeks.map((values) => Object.fromEntries(shown.columns.map((key, i) => [key, values[i]])));
  const { week, unit } = shown;
  head(shown, `${shown.team}, ${shown.role}: ` + (shown.over ? "the end" : `${unit} ${shown.period} of ${shown.periods}`));
  $("messages").replaceChildren(...shown.messages.slice(-3).map((text) => make("p", null, text)));
  const stand = week || shown.weeks[shown.weeks.length - 1];
  const fact = (text, value, kind) => make("div", { class: "fact " + (kind || "") }, make("b", null, value), text);
  $("now").replaceChildren(
    fact("in stock", number(Math.max(stand.net_stock, 0))), fact("you owe", number(Math.max(-stand.net_stock, 0)), stand.net_stock < 0 ? "owed" : ""),
    fact((shown.below || "customers") + " ordered", number(stand.demand)), fact("you received", number(stand.received)),
    fact(stand.in_transit === undefined ? "on order" : `on order (${number(stand.in_transit)} on the way)`, number(stand.on_order)), fact(("cost so far " + shown.currency).trim(), number(shown.cost)));
  const key = shown.team + shown.role + shown.period;
  if (key !== at) { at = key; const last = shown.weeks[shown.weeks.length - 1]; $("quantity").value = shown.ordered ?? (last ? last.order : stand.demand); say(""); }
  period = shown.period;
  $("order").hidden = shown.over;
  $("asked").textContent = `Your order to ${shown.above || "your source"}`;
  for (const id of ["send", "less", "more", "quantity"]) $(id).disabled = !shown.on_turn;
  $("send").textContent = shown.ordered === null ? "Order" : `Ordered ${number(shown.ordered)}; change it`;
  deadline = shown.seconds === null ? null : Date.now() + 1000 * shown.seconds;
  shownWaits = !shown.started ? "The game has not begun." : !shown.on_turn ? "Another role decides first." : shown.ordered === null ? "" : shown.awaited.length ? "Waiting for " + shown.awaited.join(", ") : "Waiting for the teacher.";
  clock();
  $("chain").replaceChildren(...(shown.chain ? [make("h2", null, "The whole chain"), table(["role", "stock", "on order", "asked"], shown.chain.map((each) =>
    row([each.name ? `${each.role} (${each.name})` : each.role, number(each.net_stock), number(each.on_order), number(each.demand)], each.role === shown.role ? "mine" : "")))] : []));
  $("outcome").replaceChildren(...(shown.outcome ? [make("h2", null, `Your chain cost ${number(shown.outcome.cost)} ${shown.currency}`), table(["role", "cost", "bullwhip", "top order", "owed"], shown.outcome.parts.map((part) =>
    row([part.role, number(part.cost), number(part.bullwhip_cumulative, 1), number(part.largest_order), number(part.most_owed)], part.role === shown.role ? "mine" : ""))), ...(shown.standing ? [make("h2", null, "The same customers"), table(["place", "who", "cost", "× the best"], shown.standing.map((each) =>
    row([number(each.place), each.who, number(each.cost), number(each.times_the_best, 1)], each.kind === "team" ? "mine" : "")))] : [])] : []));
  curves($("curves"), shown.weeks, shown.unit);
  $("weeks").replaceChildren(table([unit, "asked", "received", "net stock", "on order", "order", "cost"], shown.weeks.slice().reverse().map((w) =>
    row([number(w.period), number(w.demand), number(w.received), number(w.net_stock), number(w.on_order), number(w.order), number(w.cost)]))));
}
let shownWaits = "";
function clock() {
  const left = deadline === null ? "" : ` ${Math.max(0, Math.ceil((deadline - Date.now()) / 1000))} s left.`;
  const told = (shownWaits + left).trim();
  if ($("waits").textContent !== told) $("waits").textContent = told;
}
setInterval(clock, 500);
$("order").addEventListener("submit", (event) => {
  event.preventDefault(); say("");
  const quantity = Number($("quantity").value);
  if ($("quantity").value.trim() === "" || !Number.isFinite(quantity)) say("An order is a number."); else send({ do: "order", period, quantity });
});
const step = (by) => () => { $("quantity").value = Math.max(0, (Number($("quantity").value) || 0) + by); };
$("less").addEventListener("click", step(-1)); $("more").addEventListener("click", step(1));
$("leave").addEventListener("click", () => { if (confirm("Leave this seat? The computer plays on.")) send({ do: "leave" }); });

function curves(place, weeks, unit) {
  if (weeks.length < 2) { place.replaceChildren(); return; }
  const series = { orders: weeks.map((w) => w.order), stock: weeks.map((w) => w.net_stock), demand: weeks.map((w) => w.demand) };
  const all = Object.values(series).flat(), low = Math.min(0, ...all), high = Math.max(1, ...all);
  const x = (i) => 34 + (i / (weeks.length - 1)) * 316, y = (v) => 150 - ((v - low) / (high - low)) * 138;
  const path = (values) => values.map((v, i) => `${i ? "L" : "M"}${x(i).toFixed(1)} ${y(v).toFixed(1)}`).join("");
  const told = `Orders from ${number(Math.min(...series.orders))} to ${number(Math.max(...series.orders))}, net stock from ${number(Math.min(...series.stock))} to ${number(Math.max(...series.stock))}`;
  place.replaceChildren(make("h2", null, "Orders (line), net stock (dashed), what was ordered from you (thin)"),
    make("svg", { viewBox: "0 0 360 172", role: "img", "aria-label": told },
      ...[low, 0, high].map((v) => make("line", { class: v === 0 ? "zero" : "axis", x1: 34, x2: 350, y1: y(v), y2: y(v) })),
      ...[...new Set([low, 0, high])].map((v) => make("text", { x: 30, y: y(v) + 4, "text-anchor": "end" }, number(v))),
      make("text", { x: 34, y: 168 }, `${unit} 1`), make("text", { x: 350, y: 168, "text-anchor": "end" }, `${weeks.length}`),
      ...Object.entries(series).map(([kind, values]) => make("path", { class: kind, d: path(values) }))));
}

// the teacher

function teach(shown) {
  head(shown, shown.over ? "all teams are at the end" : shown.started ? "under way" : "not begun");
  $("address").textContent = shown.address; $("roomcode").textContent = shown.code;
  qr(shown.qr);
  $("start").disabled = shown.started; $("advance").disabled = !shown.started || shown.over;
  for (const [id, value] of [["pace", shown.pace], ["seconds", shown.seconds]]) if (document.activeElement !== $(id)) $(id).value = value;
  $("sharing").checked = shown.sharing;
  const roles = shown.teams[0].roles.map((each) => each.role);
  $("teams").replaceChildren(table(["team", shown.unit, ...roles, "cost", ""], shown.teams.map((team) => row([
    team.team, team.over ? "end" : number(team.period) + (team.seconds === null ? "" : ` (${Math.ceil(team.seconds)} s)`), ...team.roles.map((each) => seat(team, each)), number(team.cost),
    make("td", { class: "seat" }, make("button", { type: "button", class: "quiet", click: () => send({ do: "advance", team: team.team }) }, "move on"))]))));
  $("pages").replaceChildren(...Object.entries(shown.pages).map(([team, address]) => make("p", null, make("a", { href: address, target: "_blank", rel: "noopener" }, team ? `${team}: the page` : "Slides for the class"))));
}
function seat(team, each) {
  const kind = each.name === null ? "gone" : each.ready ? "ready" : each.awaited ? "late" : "";
  const who = each.name === null ? "computer" : each.name + (each.here ? "" : " (away)");
  const last = each.orders.length ? `, ordered ${number(each.orders[each.orders.length - 1])}` : "";
  const free = each.name === null ? [] : [" ", make("button", { type: "button", class: "quiet", title: "free this seat", click: () => send({ do: "free", team: team.team, role: each.role }) }, "×")];
  return make("td", { class: "seat " + kind }, `${who}: ${number(each.net_stock)}${last}`, ...free);
}
function qr(rows) {
  if (!rows.length || $("qr").firstChild) return;
  const size = rows.length, svg = make("svg", { viewBox: `-2 -2 ${size + 4} ${size + 4}`, role: "img", "aria-label": "QR code of the address" });
  rows.forEach((line, y) => [...line].forEach((bit, x) => { if (bit === "1") svg.append(make("rect", { x, y, width: 1.02, height: 1.02 })); }));
  $("qr").append(svg);
}
function standing(rows) {
  return table(["place", "who", "", "cost", "bullwhip", "× the best"], rows.map((each) =>
    row([number(each.place), each.who, each.kind, number(each.cost), number(each.bullwhip, 1), number(each.times_the_best, 1)], each.kind === "team" ? "mine" : "")));
}
$("start").addEventListener("click", () => send({ do: "start" }));
$("advance").addEventListener("click", () => send({ do: "advance" }));
$("pace").addEventListener("change", () => send({ do: "set", pace: $("pace").value }));
$("seconds").addEventListener("change", () => send({ do: "set", seconds: Number($("seconds").value) }));
$("sharing").addEventListener("change", () => send({ do: "set", sharing: $("sharing").checked }));
$("say").addEventListener("click", () => { send({ do: "message", text: $("tell").value }); $("tell").value = ""; });
$("standing").addEventListener("click", () => send({ do: "board" }));
$("moves").addEventListener("click", () => send({ do: "moves" }));
$("debrief").addEventListener("click", () => { $("pages").textContent = "Drawing the pages …"; send({ do: "debrief" }); });
connect();
