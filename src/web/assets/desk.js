// Keys for the lists and for one mail: j k o / ? a x. Everything they do can be done without them.
(() => {
  "use strict";
  const STORE = "rechtzeitig.keys";
  const remembered = () => {
    try {
      return localStorage.getItem(STORE);
    } catch {
      return null; // storage may be switched off; then the keys simply stay on
    }
  };
  const sheet = document.getElementById("keys");
  const choice = document.getElementById("keys-on");
  let on = remembered() !== "off";

  if (choice) {
    choice.checked = on;
    choice.addEventListener("change", () => {
      on = choice.checked;
      try {
        localStorage.setItem(STORE, on ? "on" : "off");
      } catch {
        // the choice then lasts as long as this page
      }
    });
  }

  const rows = () => [...document.querySelectorAll("[data-row] a[data-open]")];
  const step = (by) => {
    const all = rows();
    if (all.length === 0) return;
    const at = all.indexOf(document.activeElement);
    const next = at < 0 ? 0 : Math.min(all.length - 1, Math.max(0, at + by));
    all[next].focus();
    all[next].scrollIntoView({ block: "nearest" });
  };
  const typing = (place) =>
    place instanceof HTMLElement && (place.isContentEditable || place.matches("input:not([type=checkbox],[type=radio]), textarea, select"));

  document.addEventListener("keydown", (event) => {
    if (!on || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    const acts = {
      j: () => step(1),
      k: () => step(-1),
      o: () => document.activeElement.closest("[data-row]")?.querySelector("a[data-open]")?.click(),
      "/": () => document.querySelector("[data-find]")?.focus(),
      "?": () => sheet?.togglePopover?.(),
      a: () => document.querySelector("[data-key=a]")?.click(),
      x: () => document.querySelector("[data-key=x]")?.click(),
    };
    const act = acts[event.key];
    if (act) {
      event.preventDefault();
      act();
    }
  });
})();

// How far the connected systems are: looked up again while something is moving. Without it the page has a link.
(() => {
  "use strict";
  const again = async () => {
    const place = document.querySelector("[data-progress][data-moving]");
    if (!place) return;
    try {
      const answer = await fetch(place.dataset.progress, { headers: { Accept: "text/html" } });
      if (answer.ok && !place.contains(document.activeElement)) {
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        const fresh = page.querySelector("[data-progress]");
        if (fresh) place.replaceWith(document.importNode(fresh, true));
      }
    } catch {
      // the line is away for a moment; the next turn asks again
    }
    setTimeout(again, 2000);
  };
  setTimeout(again, 2000);
})();

// Areas of a page are drawn with mouse or pen; what is drawn stands in the form as numbers, as if it had been typed.
(() => {
  "use strict";
  const leaf = document.querySelector("[data-leaf]");
  const picture = leaf?.querySelector("svg");
  if (!picture) return;
  const rows = () => [...document.querySelectorAll("[data-sides]")].map((row) => [...row.querySelectorAll("input")]);
  const at = (event) => {
    const box = picture.getBoundingClientRect();
    const part = (value, from, size) => Math.min(10000, Math.max(0, Math.round(((value - from) / size) * 10000)));
    return [part(event.clientX, box.left, box.width), part(event.clientY, box.top, box.height)];
  };
  let begun = null;
  picture.addEventListener("pointerdown", (event) => {
    const free = rows().find((row) => row.every((field) => field.value === ""));
    if (!free || event.button !== 0 || event.pointerType === "touch") return;
    event.preventDefault();
    const shape = document.createElementNS("http://www.w3.org/2000/svg", "rect");
    picture.append(shape);
    picture.setPointerCapture(event.pointerId);
    begun = { from: at(event), shape, row: free, sides: null };
  });
  picture.addEventListener("pointermove", (event) => {
    if (!begun) return;
    const to = at(event);
    const left = Math.min(begun.from[0], to[0]);
    const top = Math.min(begun.from[1], to[1]);
    begun.sides = [left, top, Math.abs(to[0] - begun.from[0]), Math.abs(to[1] - begun.from[1])];
    ["x", "y", "width", "height"].forEach((name, nth) => begun.shape.setAttribute(name, begun.sides[nth]));
  });
  const end = () => {
    if (!begun) return;
    const { shape, row, sides } = begun;
    begun = null;
    if (!sides || sides[2] < 20 || sides[3] < 20) {
      shape.remove();
      return;
    }
    row.forEach((field, nth) => {
      field.value = String(sides[nth] / 100);
    });
  };
  picture.addEventListener("pointerup", end);
  picture.addEventListener("pointercancel", end);
})();
