// Tables that sort and lists that can be narrowed. A page reads well without it.
"use strict";

const words = new Intl.Collator("en", { numeric: true, sensitivity: "base" });
const key = (row, column) => {
  const cell = row.cells[column];
  return cell ? (cell.dataset.value ?? cell.textContent).trim() : "";
};
const figure = (text) => (/\d/.test(text) ? Number(text.replace(/[$,%\s]/g, "")) : NaN);
const compare = (one, other) => {
  const [a, b] = [figure(one), figure(other)];
  return Number.isNaN(a) || Number.isNaN(b) ? words.compare(one, other) : a - b;
};

function sort(table, head, column) {
  const down = head.getAttribute("aria-sort") === "ascending";
  for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
  head.setAttribute("aria-sort", down ? "descending" : "ascending");
  for (const body of table.tBodies) {
    const rows = Array.from(body.rows, (row) => [key(row, column), row]);
    // What has no value stands last, whichever way the others go.
    rows.sort(([a], [b]) => (a === "") - (b === "") || (down ? compare(b, a) : compare(a, b)));
    body.append(...rows.map(([, row]) => row));
  }
  table.dispatchEvent(new Event("sorted"));
}

for (const table of document.querySelectorAll("table.sortable")) {
  Array.from(table.tHead.rows[0].cells).forEach((head, column) => {
    if (head.dataset.sort === "none") return;
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    button.addEventListener("click", () => sort(table, head, column));
    head.append(button);
  });
}

const count = (number) => number.toLocaleString("en");

// Shows the items that fit the fields of a form, `most` of them.
function narrow(form, target, most) {
  const items = Array.from(target.tBodies ? target.tBodies[0].rows : target.querySelectorAll("[data-item]"));
  const fields = Array.from(form.querySelectorAll("input, select")).filter((field) => field.value);
  const fits = (item) => fields.every((field) =>
    field.type === "search"
      ? item.textContent.toLowerCase().includes(field.value.trim().toLowerCase())
      : (item.dataset[field.name] ?? "").split(" ").includes(field.value));
  let fitting = 0;
  for (const item of items) {
    item.hidden = !fits(item) || ++fitting > most;
  }
  const only = fields.filter((field) => field.type === "hidden").map((field) => ` · ${field.dataset.label} ${field.value}`);
  form.querySelector("output").textContent =
    fitting > most ? `first ${count(most)} of ${count(fitting)} shown${only.join("")}`
      : fields.length ? `${count(fitting)} of ${count(items.length)} shown${only.join("")}` : "";
  const clear = form.querySelector("[type=reset]");
  if (clear) clear.hidden = !fields.length;
  return fitting - most;
}

for (const form of document.querySelectorAll("form.filter")) {
  const target = document.getElementById(form.dataset.for);
  if (!target) continue;
  const step = Number(form.dataset.most) || Infinity;
  const more = document.createElement("button");
  let most = step;
  const show = () => {
    const left = narrow(form, target, most);
    more.hidden = left <= 0;
    more.textContent = `Show ${count(Math.min(left, 10 * step))} more`;
  };
  more.type = "button";
  more.className = "plain more";
  more.addEventListener("click", () => { most += 10 * step; show(); });
  (target.closest(".scroll") ?? target).after(more);
  form.hidden = false;
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => {
    for (const field of form.querySelectorAll("[type=hidden]")) field.value = "";
    setTimeout(() => form.dispatchEvent(new Event("input")));
  });
  form.addEventListener("input", () => { most = step; show(); });
  target.addEventListener("sorted", show);
  show();
}

// A link with data-fill leads to the items that fit: #claims?verdict=missed
function follow(hash) {
  const [id, wanted] = hash.slice(1).split("?");
  const form = wanted && document.querySelector(`form.filter[data-for="${CSS.escape(id)}"]`);
  if (!form) return;
  for (const field of form.querySelectorAll("input, select")) field.value = "";
  for (const [name, value] of new URLSearchParams(wanted)) {
    if (form.elements[name]) form.elements[name].value = value;
  }
  form.dispatchEvent(new Event("input"));
  const head = form.closest("section")?.querySelector("h2") ?? form;
  head.tabIndex = -1;
  head.focus();
  head.scrollIntoView();
}

for (const link of document.querySelectorAll("a[data-fill]")) {
  link.hash = `${link.hash}?${link.dataset.fill}`;
  link.addEventListener("click", () => { if (link.hash === location.hash) follow(link.hash); });
}
addEventListener("hashchange", () => follow(location.hash));
follow(location.hash);
