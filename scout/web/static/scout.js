// Keys and in-place updates. The page works without this file; nothing here decides anything by itself.
"use strict";

const typing = (element) => element.closest("input, textarea, select") !== null;

function rows() {
  return [...document.querySelectorAll("tbody tr a[href^='/candidates/']")];
}

function step(by) {
  const links = rows();
  if (links.length === 0) return;
  const at = links.indexOf(document.activeElement);
  links[Math.min(links.length - 1, Math.max(0, at < 0 ? 0 : at + by))].focus();
}

function press(key) {
  const target = document.querySelector(`[data-key="${CSS.escape(key)}"]`);
  if (target) {
    target.click();
    const field = target.parentElement.querySelector("select, input:not([type=hidden])");
    if (target.tagName === "SUMMARY" && field) field.focus();
    return true;
  }
  const link = document.activeElement;
  if ("aerdu".includes(key) && link.matches("a[href^='/candidates/']")) {
    sessionStorage.setItem("key", key);
    link.click();
    return true;
  }
  return false;
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  const pages = { "?": "/keys", i: "/inbox" };
  if (event.key === "j") step(1);
  else if (event.key === "k") step(-1);
  else if (event.key in pages) location.href = pages[event.key];
  else if (!press(event.key)) return;
  event.preventDefault();
});

document.addEventListener("DOMContentLoaded", () => {
  const key = sessionStorage.getItem("key");
  sessionStorage.removeItem("key");
  if (key) press(key);
});

async function fragment(form, address, place) {
  const answer = await fetch(address, { method: "POST", body: new URLSearchParams(new FormData(form)) });
  if (!answer.ok) return;
  const parsed = new DOMParser().parseFromString(await answer.text(), "text/html").body.firstElementChild;
  const old = document.getElementById(place);
  if (parsed && old) old.replaceWith(parsed);
}

function later(action) {
  let timer;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(action, 400);
  };
}

for (const form of document.querySelectorAll("form[data-readiness]")) {
  form.addEventListener("input", later(() => fragment(form, form.dataset.readiness, "readiness")));
}

for (const form of document.querySelectorAll("form[data-hides]")) {
  for (const choice of form.querySelectorAll("[name=scope]")) {
    choice.addEventListener("change", () => fragment(form, form.dataset.hides, "hides"));
  }
}
