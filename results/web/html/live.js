
"use strict";
// Texts are set as text, never as HTML: what a journal says stays what it says.
const table = document.querySelector("#rows");
const status = document.querySelector("#status");
const events = new EventSource(table.dataset.events);
const cells = ["name", "rounds", "median", "failed", "last"];
const put = (element, text) => {
  if (element.textContent !== text) element.textContent = text;
};
events.addEventListener("glance", (event) => {
  const glance = JSON.parse(event.data);
  put(status, glance.status);
  (glance.rows || []).forEach((row, i) => {
    while (table.rows.length <= i) {
      const added = table.insertRow();
      const head = document.createElement("th");
      head.scope = "row";
      added.append(head);
      for (let n = 1; n < cells.length; n++) added.insertCell();
    }
    cells.forEach((cell, n) => put(table.rows[i].cells[n], row[cell]));
  });
  document.querySelector("#ended").hidden = !glance.ended;
  if (glance.ended) events.close();
});
events.addEventListener("trouble", (event) => {
  put(status, JSON.parse(event.data));
  events.close();
});
