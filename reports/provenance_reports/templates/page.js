(() => {
"use strict";
const all = (what, root = document) => [...root.querySelectorAll(what)];
const one = id => document.getElementById(id);
const tip = one("tip");

const hide = () => {
  tip.hidden = true;
  all(".at").forEach(part => part.classList.remove("at"));
  all(".cross").forEach(line => line.setAttribute("visibility", "hidden"));
};
const show = (text, x, y) => {
  tip.textContent = text;
  tip.hidden = false;
  tip.style.left = Math.max(4, Math.min(x + 12, innerWidth - tip.offsetWidth - 8)) + "px";
  tip.style.top = Math.max(4, y - tip.offsetHeight - 12) + "px";
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

/* Live code or added code, and the range. */
const controls = one("controls");
const figures = all("figure[data-kind]");
const first = document.querySelector("#controls [data-range][aria-pressed=true]");
const chosen = { kind: figures[0]?.dataset.kind, range: first?.dataset.range || "all" };
const draw = () => {
  const here = figures.filter(f => f.dataset.kind === chosen.kind);
  const range = here.some(f => f.dataset.range === chosen.range) ? chosen.range : "all";
  figures.forEach(f => { f.hidden = !here.includes(f) || f.dataset.range !== range; });
  all("button", controls).forEach(b => {
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
  draw();
}

/* What a chart can tell: a series reads its table, others the titles of their parts. */
const series = (plot, table) => {
  const { from, to } = plot.dataset;
  const heads = all("thead th", table).map(h => h.textContent);
  const place = row => (row.dataset.day - from) / (to - from);
  const rows = all("tbody tr", table).filter(r => place(r) >= 0 && place(r) <= 1);
  const cross = plot.querySelector(".cross");
  return {
    count: rows.length,
    nearest: share => rows.reduce((best, row, i) =>
      Math.abs(place(row) - share) < Math.abs(place(rows[best]) - share) ? i : best, 0),
    tell: i => {
      const share = place(rows[i]);
      ["x1", "x2"].forEach(end => cross.setAttribute(end, share * 100 + "%"));
      cross.setAttribute("visibility", "visible");
      const cells = all("th,td", rows[i]).map(c => c.textContent);
      return [cells.map((c, k) => k ? heads[k] + " " + c : c).join("\n"), share, 40];
    },
  };
};
const parts = plot => {
  const hits = all("title", plot).map(t => t.parentNode);
  const names = hits.map(h => h.firstChild.textContent);
  return {
    count: hits.length,
    nearest: (share, target) => hits.findIndex(h => h.contains(target)),
    tell: i => {
      hits[i].classList.add("at");
      const whole = plot.getBoundingClientRect(), part = hits[i].getBoundingClientRect();
      return [names[i], (part.left + part.width / 2 - whole.left) / whole.width, part.top - whole.top];
    },
  };
};
all("svg.plot").forEach(plot => {
  const table = plot.matches(".lanes") ? null : one(plot.closest("figure")?.dataset.table);
  const chart = table ? series(plot, table) : parts(plot);
  if (!chart.count) return;
  let at = chart.count;
  const tell = i => {
    hide();
    at = i;
    const [text, share, top] = chart.tell(i), box = plot.getBoundingClientRect();
    show(text, box.left + share * box.width, box.top + top);
  };
  plot.setAttribute("tabindex", "0");
  plot.setAttribute("aria-description", "Arrow keys read the values");
  plot.addEventListener("pointermove", event => {
    const box = plot.getBoundingClientRect();
    const i = chart.nearest((event.clientX - box.left) / box.width, event.target);
    if (i < 0) hide(); else tell(i);
  });
  plot.addEventListener("pointerleave", hide);
  plot.addEventListener("blur", hide);
  plot.addEventListener("keydown", event => {
    const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -1, ArrowDown: 1, Home: -1e9, End: 1e9 }[event.key];
    if (event.key === "Escape") hide();
    if (!step) return;
    event.preventDefault();
    tell(Math.max(0, Math.min(chart.count - 1, at + step)));
  });
});

/* Files: filter and sort. */
const files = one("t-files");
if (files) {
  const rows = [...files.tBodies[0].rows];
  const wanted = one("filter-text");
  const filter = () => {
    const text = wanted.value.trim().toLowerCase();
    rows.forEach(r => { r.hidden = !(r.cells[0].textContent + " " + r.cells[1].textContent).toLowerCase().includes(text); });
    one("filter-count").textContent = rows.filter(r => !r.hidden).length + " of " + rows.length;
  };
  one("filter").hidden = false;
  wanted.oninput = filter;
  addEventListener("beforeprint", () => { wanted.value = ""; filter(); });
  filter();
  const heads = all("thead th", files);
  heads.forEach((head, column) => {
    if (head.classList.contains("bars")) return;
    const numeric = head.classList.contains("n");
    const key = row => {
      const text = row.cells[column].textContent;
      return numeric ? parseFloat(text.replace(/[<>,]/g, "")) || 0 : text;
    };
    const button = document.createElement("button");
    button.textContent = head.textContent;
    head.replaceChildren(button);
    button.onclick = () => {
      const down = head.ariaSort !== "descending";
      heads.forEach(h => { h.ariaSort = null; });
      head.ariaSort = down ? "descending" : "ascending";
      rows.sort((a, b) => (key(a) < key(b) ? 1 : key(a) > key(b) ? -1 : 0) * (down ? 1 : -1));
      files.tBodies[0].append(...rows);
    };
  });
}
})();
