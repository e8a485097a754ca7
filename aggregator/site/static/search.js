// Search on the exported site, over index files beside this page (aggregator/exporting/finding.py).
"use strict";

const form = document.querySelector("form.query");
const read = new Map();

// The same as in finding.py: without case and marks, pairs of letters where a script has no spaces.
const UNSPACED =
  /[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\u{20000}-\u{3ffff}]+/gu;
const WIDE = 0x2e80;
const SHARED_BITS = 6;
const SHELF = 128;
const SHOWN = 50;

function words(text) {
  const bare = text.toLowerCase().normalize("NFKD").replace(/\p{M}/gu, "").normalize("NFC");
  const found = [];
  for (const [word] of bare.matchAll(/[\p{L}\p{N}]+/gu)) {
    let at = 0;
    for (const run of word.matchAll(UNSPACED)) {
      found.push(word.slice(at, run.index));
      const letters = [...run[0]];
      for (let n = 0; n < Math.max(1, letters.length - 1); n++) found.push(letters.slice(n, n + 2).join(""));
      at = run.index + run[0].length;
    }
    found.push(word.slice(at));
  }
  return [...new Set(found.filter(Boolean))];
}

function fileOf(word) {
  const letters = [...word].map((letter) => letter.codePointAt(0));
  if (letters[0] >= WIDE) return `w-${(letters[0] >> SHARED_BITS).toString(16)}.json`;
  return `w-${letters.slice(0, 2).map((letter) => letter.toString(16)).join("-")}.json`;
}

function get(name) {
  if (!read.has(name)) {
    read.set(name, fetch(form.dataset.index + name).then((answer) => {
      if (!answer.ok) throw new Error(`${name}: ${answer.status}`);
      return answer.json();
    }));
  }
  return read.get(name);
}

// A file of the index; one that is not there holds nothing.
async function file(name) {
  return (await get("files.json")).includes(name) ? get(name) : {};
}

// The articles that have a word or one that begins with it, each with how much that counts.
async function having(word) {
  const scores = new Map();
  for (const [each, numbers] of Object.entries(await file(fileOf(word)))) {
    if (!each.startsWith(word)) continue;
    for (const number of numbers) {
      const score = (each === word ? 2 : 1) * (number < 0 ? 4 : 1);
      scores.set(Math.abs(number), Math.max(score, scores.get(Math.abs(number)) ?? 0));
    }
  }
  return scores;
}

async function search(text) {
  const each = await Promise.all(words(text).map(having));
  if (!each.length) return [];
  const [first, ...others] = each.sort((a, b) => a.size - b.size);
  const all = [...first].filter(([number]) => others.every((scores) => scores.has(number)));
  const total = ([number, score]) => others.reduce((sum, scores) => sum + scores.get(number), score);
  const ranked = all.map((hit) => [hit[0], total(hit)]).sort((a, b) => b[1] - a[1] || b[0] - a[0]);
  return ranked.map(([number]) => number);
}

async function shown(numbers, asked) {
  const hits = [];
  for (const number of numbers) {
    const hit = (await file(`a-${Math.floor(number / SHELF)}.json`))[number];
    if (!hit) continue;
    if (asked.get("outlet") && hit.slug !== asked.get("outlet")) continue;
    if (asked.get("language") && hit.lang.split("-")[0].toLowerCase() !== asked.get("language")) continue;
    hits.push(hit);
    if (hits.length === SHOWN) break;
  }
  return hits;
}

function item(hit) {
  const made = document.querySelector("#hit").content.cloneNode(true);
  const fill = (selector, text, href) => {
    const element = made.querySelector(selector);
    element.textContent = text;
    if (href) element.href = href;
    return element;
  };
  made.querySelector("li").classList.add(`tint-${hit.tint}`);
  fill(".kicker bdi", hit.outlet).lang = hit.lang;
  made.querySelector(".kicker a").href = hit.outletHref;
  made.querySelector(".kicker").dir = hit.dir === "rtl" ? "rtl" : "ltr";
  const link = fill(".headline a", hit.headline, hit.href);
  if (hit.isOutward) link.rel = "noopener nofollow external";
  for (const element of made.querySelectorAll(".headline, .teaser")) {
    element.lang = hit.lang;
    element.dir = hit.dir;
  }
  made.querySelector(".moment").href = hit.page;
  fill(".source bdi", hit.sourceName).lang = hit.lang;
  if (hit.source) made.querySelector(".source").href = hit.source;
  fill(".teaser", hit.teaser).hidden = !hit.teaser;
  const day = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "medium", timeZone: "UTC" });
  fill("time", day.format(new Date(hit.at))).dateTime = hit.at;
  return made;
}

async function show() {
  const asked = new URLSearchParams(location.search);
  const text = (asked.get("q") ?? "").slice(0, 200);
  for (const field of form.elements) if (field.name) field.value = asked.get(field.name) ?? "";
  if (!words(text).length) return;
  document.querySelector(".hint").hidden = true;
  try {
    const hits = await shown(await search(text), asked);
    document.querySelector(".hits").replaceChildren(...hits.map(item));
    document.querySelector("#nothing").hidden = hits.length > 0;
    document.querySelector("#nothing q bdi").textContent = text;
  } catch {
    document.querySelector("#unread").hidden = false;
  }
}

show();
