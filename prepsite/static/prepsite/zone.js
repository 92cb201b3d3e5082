// The browser knows the time zone: fill it in on sign-up, offer it in the settings. Without this script it is UTC.
(() => {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (!zone) return;
  const field = document.querySelector("input[data-zone]");
  if (field) field.value = zone;
  const hint = document.querySelector("[data-zone-hint]");
  const select = document.querySelector("select[name=zone]");
  if (!hint || !select || select.value === zone || ![...select.options].some((option) => option.value === zone)) return;
  hint.querySelector("strong").textContent = zone.replaceAll("_", " ");
  hint.hidden = false;
  hint.querySelector("button").addEventListener("click", () => {
    select.value = zone;
    hint.hidden = true;
    select.focus();
  });
})();
