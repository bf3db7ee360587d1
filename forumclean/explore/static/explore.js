// Keys: / search, j k posts, n p pages. Everything works without this file.
"use strict";

function step(by) {
  const near = 40; // pixels: a post whose head stands at the top is the present one
  const all = Array.from(document.querySelectorAll(".post"));
  const tops = all.map((post) => post.getBoundingClientRect().top);
  const next = by > 0 ? tops.findIndex((top) => top > near) : tops.findLastIndex((top) => top < -near);
  if (next < 0) return;
  all[next].scrollIntoView();
  all[next].focus({ preventScroll: true });
}

function follow(rel) {
  const link = document.querySelector(`a[rel="${rel}"]`);
  if (link) link.click();
}

const keys = {
  j: () => step(1),
  k: () => step(-1),
  n: () => follow("next"),
  p: () => follow("prev"),
  "/": (event) => {
    event.preventDefault();
    const box = document.getElementById("q");
    box.focus();
    box.select();
  },
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select")) return;
  const act = keys[event.key];
  if (act) act(event);
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && event.target.id === "q") event.target.blur();
});
