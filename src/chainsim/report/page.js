"use strict";
/* What the page does when scripts may run: sort, hide, look up, switch the baseline, read a value, copy a picture, and redraw on the
   event `chainsim:now`. Without them the page is complete. Numbers are texts of the page; nothing is computed from them but where a
   mark stands. */
(() => {
  const $ = (query, root = document) => [...root.querySelectorAll(query)];
  const SVG = "http://www.w3.org/2000/svg";
  const data = JSON.parse(document.getElementById("page-data").textContent);
  const tools = document.getElementById("tools");
  const make = (tag, words = "", more = {}) => Object.assign(document.createElement(tag), { textContent: words, ...more });

  /* a link into a folded part unfolds it */
  const unfold = () => {
    const part = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const folded = part && part.closest("details");
    if (folded) { folded.open = true; part.scrollIntoView(); }
  };
  addEventListener("hashchange", unfold);
  unfold();
  let shut = [];
  addEventListener("beforeprint", () => { shut = $("details:not([open])"); shut.forEach(d => { d.open = true; }); });
  addEventListener("afterprint", () => shut.forEach(d => { d.open = false; }));

  /* sort a table by a column: numbers by their value, words as words */
  const key = cell => {
    const exact = cell.querySelector("data");
    if (exact) return Number(exact.value);
    const words = cell.textContent.trim();
    const number = Number(words.replace(/[\u202f\u00a0, %×€$£]/g, "").replace("−", "-"));
    return words === "" || words === "–" ? null : Number.isNaN(number) ? words : number;
  };
  const before = (a, b) => a === null ? 1 : b === null ? -1
    : typeof a === "number" && typeof b === "number" ? a - b : String(a).localeCompare(String(b), "en", { numeric: true });
  const sort = (table, column, head) => {
    const falling = head.getAttribute("aria-sort") === "ascending";
    $("th[aria-sort]", table).forEach(th => th.removeAttribute("aria-sort"));
    head.setAttribute("aria-sort", falling ? "descending" : "ascending");
    const rows = $("tr", table.tBodies[0]).map(row => [key(row.cells[column]), row]);
    rows.sort(([a], [b]) => a === null || b === null ? before(a, b) : falling ? before(b, a) : before(a, b));
    rows.forEach(([, row]) => table.tBodies[0].append(row));
  };
  for (const table of $("figure.table table")) {
    if (table.tBodies[0].rows.length < 2) continue;
    [...table.tHead.rows[0].cells].forEach((head, column) => {
      const button = make("button", head.textContent, { type: "button" });
      button.addEventListener("click", () => sort(table, column, head));
      head.replaceChildren(button);
    });
  }

  /* hide a policy wherever it stands */
  for (const table of $("figure.table table")) {
    const heads = [...table.tHead.rows[0].cells].map(th => th.textContent);
    const at = heads.indexOf("Policy");
    data.policies.forEach((policy, i) => {
      if (at >= 0) $("tr", table.tBodies[0]).filter(row => row.cells[at].textContent === policy.label).forEach(row => { row.dataset.policy = i; });
      const column = heads.indexOf(policy.label);
      if (column >= 0) [...table.rows].forEach(row => { row.cells[column].dataset.policy = i; });
    });
  }
  if (data.policies.length > 1) {
    const group = make("span", "", { className: "tool-group" });
    group.setAttribute("role", "group");
    group.setAttribute("aria-label", "Policies shown");
    group.append(make("b", "Show"));
    data.policies.forEach((policy, i) => {
      const label = make("label"), box = make("input", "", { type: "checkbox", checked: true });
      box.addEventListener("change", () => $(`[data-policy="${i}"]`).forEach(e => e.classList.toggle("gone", !box.checked)));
      label.append(box, policy.label);
      group.append(label);
    });
    tools.append(group);
  }
  const choice = (words, options, act) => {
    const label = make("label", `${words} `), select = make("select");
    options.forEach((text, i) => select.append(make("option", text, { value: i })));
    select.addEventListener("change", act);
    label.append(select);
    return [label, select];
  };

  /* switch the baseline of the table of policies */
  const told = document.querySelector("#policies figure.table");
  if (data.against.length && told) {
    const head = [...told.querySelector("thead tr").cells].find(th => th.textContent.startsWith("Cost against"));
    if (head) {
      const column = head.cellIndex, rows = $("tbody tr", told), button = head.querySelector("button") || head;
      const was = rows.map(row => [...row.cells[column].childNodes]), title = button.textContent;
      const [label, select] = choice("Baseline of the table of policies", data.policies.map(p => p.label), () => {
        const base = Number(select.value);
        button.textContent = base ? `Cost against ${data.policies[base].label}` : title;
        rows.forEach((row, i) => row.cells[column].replaceChildren(...(base ? [data.against[base][Number(row.dataset.policy)]] : was[i])));
        document.getElementById("policies").open = true;
      });
      tools.append(label);
    }
  }

  /* look up a measure at a place */
  if (data.found.length) {
    const card = make("section", "", { className: "card", id: "look-up" });
    card.append(make("h2", "Look up a measure"));
    const bar = make("p", "", { className: "tool-group" }), out = make("table");
    const places = new Map(data.found.map(([s, q, texts]) => [`${s} ${q}`, texts]));
    const show = () => {
      const texts = (places.get(`${site.value} ${product.value}`) || [])[measure.value];
      const { title, unit } = data.measures[measure.value];
      const head = make("tr");
      head.append(make("th", "Policy"), make("th", unit ? `${title}, ${unit}` : title, { className: "n" }));
      const body = (texts && texts.length ? texts : data.policies.map(() => "not known there")).map((text, i) => {
        const row = make("tr");
        row.dataset.policy = i;
        row.append(make("th", data.policies[i].label), make("td", text, { className: "n" }));
        return row;
      });
      out.replaceChildren(make("thead"), make("tbody"));
      out.tHead.append(head);
      out.tBodies[0].append(...body);
    };
    const [a, measure] = choice("Measure", data.measures.map(m => m.title), show);
    const [b, site] = choice("at", data.sites, show);
    const [c, product] = choice("of", data.products, show);
    const known = new Set(data.found.map(([s]) => s)), goods = new Set(data.found.map(([, q]) => q));
    $("option", site).forEach(o => { o.disabled = !known.has(Number(o.value)); });
    $("option", product).forEach(o => { o.disabled = !goods.has(Number(o.value)); });
    bar.append(a, b, ...(data.products.length > 1 ? [c] : []));
    out.setAttribute("aria-live", "polite");
    card.append(bar, out, make("p", data.note, { className: "note" }));
    document.querySelector(".below").append(card);
    show();
  }

  /* read a value: by pointer, or with the arrow keys in a picture that has the focus */
  const tip = make("div", "", { className: "tip gone" });
  tip.setAttribute("role", "status");
  document.body.append(tip);
  const point = mark => {
    const box = mark.getBoundingClientRect();
    tip.textContent = mark.dataset.tip;
    tip.classList.remove("gone");
    const room = document.documentElement.clientWidth - tip.offsetWidth - 8;
    tip.style.left = `${Math.max(8, Math.min(room, box.left + box.width / 2 - tip.offsetWidth / 2))}px`;
    tip.style.top = `${box.top > tip.offsetHeight + 10 ? box.top - tip.offsetHeight - 6 : box.bottom + 6}px`;
  };
  const still = () => tip.classList.add("gone");
  document.addEventListener("pointerover", e => {
    const mark = e.target.closest && e.target.closest("[data-tip]");
    if (mark) point(mark); else still();
  });
  for (const picture of $(".plot, .barst")) {
    const marks = () => $("[data-tip]", picture).filter(m => !m.closest(".gone"));
    if (!marks().length) continue;
    picture.tabIndex = 0;
    picture.setAttribute("role", "group");
    picture.setAttribute("aria-label", "Picture: arrow keys read its values");
    let at = -1;
    picture.addEventListener("keydown", e => {
      const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[e.key];
      if (e.key === "Escape") still();
      if (!step) return;
      e.preventDefault();
      const all = marks();
      at = (at + step + all.length) % all.length;
      point(all[at]);
    });
    picture.addEventListener("blur", still);
  }

  /* copy a picture: the SVG with the looks it has here, drawn on a canvas */
  const LOOKS = ["fill", "stroke", "stroke-width", "stroke-dasharray", "opacity", "font-size", "font-weight", "font-family", "text-anchor",
    "paint-order", "stroke-linejoin", "vector-effect", "overflow"];
  const withLooks = (from, to) => {
    const look = getComputedStyle(from);
    if (from.classList.contains("gone")) { to.remove(); return; }
    for (const name of LOOKS) to.setAttribute(name, look.getPropertyValue(name));
    [...from.children].map((child, i) => [child, to.children[i]]).forEach(([a, b]) => withLooks(a, b));
  };
  const inLines = (text, size, family, most) => { // as many as it takes to be no wider
    const pen = make("canvas").getContext("2d"), lines = [""];
    pen.font = `${size}px ${family}`;
    for (const word of text.split(/[ \n]+/)) {
      const longer = `${lines[lines.length - 1]} ${word}`.trim();
      if (pen.measureText(longer).width > most) lines.push(word); else lines[lines.length - 1] = longer;
    }
    return lines;
  };
  const picture = async plot => {
    const svg = plot.querySelector("svg.geo"), box = svg.getBoundingClientRect(), edge = { left: 60, top: 52, right: 70, bottom: 44 };
    const title = plot.closest("figure, section").querySelector("h2, h3, figcaption");
    const told = inLines((title ? title.textContent : document.title).trim(), 15, getComputedStyle(document.body).fontFamily, box.width + edge.left + edge.right - 24);
    edge.top += 19 * (told.length - 1);
    const wide = box.width + edge.left + edge.right, tall = box.height + edge.top + edge.bottom;
    const inner = svg.cloneNode(true), outer = document.createElementNS(SVG, "svg"), ink = getComputedStyle(document.body);
    withLooks(svg, inner);
    for (const [k, v] of Object.entries({ x: edge.left, y: edge.top, width: box.width, height: box.height })) inner.setAttribute(k, v);
    for (const [k, v] of Object.entries({ xmlns: SVG, width: wide, height: tall })) outer.setAttribute(k, v);
    const words = (text, x, y, size, end) => {
      const made = document.createElementNS(SVG, "text");
      made.textContent = text;
      for (const [k, v] of Object.entries({ x, y, fill: ink.color, "font-size": size, "font-family": ink.fontFamily, "text-anchor": end ? "end" : "start" })) made.setAttribute(k, v);
      outer.append(made);
    };
    outer.append(inner);
    told.forEach((line, i) => words(line, 12, 20 + 19 * i, 15));
    const [down, across] = [".ay", ".ax"].map(q => plot.querySelector(q));
    if (down) words(down.textContent, 12, edge.top - 12, 12);
    if (across) words(across.textContent, wide - 12, tall - 8, 12, true);
    const image = new Image();
    image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(new XMLSerializer().serializeToString(outer))}`;
    await image.decode();
    const canvas = make("canvas", "", { width: 2 * wide, height: 2 * tall }), pen = canvas.getContext("2d");
    pen.fillStyle = getComputedStyle(plot.closest(".card")).backgroundColor;
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.drawImage(image, 0, 0, canvas.width, canvas.height);
    return new Promise(done => canvas.toBlob(done, "image/png"));
  };
  for (const plot of $(".plot")) {
    const button = make("button", "Copy", { className: "copy", type: "button", title: "Copy as a picture (PNG)" });
    button.addEventListener("click", async () => {
      const png = await picture(plot);
      try {
        await navigator.clipboard.write([new ClipboardItem({ "image/png": png })]);
        button.textContent = "Copied";
      } catch {
        const link = make("a", "", { href: URL.createObjectURL(png), download: `${plot.dataset.chart}.png` });
        link.click();
        URL.revokeObjectURL(link.href);
        button.textContent = "Saved";
      }
      setTimeout(() => { button.textContent = "Copy"; }, 1500);
    });
    plot.append(button);
  }

  /* redraw the first screen as it is now; what was mailed stays as ghosts */
  const place = new Map(data.policies.map((policy, i) => [policy.name, i]));
  const mailed = new Map();
  const axis = text => { const [kpi, low, high] = text.split(" "); return { kpi, low: Number(low), high: Number(high) }; };
  const part = ({ low, high }, v) => Math.max(-2, Math.min(102, 100 * (v - low) / (high - low)));
  const reach = (old, all) => { // an axis with room for all values
    const values = all.flatMap(of => of[old.kpi] ? [of[old.kpi].low ?? of[old.kpi].mean, of[old.kpi].high ?? of[old.kpi].mean] : []).filter(v => v !== null);
    const low = Math.min(old.low, ...values), high = Math.max(old.high, ...values), room = 0.05 * (high - low);
    return { ...old, low: low < old.low ? low - room : low, high: high > old.high ? high + room : high };
  };
  const shift = (element, along, to) => [along, `${along}1`, `${along}2`].forEach(name => {
    const text = element.getAttribute(name);
    if (text && text.endsWith("%")) element.setAttribute(name, `${to(parseFloat(text))}%`);
  });
  const ticks = (svg, along) => { // at the same steps as before, as far as the axis reaches now; fewer where there would be too many
    const lines = $(`line.g[${along}1]`, svg), words = $(along === "x" ? "text.t.m:not(.l)" : "text.t.e:not(.l)", svg), n = lines.length;
    if (n < 2 || words.length !== n) return;
    const at = line => parseFloat(line.getAttribute(`${along}1`)), value = text => Number(text.textContent.replace(/\u202f/g, "").replace("−", "-"));
    const step = (at(lines[n - 1]) - at(lines[0])) / (n - 1), size = (value(words[n - 1]) - value(words[0])) / (n - 1);
    const decimals = (words[0].textContent.split(".")[1] || "").length, from = at(lines[0]), first = value(words[0]);
    const [least, most] = [(0 - from) / step, (100 - from) / step].sort((x, y) => x - y).map((k, i) => i ? Math.floor(k + 1e-6) : Math.ceil(k - 1e-6));
    const each = Math.ceil((most - least + 1) / 8), models = [lines[0].cloneNode(), words[0].cloneNode()];
    [...lines, ...words].forEach(e => e.remove());
    for (let k = least; k <= most; k++) {
      if (Math.round(first / size + k) % each) continue;
      const [line, text] = models.map(model => model.cloneNode());
      for (const name of [`${along}1`, `${along}2`]) line.setAttribute(name, `${from + k * step}%`);
      text.setAttribute(along, `${from + k * step}%`);
      text.textContent = (first + k * size).toFixed(decimals).replace("-", "−").replace(/\B(?=(\d{3})+(?!\d))/g, "\u202f");
      svg.prepend(line, text);
    }
  };
  const stretch = (svg, along, old, next) => {
    if (old.low === next.low && old.high === next.high) return;
    const wide = next.high - next.low, size = (old.high - old.low) / wide;
    const start = 100 * (along === "x" ? old.low - next.low : next.high - old.high) / wide, to = p => start + size * p;
    const fixed = along === "x" ? "line[y1]:not([x1]), text.t.e, text.t.l" : "line[x1]:not([y1]), text.t.m";
    $("line, text, .mk svg", svg).filter(e => !e.matches(fixed)).forEach(e => shift(e, along, to));
    for (const inner of $("svg.in", svg)) {
      inner.setAttribute(along, `${start}%`);
      inner.setAttribute(along === "x" ? "width" : "height", `${100 * size}%`);
    }
    ticks(svg, along);
  };
  const move = (mark, x, y, of) => {
    const [a, b] = [of[x.kpi], of[y.kpi]];
    if (!a || !b || a.mean === null || b.mean === null) return;
    const cx = `${part(x, a.mean)}%`, cy = `${100 - part(y, b.mean)}%`;
    const to = (e, values) => { if (e) Object.entries(values).forEach(([k, v]) => e.setAttribute(k, v)); };
    to(mark.querySelector("svg"), { x: cx, y: cy });
    to(mark.querySelector(".h"), { x1: `${part(x, a.low ?? a.mean)}%`, x2: `${part(x, a.high ?? a.mean)}%`, y1: cy, y2: cy });
    to(mark.querySelector(".v"), { y1: `${100 - part(y, b.low ?? b.mean)}%`, y2: `${100 - part(y, b.high ?? b.mean)}%`, x1: cx, x2: cx });
  };
  const settle = svg => { // labels go with their marks, each to where it meets nothing; one that always would is left out
    const { width, height } = svg.getBoundingClientRect(), taken = [], fixed = $("text.t.l", svg).map(text => text.getBBox());
    if (!width) return;
    const at = e => [width * parseFloat(e.getAttribute("x")) / 100, height * parseFloat(e.getAttribute("y")) / 100];
    const box = (x, y, width, height) => ({ x, y, width, height });
    const over = (a, b) => Math.max(0, Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x)) * Math.max(0, Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y));
    const met = (one, all) => all.reduce((sum, other) => sum + over(one, other), 0);
    for (const mark of $(".mk:not(.gone) > svg", svg)) { const [x, y] = at(mark); taken.push(...Array(3).fill(box(x - 8, y - 8, 16, 16))); }
    for (const line of $(".mk:not(.gone) .ci", svg)) { const { x, y, width, height } = line.getBBox(); taken.push(box(x - 2, y - 2, width + 4, height + 4)); }
    const placed = (text, labels) => {
      const mark = svg.querySelector(`.mk:not(.ghost)[data-policy="${text.dataset.policy}"] > svg`), [x, y] = at(mark);
      const lines = [...text.children];
      const wide = Math.max(...lines.map(line => line.getComputedTextLength())), tall = 15 * lines.length, starts = { s: 0, m: wide / 2, e: wide };
      const places = svg.dataset.places.split(",").map(place => {
        const [end, dx, dy] = place.split(" ").map((part, i) => i ? Number(part) : part);
        const base = dy - (tall - 15) * (dy < 0 ? 1 : dy < 10 ? 0.5 : 0), own = box(x + dx - starts[end], y + base - 12, wide, tall);
        const outside = Math.max(-4 - own.x, 0) + Math.max(own.x + wide - width - 8, 0) + Math.max(-own.y - (own.x > 60 ? 14 : 0), 0) + Math.max(own.y + tall - height, 0);
        const far = dy < -22 || dy > 32, to = dy < 0 ? dy - 4 : dy - 10;
        const line = far ? [0.4, 0.6, 0.8].map(k => box(x + k * dx - 3, y + k * to - 3, 6, 6)) : [], crossed = line.filter(part => met(part, labels)).length;
        return { end, dx, to, base, far, own, line, met: met(own, labels), cost: 4 * met(own, labels) + (met(own, labels) > 1 ? 200 : 0) + met(own, taken) + 40 * outside + (far ? 60 : 0) + 80 * crossed };
      });
      const best = places.reduce((a, b) => b.cost < a.cost ? b : a), strong = text.classList.contains("b");
      if (!strong && (best.met > 1 || best.cost > 0.35 * tall * wide)) return { text };
      labels.push(box(best.own.x - 6, best.own.y, best.own.width + 12, best.own.height), ...best.line);
      return { text, best, mark };
    };
    const all = order => { const labels = [...fixed]; return order.map(text => placed(text, labels)); };
    const texts = $("text.l:not(.t):not(.gone)", svg), count = found => found.filter(one => !one.best).length;
    for (const text of texts) text.classList.remove("crowded");
    let found = all(texts);
    for (let again = 0; again < 3 && count(found); again++) { // who finds no place chooses earlier, after the choice itself
      const late = found.filter(one => !one.best).map(one => one.text), rest = texts.filter(text => !late.includes(text));
      const other = all([...rest.filter(text => text.classList.contains("b")), ...late, ...rest.filter(text => !text.classList.contains("b"))]);
      if (count(other) < count(found)) found = other; else break;
    }
    for (const { text, best, mark } of found) {
      const lead = svg.querySelector(`.lead[data-policy="${text.dataset.policy}"]`), lines = [...text.children];
      lead.firstChild.setAttribute("d", "");
      if (!best) { text.classList.add("crowded"); continue; }
      text.classList.remove("s", "m", "e");
      text.classList.add(best.end);
      for (const e of [text, lead, ...lines]) e.setAttribute("x", mark.getAttribute("x"));
      for (const e of [text, lead]) e.setAttribute("y", mark.getAttribute("y"));
      lines.forEach((line, i) => { line.setAttribute("dx", best.dx); line.setAttribute("dy", i ? 15 : best.base); });
      if (best.far) lead.firstChild.setAttribute("d", `M0 0L${best.dx} ${best.to}`);
    }
  };
  const scatters = $('[data-plot="scatter"]');
  const asMailed = svg => { // names as they were placed for the smallest picture: paper has that size
    const hidden = new Set($(".mk.gone", svg).map(mark => mark.dataset.policy));
    svg.replaceChildren(...mailed.get(svg).map(node => node.cloneNode(true)));
    $("[data-policy]", svg).forEach(e => e.classList.toggle("gone", hidden.has(e.dataset.policy)));
  };
  scatters.forEach(svg => mailed.set(svg, [...svg.childNodes].map(node => node.cloneNode(true))));
  const sized = new ResizeObserver(seen => seen.forEach(({ target }) => $('[data-plot="scatter"]', target).forEach(svg => { if (!svg.querySelector(".ghost")) asMailed(svg); settle(svg); })));
  scatters.forEach(svg => { settle(svg); sized.observe(svg.parentElement); }); // levers that come, and windows that change, give it another size
  addEventListener("beforeprint", () => scatters.filter(svg => !svg.querySelector(".ghost")).forEach(asMailed));
  addEventListener("afterprint", () => scatters.forEach(settle));
  document.addEventListener("chainsim:now", event => {
    const now = event.detail && event.detail.estimates;
    for (const svg of scatters) {
      const [x, y] = [axis(svg.dataset.x), axis(svg.dataset.y)];
      asMailed(svg);
      if (!now) { settle(svg); continue; }
      const [wide, tall] = [x, y].map(old => reach(old, Object.values(now)));
      stretch(svg, "x", x, wide);
      stretch(svg, "y", y, tall);
      for (const mark of $(".mk", svg)) {
        const ghost = mark.cloneNode(true);
        ghost.classList.add("ghost");
        mark.before(ghost);
        for (const [name, of] of Object.entries(now)) if (place.get(name) === Number(mark.dataset.policy)) move(mark, wide, tall, of);
      }
      settle(svg);
    }
    const bars = $('[data-plot="bar"]'), parts = bar => $("g[data-kpi]", bar);
    for (const bar of bars) {
      if (!mailed.has(bar)) mailed.set(bar, bar.innerHTML);
      bar.innerHTML = mailed.get(bar);
    }
    if (!now) return;
    const own = bar => now[data.policies[Number(bar.dataset.policy)].name];
    const told = bars.filter(bar => own(bar) && parts(bar).every(g => own(bar)[g.dataset.kpi]));
    const size = (bar, g) => Math.max(0, 100 * (own(bar)[g.dataset.kpi].mean || 0) / Number(bar.dataset.full));
    const longest = of => Math.max(0, ...told.map(bar => parts(bar).reduce((sum, g) => sum + of(bar, g), 0)));
    const room = Math.max(0, ...told.map(bar => parseFloat(bar.querySelector("text.b").getAttribute("x")))); // widths are rounded one by one
    const scale = Math.min(1, room / (longest(size) || 1)); // where one would be longer than any was, all are shorter
    for (const bar of told) {
      const end = bar.querySelector("text.b"), of = own(bar);
      let start = 0;
      $("text.in", bar).forEach(text => text.remove());
      for (const g of parts(bar)) {
        const wide = scale * size(bar, g);
        $("rect", g).forEach(r => { r.setAttribute("x", `${start}%`); r.setAttribute("width", `${wide}%`); });
        start += wide;
      }
      end.setAttribute("x", `${Math.min(start, 100)}%`);
      if (of.total_cost && of.total_cost.text) end.textContent = of.total_cost.text;
    }
  });
})();
