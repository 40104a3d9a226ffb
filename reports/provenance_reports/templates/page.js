(() => {
"use strict";
const all = (what, root = document) => [...root.querySelectorAll(what)];
const one = id => document.getElementById(id);
const tip = one("tip");

const show = (text, x, y) => {
  tip.textContent = text;
  tip.hidden = false;
  tip.style.left = Math.max(4, Math.min(x + 12, innerWidth - tip.offsetWidth - 8)) + "px";
  tip.style.top = Math.max(4, y - tip.offsetHeight - 12) + "px";
};
const hide = () => {
  tip.hidden = true;
  all(".at").forEach(hit => hit.classList.remove("at"));
  all(".cross").forEach(line => line.setAttribute("visibility", "hidden"));
};

/* Copy the sentence; select it where the clipboard is closed. */
const copy = one("copy");
copy.hidden = false;
copy.onclick = async () => {
  const sentence = one("sentence");
  try {
    await navigator.clipboard.writeText(sentence.textContent);
    copy.textContent = "Copied";
  } catch {
    getSelection().selectAllChildren(sentence);
    copy.textContent = "Selected";
  }
};

/* Stock or flow, and the range. */
const controls = one("controls");
const chosen = { kind: "stock", range: "all" };
const figures = all("figure[data-kind]");
const draw = () => {
  const kinds = new Set(figures.map(f => f.dataset.kind));
  if (!kinds.has(chosen.kind)) chosen.kind = [...kinds][0];
  const ranges = new Set(figures.filter(f => f.dataset.kind === chosen.kind).map(f => f.dataset.range));
  const range = ranges.has(chosen.range) ? chosen.range : "all";
  figures.forEach(f => { f.hidden = f.dataset.kind !== chosen.kind || f.dataset.range !== range; });
  if (controls) all("button", controls).forEach(b => {
    const key = b.dataset.kind ? "kind" : "range";
    b.setAttribute("aria-pressed", b.dataset[key] === chosen[key]);
  });
};
if (controls) {
  controls.hidden = !controls.querySelector("button");
  all("button", controls).forEach(b => b.onclick = () => {
    chosen[b.dataset.kind ? "kind" : "range"] = b.dataset.kind || b.dataset.range;
    hide();
    draw();
  });
}
draw();

/* Tooltips: a series reads its table, other charts read the titles of their parts. */
const series = (plot, figure) => {
  const from = +plot.dataset.from, to = +plot.dataset.to;
  const table = one(figure.dataset.table);
  const heads = all("thead th", table).map(h => h.textContent);
  const rows = all("tbody tr", table).filter(r => +r.dataset.day >= from && +r.dataset.day <= to);
  const places = rows.map(r => (r.dataset.day - from) / (to - from));
  const cross = plot.querySelector(".cross");
  return {
    count: rows.length,
    nearest: share => places.reduce((best, p, i) => Math.abs(p - share) < Math.abs(places[best] - share) ? i : best, 0),
    tell: i => {
      cross.setAttribute("x1", places[i] * 100 + "%");
      cross.setAttribute("x2", places[i] * 100 + "%");
      cross.setAttribute("visibility", "visible");
      const cells = [...rows[i].cells].map(c => c.textContent);
      return [cells[0] + ": ", cells.slice(1).map((c, k) => heads[k + 1] + " " + c).join(", "), places[i]];
    },
  };
};
const parts = plot => {
  const hits = all("title", plot).map(t => t.parentNode);
  const names = hits.map(h => { const t = h.querySelector("title").textContent; return t; });
  const box = h => h.getBoundingClientRect();
  return {
    count: hits.length,
    nearest: (share, event) => hits.indexOf(event.target),
    tell: i => {
      hits[i].classList.add("at");
      const whole = box(plot), part = box(hits[i]);
      return [names[i], "", (part.left + part.width / 2 - whole.left) / whole.width, part.top];
    },
  };
};
all("svg.plot").forEach(plot => {
  const figure = plot.closest("figure");
  const reader = figure && figure.dataset.table && plot.dataset.from ? series(plot, figure) : parts(plot);
  if (!reader.count) return;
  let at = reader.count;
  const tell = i => {
    hide();
    at = i;
    const [name, text, share, top] = reader.tell(i);
    const box = plot.getBoundingClientRect();
    show(name + text, box.left + share * box.width, (top || box.top + 40));
  };
  plot.setAttribute("tabindex", "0");
  plot.setAttribute("aria-description", "Arrow keys read the values");
  plot.addEventListener("pointermove", event => {
    const box = plot.getBoundingClientRect();
    const i = reader.nearest((event.clientX - box.left) / box.width, event);
    if (i >= 0) tell(i); else hide();
  });
  plot.addEventListener("pointerleave", hide);
  plot.addEventListener("blur", hide);
  plot.addEventListener("keydown", event => {
    const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (event.key === "Escape") hide();
    else if (event.key === "Home") tell(0);
    else if (event.key === "End") tell(reader.count - 1);
    else if (step) tell(Math.max(0, Math.min(reader.count - 1, at + step)));
    else return;
    event.preventDefault();
  });
});

/* Files: filter and sort. */
const table = one("t-files");
if (table) {
  const body = table.tBodies[0], rows = [...body.rows];
  const text = one("filter-text"), count = one("filter-count");
  const words = rows.map(r => (r.cells[0].textContent + " " + r.cells[1].textContent).toLowerCase());
  const filter = () => {
    const wanted = text.value.trim().toLowerCase();
    let seen = 0;
    rows.forEach((r, i) => { r.hidden = !words[i].includes(wanted); seen += !r.hidden; });
    count.textContent = seen + " of " + rows.length;
  };
  one("filter").hidden = false;
  text.oninput = filter;
  addEventListener("beforeprint", () => { text.value = ""; filter(); });
  filter();
  const number = cell => parseFloat(cell.textContent.replace(/[<>,%\s]/g, "")) || 0;
  all("thead th", table).forEach((head, column) => {
    if (head.classList.contains("bars")) return;
    const button = document.createElement("button");
    button.textContent = head.textContent;
    head.replaceChildren(button);
    button.onclick = () => {
      const down = head.getAttribute("aria-sort") !== "descending";
      all("thead th", table).forEach(h => h.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      const numeric = head.classList.contains("n");
      rows.slice().sort((a, b) => {
        const [x, y] = [a.cells[column], b.cells[column]];
        const order = numeric ? number(x) - number(y) : y.textContent < x.textContent ? -1 : 1;
        return down ? -order : order;
      }).forEach(r => body.append(r));
    };
  });
}
})();
