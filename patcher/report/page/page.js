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
    let kept = null;
    try {
      kept = JSON.parse(localStorage.getItem(key));
    } catch (error) {
      // nothing that can be read is kept
    }
    return isTable(kept) ? kept : {};
  }

  function isTable(value) {
    return typeof value === "object" && value !== null && !Array.isArray(value);
  }

  // Another tab may have changed what is kept of other rules meanwhile.
  function keep(ids) {
    const kept = Object.assign({}, notes, read());
    for (const id of ids) {
      if (notes[id]) kept[id] = notes[id];
      else delete kept[id];
    }
    try {
      localStorage.setItem(key, JSON.stringify(kept));
      notes = kept;
      return "";
    } catch (error) {
      return "This browser keeps nothing for this page: save your notes before you close it.";
    }
  }

  function show(card) {
    const note = isTable(notes[card.id]) ? notes[card.id] : {};
    card.querySelector(".done").checked = Boolean(note.done);
    card.querySelector("textarea").value = note.note || "";
    mark(card);
  }

  function mark(card) {
    const done = card.querySelector(".done").checked;
    card.classList.toggle("reviewed", done);
    entries.get(card.dataset.order).classList.toggle("reviewed", done);
    card.querySelector(".note").classList.toggle("empty", !card.querySelector("textarea").value);
  }

  function note(card) {
    const done = card.querySelector(".done").checked;
    const text = card.querySelector("textarea").value;
    if (done || text) notes[card.id] = { done: done, note: text };
    else delete notes[card.id];
    mark(card);
    find("said").textContent = keep([card.id]);
  }

  function textOf(card) {
    if (!texts.has(card)) {
      const parts = [...card.querySelectorAll("h3, .reason p, .reason pre, .hunks")];
      texts.set(card, parts.map((part) => part.textContent).join("\n").toLowerCase());
    }
    return texts.get(card) + "\n" + card.querySelector("textarea").value.toLowerCase();
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
    for (const list of document.querySelectorAll("nav .list")) list.hidden = !list.querySelector("li:not([hidden])");
    const isFiltered = Boolean(wanted.rule || wanted.file || wanted.state || wanted.text);
    for (const each of document.querySelectorAll(".hand")) each.hidden = isFiltered;
    find("nothing").hidden = shown > 0;
    find("count").textContent = shown + " of " + cards.length + " rules";
    find("partly").textContent = shown < cards.length ? "Only " + find("count").textContent + " are printed." : "";
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
    const card = target();
    if (card && !card.hidden) card.scrollIntoView({ block: "start" });
  }

  function room() {
    const bar = document.querySelector("form.bar");
    const sticks = getComputedStyle(bar).position === "sticky";
    document.documentElement.style.scrollPaddingTop = (sticks ? bar.offsetHeight : 0) + 8 + "px";
    document.querySelector("nav").style.top = bar.offsetHeight + 8 + "px";
  }

  function go(card) {
    room();
    if (!document.activeElement.matches("button")) card.focus({ preventScroll: true });
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
      if (!isTable(saved) || !isTable(saved.rules)) throw new Error("no notes");
      const known = new Set(cards.map((card) => card.id));
      const ids = Object.keys(saved.rules).filter((id) => known.has(id) && isTable(saved.rules[id]));
      const left = Object.keys(saved.rules).length - ids.length;
      for (const id of ids) notes[id] = joined(isTable(notes[id]) ? notes[id] : {}, saved.rules[id]);
      cards.forEach(show);
      said = "Loaded notes on " + ids.length + (ids.length === 1 ? " rule" : " rules");
      if (left) said += "; " + left + " more are for rules that are not on this page";
      if (saved.review !== document.body.dataset.key) said += "; they were made for another state of the tree";
      said = (said + ". " + keep(ids)).trim();
    } catch (error) {
      said = file.name + " holds no notes of a review; nothing was loaded.";
    }
    filter();
    find("said").textContent = said;
  }

  // Nothing that was written here is lost.
  function joined(own, other) {
    const texts = [own.note, other.note].filter((text) => typeof text === "string" && text);
    return { done: own.done === true || other.done === true, note: [...new Set(texts)].join("\n") };
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
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#']");
    if (link && link.hash === location.hash) follow(); // of which a browser says nothing
  });
  window.addEventListener("storage", (event) => {
    if (event.key !== key || document.activeElement.matches("textarea")) return;
    notes = read();
    cards.forEach(show);
  });
  window.addEventListener("beforeprint", () => {
    for (const area of document.querySelectorAll("textarea")) area.style.height = area.scrollHeight + "px";
  });
  window.addEventListener("afterprint", () => {
    for (const area of document.querySelectorAll("textarea")) area.style.height = "";
  });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape" && event.target.matches("input, textarea, select")) {
      const around = event.target.closest("article.rule");
      if (around) around.focus({ preventScroll: true });
      else event.target.blur();
    }
    if (event.target.matches("input:not([type=checkbox]), textarea, select")) return;
    const card = document.activeElement.closest("article.rule") || target();
    if (event.key === "j" || event.key === "n") step(1);
    else if (event.key === "k" || event.key === "p") step(-1);
    else if (event.key === "s") find("split").click();
    else if (event.key === "x" && card && !card.hidden) card.querySelector(".done").click();
    else if (event.key === "/") find("text").focus();
    else return;
    event.preventDefault();
  });
  cards.forEach(show);
  filter();
  if (window.matchMedia("(max-width:60rem)").matches) document.querySelector("nav details").open = false;
  window.addEventListener("resize", room);
  room();
  follow();
})();
