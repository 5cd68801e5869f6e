// The search of the site, which needs no server: sections.js has the text of all sections. A question may be asked in whole
// words: sections that have more of its words, rarer ones, and have them in their titles, come first.
"use strict";
(() => {
  const STOP = new Set(("a an and are as at be by can could do does for from get has have how i if in is it its me my of on or "
    + "should that the their them then there this to was what when where which who why will with without you your").split(" "));
  const stem = (word) => word.length < 5 || word.includes("_") ? word.replace(/s$/, "") :
    word.replace(/(ies)$/, "y").replace(/(ings?|edly|ed|es|s|ly|al|ation|ations|er|ers)$/, "").replace(/(.)\1$/, "$1").replace(/e$/, "");
  // CheckpointManager and data_loss are found whole and by their parts.
  const words = (text) => {
    const found = [];
    for (const [word] of text.matchAll(/[\p{L}\p{N}_]+/gu)) {
      const parts = word.split(/_+|(?<=\p{Ll})(?=\p{Lu})/u).filter((part) => part);
      found.push(stem(word.toLowerCase()));
      if (parts.length > 1) found.push(...parts.map((part) => stem(part.toLowerCase())));
    }
    return found;
  };

  const sections = [];
  const documents = new Map();  // word -> [[section, weight], ...]
  for (const [page, inPage] of SECTIONS) {
    for (const [path, anchor, text] of inPage) {
      const number = sections.length, weights = new Map();
      sections.push({page, path, anchor, text});
      const add = (source, weight) => {
        const found = words(source);
        for (const word of found) weights.set(word, (weights.get(word) ?? 0) + weight);
        return found.length;
      };
      const length = add(text, 1);
      add(path.at(-1), 8);
      add(path.slice(0, -1).join(" "), 2);
      for (const [word, weight] of weights) {
        if (!documents.has(word)) documents.set(word, []);
        documents.get(word).push([number, weight * 2.2 / (weight + 0.5 + 0.7 * length / 80)]);
      }
    }
  }

  const find = (question) => {
    const asked = [...new Set(words(question))].filter((word) => !STOP.has(word));
    const scores = new Map(), matched = new Map();
    for (const [place, word] of asked.entries()) {
      const like = documents.has(word) ? [word] : [...documents.keys()].filter((each) => each.startsWith(word)).slice(0, 20);
      const seen = new Set();
      for (const each of like) {
        const holders = documents.get(each), rarity = Math.log(1 + sections.length / holders.length);
        for (const [number, weight] of holders) {
          scores.set(number, (scores.get(number) ?? 0) + rarity * weight * (each === word ? 1 : 0.5));
          if (!seen.has(number)) matched.set(number, (matched.get(number) ?? 0) + 1);
          seen.add(number);
        }
      }
    }
    const guide = (number) => /\//.test(sections[number].page) ? 1 : 1.3;  // pages of the guide stand at the top of the site
    return [...scores].map(([number, score]) => [number, score * (matched.get(number) / asked.length) * guide(number)])
      .sort((a, b) => b[1] - a[1]).slice(0, 40).map(([number]) => sections[number]);
  };

  const show = (question) => {
    const results = question.trim() ? find(question) : [], list = document.getElementById("results");
    const asked = new Set(words(question).filter((word) => !STOP.has(word)));
    document.getElementById("found").textContent = !question.trim() ? "" :
      results.length ? `${results.length}${results.length === 40 ? " or more" : ""} sections, the best first` : "Nothing here has these words.";
    list.replaceChildren(...results.map(({page, path, anchor, text}) => {
      const item = document.createElement("li"), link = item.appendChild(document.createElement("a")), snippet = item.appendChild(document.createElement("p"));
      link.href = page + (anchor && "#" + anchor);
      link.textContent = path.join(" › ");
      const parts = text.split(/(?<=[.;:)])\s+/), counts = parts.map((part) => new Set(words(part).filter((word) => asked.has(word))).size);
      const best = counts.indexOf(Math.max(...counts));
      for (const piece of parts.slice(best, best + 3).join(" ").slice(0, 260).split(/([\p{L}\p{N}_]+)/u))
        snippet.append(words(piece).some((word) => asked.has(word)) ? Object.assign(document.createElement("mark"), {textContent: piece}) : piece);
      return item;
    }));
  };

  const input = document.getElementById("question");
  input.value = new URLSearchParams(location.search).get("q") ?? "";
  input.addEventListener("input", () => show(input.value));
  input.focus();
  show(input.value);
})();
