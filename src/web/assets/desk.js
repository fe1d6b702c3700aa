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
