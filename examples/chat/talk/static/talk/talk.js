// A room: shows what is said as it is said, and says what is typed. The connection may break at any time, when the site
// gets a new release for instance: it is made again, and what was missed meanwhile is fetched.
const room = document.querySelector(".room");
const list = room.querySelector(".said");
const form = room.querySelector(".composer");
const state = room.querySelector(".state");
const problem = form.querySelector(".problem");
const chosen = form.querySelector(".chosen");
const { text, picture } = form.elements;
const { me, messages: address } = room.dataset;
const [words, said] = ["words", "said"].map((id) => JSON.parse(document.getElementById(id).textContent));

// Codes of a close: the server's own for a restart (RFC 6455), and this application's.
const RESTART = 1012;
const NOT_SIGNED_IN = 4401;
const FIRST_DELAY = 500;
const LONGEST_DELAY = 15_000;

let socket;
let delay = FIRST_DELAY;
let newest = 0;

/* What is said */

const time = new Intl.DateTimeFormat(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
const day = new Intl.DateTimeFormat(document.documentElement.lang, { weekday: "long", day: "numeric", month: "long" });

function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

// The colour of a person, the same each time.
const hue = (name) => [...name].reduce((sum, letter) => (sum * 31 + letter.codePointAt(0)) % 360, 7);

function pictureOf({ picture: whole, thumbnail }) {
  const image = element("img", { src: thumbnail || whole, alt: words.picture, loading: "lazy" });
  image.addEventListener("load", keepInSight, { once: true });
  return element("a", { className: "picture", href: whole, target: "_blank" }, image);
}

function bubble(message) {
  const sent = new Date(message.sent_at);
  const item = element("li", { id: `message-${message.id}`, className: message.author === me ? "mine" : "theirs" });
  Object.assign(item.dataset, { author: message.author, day: sent.toDateString() });
  item.style.setProperty("--hue", hue(message.author));
  const body = element("div", { className: "bubble" });
  body.append(element("p", { className: "author", textContent: message.author }));
  if (message.picture) body.append(pictureOf(message));
  if (message.text) body.append(element("p", { className: "text", textContent: message.text }));
  body.append(element("time", { dateTime: message.sent_at, textContent: time.format(sent) }));
  item.append(element("span", { className: "face", textContent: [...message.author][0].toUpperCase(), ariaHidden: "true" }), body);
  return item;
}

const atEnd = () => list.scrollHeight - list.scrollTop - list.clientHeight < 160;
let follow = true;
list.addEventListener("scroll", () => (follow = atEnd()), { passive: true });
function keepInSight() {
  if (follow) list.scrollTop = list.scrollHeight;
}

// A message may come more than once: by the socket and by a fetch, and again with its thumbnail.
function show(message) {
  const item = bubble(message);
  const before = document.getElementById(item.id);
  if (before) {
    item.classList.toggle("follows", before.classList.contains("follows"));
    before.replaceWith(item);
    return;
  }
  list.querySelector(".silence")?.remove();
  // Messages of other processes can overtake one another.
  const after = [...list.children].findLast((other) => Number(other.id.slice(8)) < message.id);
  if (after) after.after(item);
  else list.prepend(item);
  newest = Math.max(newest, message.id);
  const previous = item.previousElementSibling;
  if (previous?.dataset.day !== item.dataset.day) {
    item.prepend(element("h2", { className: "day", textContent: day.format(new Date(message.sent_at)) }));
    item.classList.add("opens");
  } else if (previous.dataset.author === message.author) item.classList.add("follows");
  if (message.author === me) follow = true;
  keepInSight();
}

async function fetchMissed() {
  const answer = await fetch(`${address}?after=${newest}`);
  if (answer.ok) (await answer.json()).messages.forEach(show);
}

/* The connection */

function tellState(name) {
  state.dataset.state = name;
  state.textContent = words[name];
}

function connect() {
  const scheme = location.protocol === "https:" ? "wss" : "ws";
  socket = new WebSocket(`${scheme}://${location.host}${room.dataset.socket}`);
  socket.addEventListener("message", ({ data }) => hear(JSON.parse(data)));
  socket.addEventListener("close", ({ code }) => reconnect(code));
}

function hear(event) {
  if (event.type === "welcome") {
    tellState("connected");
    delay = FIRST_DELAY;
    fetchMissed();
  } else if (event.type === "message") show(event.message);
  else if (event.type === "tally") document.querySelector("[aria-current] .count").textContent = event.today;
  else if (event.type === "refused") complain(event.errors.join(" "));
}

// A restart is over in a moment. Not all browsers come back in the same one, though.
function reconnect(code) {
  if (code === NOT_SIGNED_IN) return tellState("signedOut");
  tellState(code === RESTART ? "restarting" : "offline");
  if (code === RESTART) delay = FIRST_DELAY;
  setTimeout(connect, delay / 2 + (Math.random() * delay) / 2);
  delay = Math.min(delay * 2, LONGEST_DELAY);
}

/* What is typed */

function complain(sentence = "") {
  problem.textContent = sentence;
  problem.hidden = sentence === "";
}

function preview() {
  const [file] = picture.files;
  chosen.hidden = !file;
  if (file) chosen.querySelector("img").src = URL.createObjectURL(file);
}

// By a request, which has an answer: what did not get through stays in the box.
async function send() {
  const answer = await fetch(address, { method: "POST", body: new FormData(form) }).catch(() => null);
  if (answer?.status === 201) {
    show(await answer.json());
    form.reset();
    preview();
    grow();
    return complain();
  }
  const told = answer?.status === 400 ? (await answer.json()).errors.join(" ") : words.failed;
  complain(told);
}

const grow = () => {
  text.style.height = "auto";
  text.style.height = `${Math.min(text.scrollHeight, 160)}px`;
};

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (text.value.trim() === "" && picture.files.length === 0) return;
  form.classList.add("sending");
  await send();
  form.classList.remove("sending");
  text.focus();
});
text.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  if (!form.classList.contains("sending")) form.requestSubmit();
});
text.addEventListener("input", grow);
picture.addEventListener("change", preview);
chosen.querySelector("button").addEventListener("click", () => {
  picture.value = "";
  preview();
});

said.forEach(show);
if (said.length === 0) list.append(element("li", { className: "silence", textContent: words.silence }));
tellState("connecting");
connect();
