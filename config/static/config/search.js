// The search box suggests as one types (ARIA combobox with a list). Without it, Enter shows the results on their page.
"use strict";

{
  const WAIT = 150;
  const SHORTEST = 2;

  const watch = (form) => {
    const field = form.querySelector("input[type=search]");
    const list = document.createElement("div");
    const told = document.createElement("p");
    let timer = 0;
    let asking = null;
    let asked = "";

    list.id = `${field.id}-liste`;
    list.className = "pl-options";
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", "Suggestions");
    list.hidden = true;
    told.className = "visually-hidden";
    told.setAttribute("role", "status");
    form.append(list, told);
    for (const [name, value] of Object.entries({ role: "combobox", "aria-expanded": "false", "aria-controls": list.id, "aria-autocomplete": "list" })) {
      field.setAttribute(name, value);
    }

    const options = () => [...list.querySelectorAll("[role=option]")];
    const current = () => list.querySelector("[aria-selected=true]");
    const choose = (option) => {
      current()?.setAttribute("aria-selected", "false");
      option?.setAttribute("aria-selected", "true");
      option?.scrollIntoView({ block: "nearest" });
      if (option) field.setAttribute("aria-activedescendant", option.id);
      else field.removeAttribute("aria-activedescendant");
    };
    const show = (isShown) => {
      if (!isShown) choose(null);
      list.hidden = !isShown;
      field.setAttribute("aria-expanded", String(isShown));
    };
    const fill = (html) => {
      list.innerHTML = html;
      const found = options();
      found.forEach((option, rank) => {
        option.id = `${list.id}-${rank}`;
      });
      for (const group of list.querySelectorAll("[role=group]")) {
        const label = group.querySelector("[id]");
        label.id = `${list.id}-${label.id}`;
        group.setAttribute("aria-labelledby", label.id);
      }
      show(found.length > 0);
      told.textContent = found.length ? `${found.length} suggestion${found.length > 1 ? "s" : ""}` : "Aucune suggestion";
    };
    const ask = async () => {
      const text = field.value.trim();
      if (text === asked) return;
      asking?.abort();
      asked = text;
      if (text.length < SHORTEST) {
        show(false);
        told.textContent = "";
        return;
      }
      asking = new AbortController();
      try {
        const answer = await fetch(`${form.dataset.suggestions}?q=${encodeURIComponent(text)}`, { signal: asking.signal });
        // A session that ended answers the page of sign-in: the box goes on without suggestions.
        if (answer.ok && !answer.redirected) fill(await answer.text());
      } catch (error) {
        // Another letter was typed, or the network is away: Enter still searches.
        if (error.name !== "AbortError") show(false);
      }
    };
    const KEYS = {
      ArrowDown: () => {
        if (list.hidden && options().length) show(true);
        const all = options();
        choose(all[all.indexOf(current()) + 1] ?? all[0]);
      },
      ArrowUp: () => {
        const all = options();
        choose(all[all.indexOf(current()) - 1] ?? all.at(-1));
      },
      Escape: () => show(false),
      Enter: () => location.assign(current().dataset.url),
    };

    field.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(ask, WAIT);
    });
    field.addEventListener("keydown", (event) => {
      const isOurs = event.key === "ArrowDown" ? options().length > 0 : event.key === "Enter" ? current() : !list.hidden;
      if (!KEYS[event.key] || !isOurs || event.isComposing) return;
      event.preventDefault();
      KEYS[event.key]();
    });
    // The field keeps the focus: a click on an option must not take it away before it is heard.
    list.addEventListener("mousedown", (event) => event.preventDefault());
    list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) location.assign(option.dataset.url);
    });
    form.addEventListener("focusout", (event) => {
      if (!form.contains(event.relatedTarget)) show(false);
    });
    form.addEventListener("submit", () => {
      clearTimeout(timer);
      asking?.abort();
      show(false);
    });
  };

  for (const form of document.querySelectorAll("form[data-suggestions]")) watch(form);
}
