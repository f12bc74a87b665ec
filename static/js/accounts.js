// The sign-in pages: passkeys are offered only where the browser has them (WeChat's has not).
const able = Boolean(window.PublicKeyCredential);
for (const button of document.querySelectorAll("[data-needs-passkey]")) button.hidden = !able;
for (const words of document.querySelectorAll("[data-no-passkey]")) words.hidden = able;
// Six digits are the whole code: no need to press anything.
const code = document.querySelector("#id_code[inputmode=numeric]");
if (code?.form?.action.includes("/accounts/") && code.maxLength === 8) {
  code.addEventListener("input", () => {
    if (/^\d{6}$/.test(code.value.trim())) code.form.requestSubmit();
  });
}
