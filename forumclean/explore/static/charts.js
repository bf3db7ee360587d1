// Draws the tables inside figure.chart with Chart.js; the tables stay, folded, for reading and for links.
"use strict";

const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

function read(table) {
  const head = Array.from(table.tHead.rows[0].cells).map((cell) => cell.textContent.trim());
  const rows = Array.from(table.tBodies[0].rows).map((row) => ({
    name: row.cells[0].textContent.trim(),
    link: row.cells[0].querySelector("a")?.href,
    values: Array.from(row.cells).slice(1).map((cell) => Number(cell.textContent)),
  }));
  return { head, rows };
}

function options(kind, rows) {
  const grid = { color: css("--line") };
  const ticks = { color: css("--soft") };
  const count = { beginAtZero: true, grid, ticks: { ...ticks, precision: 0 } };
  const names = { grid: { display: false }, ticks: { ...ticks, autoSkip: kind !== "bars", maxRotation: 0 } };
  const bars = kind === "bars";
  return {
    indexAxis: bars ? "y" : "x",
    animation: false,
    maintainAspectRatio: false,
    scales: bars ? { x: count, y: names } : { x: names, y: { ...count, beginAtZero: kind === "time" } },
    plugins: { legend: { display: rows[0].values.length > 1, labels: { color: css("--soft") } } },
    onClick: (event, found) => {
      const link = found.length && rows[found[0].index].link;
      if (link) window.location.href = link;
    },
    onHover: (event, found) => {
      event.native.target.style.cursor = found.length && rows[found[0].index].link ? "pointer" : "default";
    },
  };
}

function draw(figure) {
  const table = figure.querySelector("table");
  const kind = figure.dataset.chart;
  const { head, rows } = read(table);
  if (!rows.length) return;
  const box = document.createElement("div");
  box.className = "canvas";
  box.style.height = kind === "bars" ? `${Math.max(90, rows.length * 26 + 50)}px` : "260px";
  const canvas = document.createElement("canvas");
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", table.caption.textContent);
  box.append(canvas);
  const details = document.createElement("details");
  const summary = document.createElement("summary");
  summary.textContent = "as a table";
  table.replaceWith(box, details);
  details.append(summary, table);
  const colours = [css("--accent"), css("--second")];
  const make = () => new Chart(canvas, {
    type: kind === "line" ? "line" : "bar",
    data: {
      labels: rows.map((row) => row.name),
      datasets: head.slice(1).map((name, index) => ({
        label: name,
        data: rows.map((row) => row.values[index]),
        backgroundColor: colours[index % 2],
        borderColor: colours[index % 2],
        maxBarThickness: 22,
      })),
    },
    options: options(kind, rows),
  });
  let chart = make();
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    colours.splice(0, 2, css("--accent"), css("--second"));
    chart.destroy();
    chart = make();
  });
}

Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
document.querySelectorAll("figure.chart").forEach(draw);
