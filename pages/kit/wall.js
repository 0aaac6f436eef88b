/* The wall of a room: built once, afterwards only texts, classes and widths change; clocks run here; silence of the server is shown. */
export default function (component) {
  const { data, parentElement } = component;
  const root = parentElement.querySelector(".wall,.tablet");
  const state = root.yiqi || (root.yiqi = start(root));
  state.last = Date.now();
  state.ahead = data.now - state.last;
  if (data.html !== state.html) {
    state.html = data.html;
    const made = document.createElement("template");
    made.innerHTML = data.html;
    const fresh = made.content.firstElementChild;
    const shown = root.firstElementChild;
    if (!shown || shown.dataset.scene !== fresh.dataset.scene) {
      if (shown) fresh.classList.add("in");
      root.replaceChildren(fresh);
    } else {
      follow(shown, fresh);
    }
  }
  root.querySelectorAll("[data-stamp]").forEach((at) => { if (at.textContent !== data.stamp) at.textContent = data.stamp; });
  state.band = data.broken;
  state.time = data.time;
  state.draw();
  return () => {
    if (!root.isConnected) { clearInterval(state.timer); root.yiqi = null; }
  };
}

function follow(old, now) {
  for (const { name, value } of [...now.attributes]) if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  for (const { name } of [...old.attributes]) if (!now.hasAttribute(name)) old.removeAttribute(name);
  if (old.hasAttribute("data-stamp") || old.hasAttribute("data-ends")) return;
  const here = [...old.childNodes], there = [...now.childNodes];
  there.forEach((next, place) => {
    const last = here[place];
    if (!last) old.appendChild(next);
    else if (last.nodeType !== next.nodeType || last.nodeName !== next.nodeName) last.replaceWith(next);
    else if (next.nodeType === Node.TEXT_NODE) { if (last.data !== next.data) last.data = next.data; }
    else follow(last, next);
  });
  here.slice(there.length).forEach((gone) => gone.remove());
}

function start(root) {
  const state = { last: Date.now(), ahead: 0, html: "", band: "", time: "", timer: 0 };
  state.draw = () => {
    const now = Date.now() + state.ahead;
    root.querySelectorAll("[data-ends]").forEach((clock) => {
      const left = Math.max(0, Math.ceil((+clock.dataset.ends - now) / 1000));
      const text = left || !clock.dataset.over ? words(left) : clock.dataset.over;
      if (clock.textContent !== text) clock.textContent = text;
      clock.classList.toggle("over", !left);
    });
    root.querySelectorAll("[data-until]").forEach((bar) => {
      const span = +bar.dataset.span || 1, left = Math.max(0, +bar.dataset.until - now);
      bar.style.width = Math.min(100, (left * 100) / span).toFixed(1) + "%";
      bar.classList.toggle("end", left < 15000);
    });
    const broken = Date.now() - state.last > 4000 || navigator.onLine === false;
    root.classList.toggle("cut", broken);
    let band = root.querySelector(":scope > .cutband");
    if (broken && !band) {
      band = Object.assign(document.createElement("div"), { className: "cutband" });
      band.setAttribute("role", "alert");
      band.append(document.createElement("b"), document.createElement("span"));
      root.append(band);
    }
    if (band && !broken) band.remove();
    else if (band) {
      const [said, since] = state.band.split("|");
      band.firstChild.textContent = said;
      band.lastChild.textContent = (since || "").replace("{time}", state.time);
    }
  };
  state.timer = setInterval(state.draw, 250);
  return state;
}

function words(seconds) {
  const hours = Math.floor(seconds / 3600), minutes = Math.floor((seconds % 3600) / 60), rest = seconds % 60;
  const two = (figure) => String(figure).padStart(2, "0");
  return hours ? hours + ":" + two(minutes) + ":" + two(rest) : minutes + ":" + two(rest);
}
