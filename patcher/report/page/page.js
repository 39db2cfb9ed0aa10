(function () {
  "use strict";
  const find = (id) => document.getElementById(id);
  const cards = [...document.querySelectorAll("article.rule")];
  const parts = [...document.querySelectorAll("section.part")];
  const entries = new Map([...document.querySelectorAll("nav li")].map((li) => [li.dataset.of, li]));
  const homes = new Map(cards.map((card) => [card, card.parentElement]));
  const titles = new Map(parts.map((part) => [part, part.querySelector("h2").innerHTML]));
  const texts = new Map();
  const key = "effpatch-review:" + document.body.dataset.key;
  let notes = read();
  document.documentElement.classList.add("js");

  function read() {
    try {
      return JSON.parse(localStorage.getItem(key)) || {};
    } catch (error) {
      return {};
    }
  }

  function keep() {
    try {
      localStorage.setItem(key, JSON.stringify(notes));
      find("said").textContent = "";
    } catch (error) {
      find("said").textContent = "This browser keeps nothing for this page: save your notes before you close it.";
    }
  }

  function show(card) {
    const note = notes[card.id] || {};
    card.querySelector(".done").checked = Boolean(note.done);
    card.querySelector("textarea").value = note.note || "";
    mark(card);
  }

  function mark(card) {
    const done = card.querySelector(".done").checked;
    card.classList.toggle("reviewed", done);
    entries.get(card.dataset.order).classList.toggle("reviewed", done);
  }

  function note(card) {
    const done = card.querySelector(".done").checked;
    const text = card.querySelector("textarea").value;
    if (done || text) notes[card.id] = { done: done, note: text };
    else delete notes[card.id];
    mark(card);
    keep();
  }

  function textOf(card) {
    if (!texts.has(card)) texts.set(card, card.textContent.toLowerCase());
    return texts.get(card);
  }

  function fits(card, wanted) {
    return (
      (!wanted.rule || card.id === wanted.rule) &&
      (!wanted.file || card.dataset.file === wanted.file) &&
      (!wanted.state ||
        (wanted.state === "open" ? !card.classList.contains("reviewed") : card.dataset.state === wanted.state)) &&
      (!wanted.text || textOf(card).includes(wanted.text))
    );
  }

  function filter() {
    const wanted = {
      rule: find("rule").value,
      file: find("file").value,
      state: find("state").value,
      text: find("text").value.trim().toLowerCase(),
    };
    let shown = 0;
    for (const card of cards) {
      const fit = fits(card, wanted);
      card.hidden = !fit;
      entries.get(card.dataset.order).hidden = !fit;
      shown += fit;
    }
    for (const part of parts) part.hidden = !part.querySelector("article:not([hidden])");
    find("count").textContent = shown + " of " + cards.length + " rules";
  }

  function order() {
    const byFile = find("order").value === "file";
    const first = new Map();
    for (const part of parts) {
      part.querySelector("h2").innerHTML = titles.get(part);
      if (byFile && !first.has(part.dataset.file)) {
        first.set(part.dataset.file, part);
        part.querySelector("h2").textContent = find("file").options[Number(part.dataset.file) + 1].textContent;
      }
    }
    const rank = byFile
      ? (a, b) => a.dataset.line - b.dataset.line || a.dataset.order - b.dataset.order
      : (a, b) => a.dataset.order - b.dataset.order;
    for (const card of [...cards].sort(rank))
      (byFile ? first.get(card.dataset.file) || homes.get(card) : homes.get(card)).append(card);
    filter();
  }

  function room() {
    const bar = document.querySelector("form.bar");
    const sticks = getComputedStyle(bar).position === "sticky";
    document.documentElement.style.scrollPaddingTop = (sticks ? bar.offsetHeight : 0) + 8 + "px";
    document.querySelector("nav").style.top = bar.offsetHeight + 8 + "px";
  }

  function go(card) {
    room();
    card.focus({ preventScroll: true });
    card.scrollIntoView({ block: "start" });
    requestAnimationFrame(() => card.scrollIntoView({ block: "start" })); // others have got their height
    history.replaceState(null, "", "#" + card.id);
  }

  function step(by) {
    const visible = [...document.querySelectorAll("article.rule:not([hidden])")];
    if (!visible.length) return;
    const now = visible.indexOf(document.activeElement.closest("article.rule") || target());
    go(visible[Math.min(Math.max(now < 0 ? (by > 0 ? 0 : visible.length - 1) : now + by, 0), visible.length - 1)]);
  }

  function target() {
    let id = location.hash.slice(1);
    try {
      id = decodeURIComponent(id);
    } catch (error) {
      return null;
    }
    const found = id ? find(id) : null;
    return found && found.matches("article.rule") ? found : null;
  }

  function follow() {
    const card = target();
    if (!card) return;
    if (card.hidden) {
      for (const id of ["rule", "file", "state", "text"]) find(id).value = "";
      filter();
    }
    go(card);
  }

  function save() {
    const saved = { effpatch: document.body.dataset.version, review: document.body.dataset.key, rules: notes };
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([JSON.stringify(saved, null, 1) + "\n"], { type: "application/json" }));
    link.download = "review-notes.json";
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  }

  async function load(event) {
    const file = event.target.files[0];
    event.target.value = "";
    if (!file) return;
    let said = "";
    try {
      const saved = JSON.parse(await file.text());
      const rules = saved.rules;
      if (typeof rules !== "object" || rules === null || Array.isArray(rules)) throw new Error("no notes");
      let unknown = 0;
      for (const id of Object.keys(rules)) {
        const value = rules[id] || {};
        if (!cards.some((card) => card.id === id)) unknown += 1;
        else notes[id] = { done: value.done === true, note: typeof value.note === "string" ? value.note : "" };
      }
      cards.forEach(show);
      keep();
      said = "Notes on " + (Object.keys(rules).length - unknown) + " rules loaded";
      if (unknown) said += "; " + unknown + " are of rules that this page does not have";
      if (saved.review !== document.body.dataset.key) said += "; they were made of another state of the tree";
      said += ".";
    } catch (error) {
      said = file.name + " holds no notes of a review; nothing was loaded.";
    }
    filter();
    find("said").textContent = said;
  }

  document.addEventListener("change", (event) => {
    const card = event.target.closest("article.rule");
    if (card) note(card);
  });
  document.addEventListener("input", (event) => {
    if (event.target.matches("textarea")) note(event.target.closest("article.rule"));
  });
  for (const id of ["rule", "file", "state"]) find(id).addEventListener("change", filter);
  find("text").addEventListener("input", filter);
  find("order").addEventListener("change", order);
  find("previous").addEventListener("click", () => step(-1));
  find("next").addEventListener("click", () => step(1));
  find("save").addEventListener("click", save);
  find("load").addEventListener("click", () => find("notes").click());
  find("notes").addEventListener("change", load);
  document.querySelector("form").addEventListener("submit", (event) => event.preventDefault());
  window.addEventListener("hashchange", follow);
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape" && event.target.matches("input, textarea, select")) event.target.blur();
    if (event.target.matches("input:not([type=checkbox]), textarea, select")) return;
    const card = document.activeElement.closest("article.rule") || target();
    if (event.key === "j" || event.key === "n") step(1);
    else if (event.key === "k" || event.key === "p") step(-1);
    else if (event.key === "s") find("split").click();
    else if (event.key === "x" && card) card.querySelector(".done").click();
    else if (event.key === "/") find("text").focus();
    else return;
    event.preventDefault();
  });
  cards.forEach(show);
  filter();
  window.addEventListener("resize", room);
  room();
  follow();
})();
