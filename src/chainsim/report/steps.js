"use strict";
/* A replication to step through: an event at a time by buttons or arrow keys, with the row of the table that it belongs to. What is
   told was written by Python; nothing is computed here. Unpacked when the part is first opened. */
(() => {
  const part = document.getElementById("steps"), block = document.getElementById("steps-data"), box = document.getElementById("stepper");
  if (!part || !block || !box || typeof DecompressionStream !== "function") return;
  const make = (tag, words = "", more = {}) => Object.assign(document.createElement(tag), { textContent: words, ...more });
  const figure = document.getElementById("steps-table"), table = figure.querySelector("table"), command = document.getElementById("steps-command");
  let all = [], one = null, row = 0, at = -1; // at: an event of the row; −1: before the first

  const unpacked = async () => {
    const bytes = Uint8Array.from(atob(block.textContent.trim()), c => c.charCodeAt(0));
    return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).json();
  };
  const now = make("p", "", { className: "step-now" }), list = make("ol", "", { className: "step-list", tabIndex: 0 }), where = make("span");
  now.setAttribute("role", "status");
  list.setAttribute("aria-label", "Events of this row");
  const cells = (tag, words) => words.map((text, i) => make(i ? tag : "th", text, i ? { className: "n" } : { scope: tag === "th" ? "col" : "row" }));
  const follow = k => {
    one = all[k];
    figure.querySelector("figcaption").textContent = one.title;
    const head = make("tr");
    head.append(...cells("th", one.heads));
    table.tHead.replaceChildren(head);
    table.tBodies[0].replaceChildren(...one.rows.map(words => { const tr = make("tr"); tr.append(...cells("td", words)); return tr; }));
    if (command) command.textContent = one.command;
    row = 0;
    at = -1;
    show(true);
  };
  const near = (inside, outer) => { // no more than it takes, and the page stays where it is
    const above = inside.offsetTop - outer.offsetTop - 28, below = inside.offsetTop - outer.offsetTop + inside.offsetHeight - outer.clientHeight;
    outer.scrollTop = Math.min(Math.max(outer.scrollTop, below), Math.max(above, 0));
  };
  const show = fresh => {
    const events = one.events[row], [time, words] = events[at] ?? [`${one.heads[0] === "date" ? "" : `${one.heads[0]} `}${one.rows[row][0]}`, events.length ? "begins." : "passes without an event here."];
    now.replaceChildren(make("b", time), ` ${words}`);
    if (fresh) list.replaceChildren(...events.map(([when, what]) => make("li", `${when}: ${what}`)));
    [...list.children].forEach((li, i) => { if (i === at) li.setAttribute("aria-current", "step"); else li.removeAttribute("aria-current"); });
    [...table.tBodies[0].rows].forEach((tr, i) => tr.classList.toggle("now", i === row));
    if (list.children[at]) near(list.children[at], list);
    near(table.tBodies[0].rows[row], table.parentElement);
    where.textContent = `row ${row + 1} of ${one.rows.length}, event ${at + 1} of ${events.length}`;
    buttons.forEach(([button, , can]) => { button.disabled = !can(); });
  };
  const to = (r, e) => { const fresh = r !== row; row = r; at = e; show(fresh); };
  const last = () => one.rows.length - 1;
  const forward = () => at < one.events[row].length - 1 ? to(row, at + 1) : row < last() && to(row + 1, one.events[row + 1].length ? 0 : -1);
  const back = () => at > 0 || (at === 0 && row === 0) ? to(row, at - 1) : row > 0 && to(row - 1, one.events[row - 1].length - 1);
  const down = () => row < last() && to(row + 1, -1), up = () => row > 0 && to(row - 1, -1);
  const start = () => row > 0 || at > -1, more = () => row < last() || at < one.events[row].length - 1;
  const buttons = [["« Row", up, () => row > 0], ["‹ Back", back, start], ["Next ›", forward, more], ["Row »", down, () => row < last()]]
    .map(([words, act, can]) => {
      const button = make("button", words, { type: "button" });
      button.addEventListener("click", act);
      return [button, act, can];
    });
  const KEYS = { ArrowRight: forward, ArrowLeft: back, ArrowDown: down, ArrowUp: up, Home: () => to(0, -1), End: () => to(last(), one.events[last()].length - 1) };
  const open = async () => {
    if (!part.open || all.length) return;
    all = await unpacked();
    const bar = make("p", "", { className: "tool-group" }), label = make("label", "Follow "), select = make("select");
    all.forEach(({ title }, i) => select.append(make("option", title, { value: i })));
    select.addEventListener("change", () => follow(Number(select.value)));
    label.append(select);
    bar.append(label, ...buttons.map(([button]) => button), where);
    box.append(bar, now, list);
    box.tabIndex = 0;
    box.setAttribute("role", "group");
    box.setAttribute("aria-label", "Step through: arrow keys left and right an event, up and down a row");
    box.addEventListener("keydown", event => {
      const act = event.target !== select && KEYS[event.key];
      if (!act) return;
      event.preventDefault();
      act();
    });
    follow(0);
  };
  part.addEventListener("toggle", open);
  open();
})();
