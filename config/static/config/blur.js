// Rectangles drawn on a photo; the list of numbers beside it is the truth, and may be typed without drawing.
"use strict";

const stage = document.querySelector("[data-blur]");

if (stage) {
  const canvas = stage.querySelector("canvas");
  const list = document.querySelector("[data-regions]");
  const yes = document.querySelector('input[name="has_people"][value="True"]');
  const pen = canvas.getContext("2d");
  let start = null;

  const lines = () => list.value.split("\n").filter((line) => line.trim());
  const read = () =>
    lines()
      .map((line) => line.replace(/;/g, " ").replace(/,/g, ".").trim().split(/\s+/).map(Number))
      .filter((numbers) => numbers.length === 4 && numbers.every(Number.isFinite));

  function draw(current) {
    canvas.width = stage.clientWidth;
    canvas.height = stage.clientHeight;
    pen.lineWidth = 3;
    for (const [left, top, width, height] of current ? [...read(), current] : read()) {
      const box = [left * canvas.width, top * canvas.height, width * canvas.width, height * canvas.height].map((each) => each / 100);
      pen.fillStyle = "rgba(0, 0, 0, 0.55)";
      pen.strokeStyle = "#fff";
      pen.fillRect(...box);
      pen.strokeRect(...box);
    }
  }

  function place(event) {
    const frame = canvas.getBoundingClientRect();
    const share = (value, size) => Math.min(Math.max((100 * value) / size, 0), 100);
    return [share(event.clientX - frame.left, frame.width), share(event.clientY - frame.top, frame.height)];
  }

  function between([x, y], [u, v]) {
    return [Math.min(x, u), Math.min(y, v), Math.abs(x - u), Math.abs(y - v)].map((each) => Math.round(each * 10) / 10);
  }

  canvas.style.touchAction = "none";
  canvas.style.cursor = "crosshair";
  canvas.addEventListener("pointerdown", (event) => {
    start = place(event);
    canvas.setPointerCapture(event.pointerId);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (start) draw(between(start, place(event)));
  });
  canvas.addEventListener("pointerup", (event) => {
    if (!start) return;
    const box = between(start, place(event));
    start = null;
    // A tap draws nothing.
    if (box[2] >= 1 && box[3] >= 1) {
      list.value = [...lines(), box.join(" ")].join("\n");
      if (yes) yes.checked = true;
    }
    draw();
  });
  canvas.addEventListener("pointercancel", () => {
    start = null;
    draw();
  });
  document.querySelector("[data-undo]")?.addEventListener("click", () => {
    list.value = lines().slice(0, -1).join("\n");
    draw();
  });
  list.addEventListener("input", () => draw());
  stage.querySelector("img").addEventListener("load", () => draw());
  window.addEventListener("resize", () => draw());
  draw();
}
