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

function narrow(form, items) {
  const fields = Array.from(form.querySelectorAll("input, select")).filter((field) => field.value);
  const fits = (item) => fields.every((field) =>
    field.type === "search"
      ? item.textContent.toLowerCase().includes(field.value.trim().toLowerCase())
      : (item.dataset[field.name] ?? "").split(" ").includes(field.value));
  let shown = 0;
  for (const item of items) {
    item.hidden = !fits(item);
    shown += !item.hidden;
  }
  form.querySelector("output").textContent = fields.length ? `${shown} of ${items.length} shown` : "";
}

for (const form of document.querySelectorAll("form.filter")) {
  const target = document.getElementById(form.dataset.for);
  if (!target) continue;
  const items = Array.from(target.tBodies ? target.tBodies[0].rows : target.querySelectorAll("[data-item]"));
  form.hidden = false;
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(() => narrow(form, items)));
  form.addEventListener("input", () => narrow(form, items));
}
