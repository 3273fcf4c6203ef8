// SPDX-License-Identifier: Apache-2.0
// The page on a volunteer's phone: the kiosk's health and counts every two seconds; and, signed in by the code on the staff
// console, search and check-in by hand. Whatever comes from a roster is set as text, never as HTML.
"use strict";

const words = {
  zh: {
    people: "这里已到", today: "其中今天", find: "找人：姓名、拼音、单位、手机后四位", walkin: "名单上没有的人", walkin_name: "姓名（可以不填，只计人数）",
    walkin_do: "登记并放行", mine: "我办的", health: "签到机状态", leave: "退出值班", other: "English",
    guest: "这里只能看状态和人数。要找人、签到，请在签到机的值班台点“手机值班”，扫那里的码。",
    plain: "这个页面没有加密，只能看状态和人数。",
    lost: "连不上签到机，正在重试。签到机本身不受影响。", camera: "摄像头", clock: "时钟", disk: "剩余空间", unsent: "未上传的记录", hub: "汇总站", version: "版本",
    good: "正常", starting: "正在打开", none: "没有", ended: "已结束", lost_camera: "断开了：请检查插头", clock_bad: "还没对时", fps: "{0} 帧/秒",
    off: "未设置", not_enrolled: "还没登记", connecting: "正在连接", waiting: "暂时连不上", refused: "令牌失效：请再出示设置卡", other_hub: "汇总站的钥匙不对",
    t_pack: "活动包坏了，不能签到", t_disk_full: "磁盘满了，不能签到", t_disk_error: "磁盘出错，不能签到", t_read_only: "磁盘只读，不能签到",
    t_sandbox: "解码程序没有沙箱，不能扫码", t_decoder: "解码程序反复出错", t_camera: "摄像头断开了", t_clock: "时钟还没对", t_disk: "剩余空间不多", temperature: "温度", t_hot: "机器太热：请遮阳、通风", t_slowed: "太热，已变慢：请遮阳、通风", t_power: "供电不足：请换原装电源和短线", t_refused: "汇总站不认这台签到机", t_other_hub: "汇总站的钥匙不对",
    signed: "{0} · 还有 {1}", hours: "{0} 小时 {1} 分", nobody: "没有找到", more: "还有 {0} 位，请多输几个字", looking: "正在找…", admit: "签到", admit_n: "签到 {0} 人", in: "已到",
    in_n: "已到 {0}/{1}", since: "{0} 已到（{1}）", unconfirmed: "报名待确认", elsewhere: "另一场：{0}", admitted: "{0} 签到好了", walked: "登记好了", cancel: "取消", anyway: "仍然放行", again_in: "再进一人",
    undo: "撤销", why_undo: "为什么撤销？", undone: "已撤销", empty: "还没有", r1: "认错人了", r2: "点错了", r3: "人还没来",
    why_rule: "规则不允许", why_for_lead: "要组长才可以", why_not_found: "这里没有这个人", why_undone: "已经撤销过了", why_nothing: "没有可以做的", why_name_not_kept: "已计入人数，但姓名没有保存", why_no_search: "不能找人", why_: "没有写进去，请看签到机",
    v_again: "已经签到过了", v_early: "还没开始", v_closed: "已经结束", v_missing_step: "请先到 {0}", v_full: "名额已满", v_not_confirmed: "报名待确认", v_wrong_type: "票种不适用于这里", v_revoked: "此票已作废", v_expired: "此票已过期", v_elsewhere: "不是这里的票", v_unknown: "没有报名信息", v_fault: "签到机有故障",
    no: "没有完成：{0}",
  },
  en: {
    people: "in here", today: "of them today", find: "Find: name, pinyin, organization, last four of the phone", walkin: "Somebody who is on no list", walkin_name: "Name (may be empty: only counted)",
    walkin_do: "Register and let in", mine: "What I did", health: "The kiosk", leave: "Sign out", other: "中文",
    guest: "Health and counts only. To search and check in, choose \"Phone\" on the kiosk's staff console and scan the code there.",
    plain: "This page is not encrypted: health and counts only.",
    lost: "The kiosk can't be reached; trying again. It goes on by itself.", camera: "Camera", clock: "Clock", disk: "Free space", unsent: "Records not uploaded", hub: "Hub", version: "Version",
    good: "good", starting: "starting", none: "none", ended: "ended", lost_camera: "gone: check the plug", clock_bad: "not set", fps: "{0} a second",
    off: "none", not_enrolled: "not enrolled", connecting: "connecting", waiting: "can't be reached now", refused: "token refused: show the setup card again", other_hub: "the hub's key is another one",
    t_pack: "The pack is damaged: no check-in", t_disk_full: "The disk is full: no check-in", t_disk_error: "The disk fails: no check-in", t_read_only: "The disk is read-only: no check-in",
    t_sandbox: "The decoder can't be confined: no scanning", t_decoder: "The decoder fails again and again", t_camera: "The camera is gone", t_clock: "The clock isn't set", t_disk: "Little free space", temperature: "Temperature", t_hot: "Too hot: give it shade and air", t_slowed: "Too hot, slowed down: give it shade and air", t_power: "Too little power: use its own supply and a short cable", t_refused: "The hub refuses this kiosk", t_other_hub: "The hub's key is another one",
    signed: "{0} · {1} left", hours: "{0} h {1} min", nobody: "Nobody found", more: "{0} more: type a little more", looking: "Looking…", admit: "Check in", admit_n: "Check in {0}", in: "In",
    in_n: "{0} of {1} in", since: "in since {0} ({1})", unconfirmed: "not confirmed", elsewhere: "Another event: {0}", admitted: "{0} is checked in", walked: "Registered", cancel: "Cancel", anyway: "Let in anyway", again_in: "One more",
    undo: "Undo", why_undo: "Why undo it?", undone: "Undone", empty: "Nothing yet", r1: "Wrong person", r2: "Tapped by mistake", r3: "Not here yet",
    why_rule: "A rule refuses", why_for_lead: "Only a lead may", why_not_found: "No such person here", why_undone: "Undone already", why_nothing: "Nothing to do", why_name_not_kept: "Counted, but the name isn't kept", why_no_search: "No search", why_: "Not written: look at the kiosk",
    v_again: "Checked in already", v_early: "Not begun", v_closed: "Closed", v_missing_step: "First to {0}", v_full: "Full", v_not_confirmed: "Not confirmed", v_wrong_type: "Another ticket type", v_revoked: "Ticket revoked", v_expired: "Ticket expired", v_elsewhere: "A ticket of elsewhere", v_unknown: "Not on the list", v_fault: "The kiosk has a fault",
    no: "Not done: {0}",
  },
};

const $ = (id) => document.getElementById(id);
let lang = localStorage.lang || (navigator.language.startsWith("zh") ? "zh" : "en");
let state = null, signedIn = false, asked = 0;

const say = (key, ...with_) => (words[lang][key] ?? key).replace(/\{(\d)\}/g, (_, i) => with_[i]);
const text = (t) => t ? t[lang] || t.zh || t["zh-Hant"] || t.en || "" : "";

function make(tag, props, ...children) {
  const e = Object.assign(document.createElement(tag), props);
  e.append(...children.filter(Boolean));
  return e;
}

function tell(message, good) {
  $("said").textContent = message;
  $("said").className = good === undefined ? "" : good ? "good" : "bad";
}

// --- the kiosk ---

class Refused extends Error {}

async function ask(method, path, body) {
  const answer = await fetch(path, {
    method, cache: "no-cache", credentials: "same-origin",
    headers: body ? { "Content-Type": "application/json" } : {}, body: body && JSON.stringify(body),
  });
  const data = await answer.json();
  if (answer.ok) return data;
  if (answer.status === 401) signOut();
  throw new Refused(lang === "zh" ? data.detail_zh : data.detail);
}

// Says what went wrong, wherever that is; undefined then.
async function tried(work) {
  try {
    return await work();
  } catch (e) {
    tell(e instanceof Refused ? e.message : say("lost"), false);
  }
}

function signOut() {
  signedIn = false;
  $("found").replaceChildren();
  $("records").replaceChildren();
  $("q").value = "";
  if (state) delete state.you;
  draw();
}

// --- health and counts ---

function row(list, name, value, bad) {
  list.push(make("dt", { textContent: say(name) }), make("dd", { textContent: value, className: bad ? "bad" : "" }));
}

function drawHealth() {
  const s = state, list = [];
  const camera = s.camera === "good" ? say("fps", s.fps) : say(s.camera === "lost" ? "lost_camera" : s.camera);
  row(list, "camera", camera, s.camera === "lost" || !s.scanning && s.camera === "good");
  row(list, "clock", say(s.clock_ok ? "good" : "clock_bad"), !s.clock_ok);
  row(list, "disk", s.disk_free_mb >= 1024 ? Math.floor(s.disk_free_mb / 1024) + " GB" : s.disk_free_mb + " MB", s.disk_free_mb < 512);
  if (s.temperature !== null) row(list, "temperature", s.temperature + " °C", s.trouble.some((t) => t === "hot" || t === "slowed"));
  row(list, "hub", say(s.hub), s.hub === "refused" || s.hub === "other_hub");
  row(list, "unsent", String(s.unsent), false);
  row(list, "version", s.kiosk + " · " + s.version, false);
  $("health").replaceChildren(...list);
}

function draw() {
  document.documentElement.lang = lang === "zh" ? "zh-Hans" : "en";
  for (const e of document.querySelectorAll("[data-say]")) e.textContent = say(e.dataset.say);
  $("lang").textContent = say("other");
  $("lang").lang = lang === "zh" ? "en" : "zh-Hans";
  if (!state) return;
  signedIn = Boolean(state.you);
  $("event").textContent = text(state.event);
  $("station").textContent = [text(state.station), text(state.venue)].filter(Boolean).join(" · ");
  document.title = [text(state.station), text(state.event), "迎宾"].filter(Boolean).join(" · ");
  $("people").textContent = state.people;
  $("today").textContent = state.today;
  drawHealth();
  $("banner").hidden = state.trouble.length === 0;
  $("banner").textContent = state.trouble.map((t) => say("t_" + t)).join(" · ");
  $("work").hidden = $("leave").hidden = !signedIn;
  $("guest").hidden = signedIn;
  $("guest").textContent = say(state.tls ? "guest" : "plain");
  const left = signedIn ? state.you.left_min : 0;
  $("who").textContent = signedIn ? say("signed", state.you.name, say("hours", Math.floor(left / 60), left % 60)) : "";
}

async function poll() {
  try {
    state = await ask("GET", "api/state");
    draw();
  } catch (e) {
    $("banner").hidden = false;
    $("banner").textContent = say("lost");
  }
}

async function watch() {
  for (;;) {
    if (!document.hidden) await poll();
    await new Promise((go) => setTimeout(go, 2000));
  }
}

// --- people ---

// Which of the buttons was chosen; null: none.
function choose(title, detail, buttons) {
  const dialog = $("ask"), [head, line, box] = dialog.querySelectorAll("h2, p, div");
  head.textContent = title;
  line.textContent = detail;
  box.replaceChildren(...buttons.map(([value, label, kind]) => make("button", { value, textContent: label, className: kind || "" })),
    make("button", { value: "", textContent: say("cancel") }));
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((done) => dialog.addEventListener("close", () => done(dialog.returnValue || null), { once: true }));
}

const clock = (ms) => new Date(ms).toLocaleTimeString(lang === "zh" ? "zh-CN" : "en-GB", { hour: "2-digit", minute: "2-digit" });

function whyNot(a) {
  if (a.why !== "rule") return say("why_" + a.why);
  const known = a.verdict === "missing_step" ? say("v_missing_step", text(a.first)) : say("v_" + a.verdict);
  return a.verdict === "again" && a.when_ms ? `${known} (${clock(a.when_ms)}, ${a.where})` : known;
}

// By hand; where a rule refuses that this operator may go against, once more, if they say so.
async function letIn(path, body, name) {
  let a = await tried(() => ask("POST", path, body));
  if (a && a.result !== "done" && a.may_override) {
    const anyway = await choose(name, whyNot(a), [["yes", say("anyway"), "care"]]);
    if (!anyway) return;
    a = await tried(() => ask("POST", path, { ...body, override: true }));
  }
  if (!a) return;
  if (a.result !== "done") tell(say("no", whyNot(a)), false);
  else if (a.why) tell(say("why_" + a.why), false);
  else tell(name ? say("admitted", name) : say("walked"), true);
  poll();
  if ($("mine").open) recent();
  return a.result === "done" ? a : undefined;
}

async function admit(p, count) {
  const a = await letIn("api/admit", { number: p.number, event: p.event, count }, p.name);
  if (a) search();
}

function person(p) {
  const about = make("div", {}, make("strong", { textContent: p.name }),
    make("p", { textContent: [p.organization, p.title, text(p.type), p.seat, p.phone && "…" + p.phone].filter(Boolean).join(" · ") }));
  if (p.attention) about.append(make("p", { className: "attention", textContent: p.attention }));
  if (!p.confirmed) about.append(make("p", { className: "attention", textContent: say("unconfirmed") }));
  if (p.elsewhere) about.append(make("p", { className: "attention", textContent: say("elsewhere", text(p.elsewhere)) }));
  const rest = p.party - p.inside, buttons = make("span", {});
  if (p.inside > 0) {
    const in_ = p.party > 1 ? say("in_n", p.inside, p.party) : say("in");
    about.append(make("p", { className: "in", textContent: p.since_ms ? in_ + " · " + say("since", clock(p.since_ms), p.where) : in_ }));
  }
  if (!p.elsewhere && rest > 1) buttons.append(make("button", { textContent: say("admit_n", 1), onclick: () => admit(p, 1) }));
  if (!p.elsewhere && rest > 0)
    buttons.append(make("button", { className: "main", textContent: rest > 1 ? say("admit_n", rest) : say("admit"), onclick: () => admit(p, rest) }));
  else if (!p.elsewhere) buttons.append(make("button", { textContent: say("again_in"), onclick: () => admit(p, 1) }));
  return make("li", {}, about, buttons);
}

async function search() {
  const q = $("q").value.trim(), turn = ++asked;
  if (!q) {
    $("found").replaceChildren();
    return;
  }
  const a = await tried(() => ask("POST", "api/search", { q }));
  if (!a || turn !== asked) return; // a newer one is on its way
  if (a.result !== "done") {
    tell(say("no", whyNot(a)), false);
    return;
  }
  $("found").replaceChildren(...a.people.map(person));
  if (a.people.length === 0) tell(say("nobody"));
  else if (a.more > 0) tell(say("more", a.more));
  else if ($("said").className === "") tell("");
}

async function undo(r) {
  const why = await choose(r.name || r.number || "", say("why_undo"), ["r1", "r2", "r3"].map((k) => [k, say(k), "care"]));
  const a = why && await tried(() => ask("POST", "api/undo", { id: r.id, reason: say(why) }));
  if (!a) return;
  tell(a.result === "done" ? say("undone") : say("no", whyNot(a)), a.result === "done");
  poll();
  recent();
  search();
}

async function recent() {
  const a = await tried(() => ask("GET", "api/recent"));
  if (!a || a.result !== "done") return;
  $("records").replaceChildren(...a.records.map((r) => {
    const state_ = r.undone ? say("undone") : r.verdict === "admit" ? say("in") : say("v_" + r.verdict);
    return make("li", { className: r.undone ? "undone" : "" },
      make("div", {}, make("strong", { textContent: r.name || r.number || "+" + r.count }), make("p", { textContent: (r.clock_ok ? clock(r.at_ms) + " · " : "") + state_ })),
      r.verdict === "admit" && !r.undone && make("button", { textContent: say("undo"), onclick: () => undo(r) }));
  }));
  if (a.records.length === 0) $("records").replaceChildren(make("li", { textContent: say("empty") }));
}

// --- the beginning ---

let typing;
$("q").addEventListener("input", () => {
  clearTimeout(typing);
  tell("");
  typing = setTimeout(search, 250);
});
$("search").addEventListener("submit", (e) => {
  e.preventDefault();
  search();
});
$("walkin").querySelector("form").addEventListener("submit", async (e) => {
  e.preventDefault();
  const name = $("walkin-name").value.trim();
  if (await letIn("api/walkin", { name, count: 1 }, name)) $("walkin-name").value = "";
});
$("mine").addEventListener("toggle", () => $("mine").open && recent());
$("lang").addEventListener("click", () => {
  localStorage.lang = lang = lang === "zh" ? "en" : "zh";
  tell("");
  draw();
  search();
  if ($("mine").open) recent();
});
$("leave").addEventListener("click", async () => {
  if (await tried(() => ask("DELETE", "api/session"))) signOut();
});

// The token stands behind the #, so that no log has it; it is used once, and then gone from the address.
async function redeem() {
  const token = location.hash.slice(1);
  if (!token) return;
  history.replaceState(null, "", location.pathname);
  try {
    await ask("POST", "api/session", { token });
  } catch (e) {
    alert(e instanceof Refused ? e.message : say("lost"));
  }
}
window.addEventListener("hashchange", async () => { // the page was open already
  await redeem();
  poll();
});

draw();
redeem().then(watch);
