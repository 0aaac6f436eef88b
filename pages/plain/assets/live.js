/* Follows what changes while somebody looks: asks a head address and redraws one part when its answer is another one.
   <div id="room" data-live="/m/7/head" data-head="41" data-every="2" data-fresh="…" data-broken="…">…</div>
   A part in which something has been typed, chosen or focused is never redrawn: a line offers to load the page again. */
(function () {
  "use strict";
  function touched(part) {
    if (part.contains(document.activeElement) && /^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement.tagName)) return true;
    return [].some.call(part.querySelectorAll("input,textarea,select"), function (field) {
      if (field.type === "hidden" || field.type === "submit") return false;
      if (field.type === "radio" || field.type === "checkbox") return field.checked !== field.defaultChecked;
      if (field.tagName === "SELECT") return [].some.call(field.options, function (o) { return o.selected !== o.defaultSelected && o.selected; });
      return field.value !== field.defaultValue;
    });
  }
  function line(part, kind, text) {
    var found = document.querySelector("[data-line='" + kind + "']");
    if (!text) { if (found) found.remove(); return; }
    if (found) return;
    var box = document.createElement(kind === "fresh" ? "a" : "p");
    box.className = kind === "fresh" ? "nt ok" : "brk";
    box.setAttribute("data-line", kind);
    box.setAttribute("role", "status");
    if (kind === "fresh") box.href = location.href;
    box.textContent = text;
    part.parentNode.insertBefore(box, kind === "fresh" ? part : part.nextSibling);
  }
  function clock() { return new Date().toTimeString().slice(0, 8); }
  [].forEach.call(document.querySelectorAll("[data-live]"), function (part) {
    var head = part.dataset.head, every = Math.max(1, +part.dataset.every || 2) * 1000, misses = 0, last = clock(), busy = false, stream = null;
    function redraw(next) {
      if (next === head || busy) return;
      if (touched(part)) { line(part, "fresh", part.dataset.fresh); return; }
      busy = true;
      fetch(location.href, { credentials: "same-origin", cache: "no-store" }).then(function (answer) {
        if (!answer.ok) { location.reload(); return; }
        return answer.text().then(function (html) {
          var whole = new DOMParser().parseFromString(html, "text/html"), fresh = whole.getElementById(part.id);
          if (!fresh) { if (!touched(document.body)) location.reload(); return; }
          if (touched(part)) { line(part, "fresh", part.dataset.fresh); return; }
          /* a page brings only the rules that it needs, and what comes now may need others */
          var rules = document.querySelector("style"), now = whole.querySelector("style");
          if (rules && now && rules.textContent !== now.textContent) rules.textContent = now.textContent;
          part.innerHTML = fresh.innerHTML;
          head = fresh.dataset.head || next;
          line(part, "fresh", "");
        });
      }).catch(function () { misses += 1; }).then(function () { busy = false; });
    }
    function good(next) { misses = 0; last = clock(); line(part, "broken", ""); redraw(next.trim().slice(0, 64)); }
    function bad() { misses += 1; if (misses > 2) line(part, "broken", (part.dataset.broken || "") + " " + last); }
    function ask() {
      if (document.hidden) return again();
      fetch(part.dataset.live, { credentials: "same-origin", cache: "no-store" }).then(function (answer) {
        if (!answer.ok) throw answer.status;
        return answer.text().then(good);
      }).catch(bad).then(again);
    }
    function again() { setTimeout(ask, every * Math.min(8, 1 + misses)); }
    if (part.dataset.stream && window.EventSource) {
      stream = new EventSource(part.dataset.stream);
      stream.onmessage = function (event) { good(event.data); };
      stream.onerror = bad;
    } else if (window.fetch && window.DOMParser) again();
  });
})();
