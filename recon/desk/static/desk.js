"use strict";
/* Small things that HTML alone cannot do; every page works without them. */
(() => {
  const all = (words, from) => [...(from || document).querySelectorAll(words)];

  /* One tick for all lines. */
  document.addEventListener("change", (event) => {
    const box = event.target;
    if (box.matches("[data-all]")) {
      all("input[name=id]", box.closest("form")).forEach((one) => { one.checked = box.checked; });
    }
    if (box.matches("[data-send]")) box.form.requestSubmit();
    if (box.matches("input[type=checkbox]")) count();
  });
  const count = () => {
    const place = document.getElementById("chosen");
    if (place) place.textContent = all("input[name=id]:checked").length;
  };

  /* Keys of the list: j and k go down and up, Escape closes the panel. */
  document.addEventListener("keydown", (event) => {
    if (event.target.matches("input, select, textarea") || event.ctrlKey || event.metaKey || event.altKey) return;
    const lines = all("a.line");
    if (event.key === "Escape") {
      const close = document.querySelector("#panel .close");
      if (close) { event.preventDefault(); close.click(); }
    }
    if ((event.key === "j" || event.key === "k") && lines.length) {
      const here = lines.indexOf(document.activeElement);
      const to = event.key === "j" ? Math.min(here + 1, lines.length - 1) : Math.max(here - 1, 0);
      lines[to].focus();
      event.preventDefault();
    }
  });

  /* The panel takes the focus and gives it back. */
  let from = null;
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (event.detail.target && event.detail.target.id === "panel" && event.detail.elt.matches("a.line")) {
      from = event.detail.elt.getAttribute("href");
    }
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target.id !== "panel") return;
    const title = document.querySelector("#panel h2");
    if (title) { title.focus(); document.body.classList.add("has-panel"); } else closed();
  });
  const closed = () => {
    document.body.classList.remove("has-panel");
    const line = all("a.line").find((one) => one.getAttribute("href") === from);
    if (line) line.focus();
  };
  document.addEventListener("click", (event) => {
    if (!event.target.closest("#panel .close")) return;
    event.preventDefault();
    document.getElementById("panel").replaceChildren();
    closed();
  });

  /* Files and folders that are dropped. */
  const zone = document.getElementById("drop");
  if (zone) {
    const read = (entry, way) => new Promise((done) => {
      if (entry.isFile) entry.file((file) => done([[way + file.name, file]]), () => done([]));
      else {
        const reader = entry.createReader(), found = [];
        const more = () => reader.readEntries(async (list) => {
          if (!list.length) { done(found); return; }
          for (const one of list) found.push(...await read(one, way + entry.name + "/"));
          more();
        }, () => done(found));
        more();
      }
    });
    const send = (pairs) => {
      if (!pairs.length) return;
      const form = new FormData();
      pairs.forEach(([way, file]) => { form.append("way", way); form.append("file", file, file.name); });
      zone.classList.add("busy");
      zone.setAttribute("aria-busy", "true");
      fetch("/files/upload", { method: "POST", body: form, headers: { "HX-Request": "true" } })
        .then(async (answer) => {
          const to = answer.headers.get("HX-Redirect");
          if (to) location.assign(to);
          else { document.getElementById("notes").innerHTML = await answer.text(); zone.classList.remove("busy"); }
        })
        .catch(() => { zone.classList.remove("busy"); });
    };
    zone.addEventListener("dragover", (event) => { event.preventDefault(); zone.classList.add("over"); });
    zone.addEventListener("dragleave", () => zone.classList.remove("over"));
    zone.addEventListener("drop", async (event) => {
      event.preventDefault();
      zone.classList.remove("over");
      const entries = [...event.dataTransfer.items].map((one) => one.webkitGetAsEntry()).filter(Boolean);
      const pairs = [];
      for (const one of entries) pairs.push(...await read(one, ""));
      send(pairs);
    });
    all("input[type=file]", zone).forEach((input) => input.addEventListener("change", () => {
      send([...input.files].map((file) => [file.webkitRelativePath || file.name, file]));
    }));
  }
})();
