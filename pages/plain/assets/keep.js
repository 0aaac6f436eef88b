/* Keeps what was typed and not sent when somebody changes the size of type or the language: both load the page again.
   Into sessionStorage at the press of such a link, back into the fields when the page stands again, then gone.
   Never passwords, codes, files or hidden fields. Without this script the links do what they always did. */
(function () {
  "use strict";
  var PREFIX = "typed:", MOST_MS = 600000;
  function fields() {
    return [].filter.call(document.querySelectorAll("form[method=post] input,form[method=post] textarea,form[method=post] select"), function (field) {
      return field.name && !/^(hidden|password|file|submit|button)$/.test(field.type) && !/code|password|ticket|token/.test(field.name)
        && field.getAttribute("autocomplete") !== "one-time-code";
    });
  }
  function ticks(field) { return field.type === "radio" || field.type === "checkbox"; }
  function store() {
    try { return window.sessionStorage; } catch (blocked) { return null; }
  }
  document.addEventListener("click", function (event) {
    var link = event.target, to, held = store();
    while (link && link.tagName !== "A") link = link.parentNode;
    to = link && /^\/(?:lang|size)\/[^?]*\?next=([^&]*)/.exec(link.getAttribute("href") || "");
    if (!to || !held || event.ctrlKey || event.metaKey || event.shiftKey) return;
    try {
      held.setItem(PREFIX + decodeURIComponent(to[1]), JSON.stringify({ at: Date.now(), fields: fields().map(function (field) {
        return ticks(field) ? [field.name, field.value, field.checked] : [field.name, field.value];
      }) }));
    } catch (full) { return; /* the link leads on all the same */ }
  });
  var held = store(), here = PREFIX + location.pathname + location.search, kept = held && held.getItem(here);
  if (!kept) return;
  held.removeItem(here);
  kept = JSON.parse(kept);
  if (Date.now() - kept.at > MOST_MS) return;
  fields().forEach(function (field) {
    for (var place = 0; place < kept.fields.length; place += 1) {
      var one = kept.fields[place];
      if (one[0] !== field.name || (one.length > 2) !== ticks(field) || (ticks(field) && one[1] !== field.value)) continue;
      if (ticks(field)) field.checked = one[2]; else field.value = one[1];
      kept.fields.splice(place, 1);
      return;
    }
  });
})();
