// The shop's own script: as little as a shop could have.
(window.ReplyX = window.ReplyX || []);
let count = 0;
for (const button of document.querySelectorAll('.add')) {
  button.addEventListener('click', () => { document.getElementById('basket').textContent = String(++count); });
}

document.getElementById('ask').addEventListener('click', () => window.ReplyX.push(['open']));
