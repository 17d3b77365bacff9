// Rule: a browser that cannot run the check's own script runs only this one, and is told so.
addEventListener('load', function () {
  if (!('checks' in document.documentElement.dataset)) document.getElementById('old').hidden = false;
});
