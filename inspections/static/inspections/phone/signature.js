/* A place to sign with a finger: strokes of points between 0 and 1, so that they print at any size. */
import { html } from "./words.js";

const round = (value) => Math.round(Math.min(1, Math.max(0, value)) * 1000) / 1000;

function paint(canvas, strokes) {
  const ratio = window.devicePixelRatio || 1;
  [canvas.width, canvas.height] = [canvas.clientWidth * ratio, canvas.clientHeight * ratio];
  const brush = canvas.getContext("2d");
  [brush.lineWidth, brush.lineCap, brush.lineJoin, brush.strokeStyle] = [2.5 * ratio, "round", "round", "#0b3740"];
  for (const stroke of strokes) {
    brush.beginPath();
    stroke.forEach(([x, y], index) => brush[index ? "lineTo" : "moveTo"](x * canvas.width, y * canvas.height));
    brush.stroke();
  }
}

// Outlives a redraw, which the queue may ask for while somebody signs.
let stroke = null;

export function signature(strokes, label, write) {
  const point = ({ currentTarget, clientX, clientY }) => {
    const box = currentTarget.getBoundingClientRect();
    return [round((clientX - box.left) / box.width), round((clientY - box.top) / box.height)];
  };
  const begin = (event) => { event.currentTarget.setPointerCapture(event.pointerId); stroke = [point(event)]; };
  const move = (event) => {
    if (!stroke) return;
    stroke.push(point(event));
    paint(event.currentTarget, [...strokes, stroke]);
  };
  const end = () => {
    if (stroke?.length > 1) write([...strokes, stroke]);
    stroke = null;
  };
  requestAnimationFrame(() => { const canvas = document.getElementById("signature"); if (canvas && !stroke) paint(canvas, strokes); });
  return html`<canvas class="pl-signbox" id="signature" tabindex="-1" role="img" aria-label=${label} @pointerdown=${begin} @pointermove=${move} @pointerup=${end} @pointercancel=${end}></canvas>`;
}
