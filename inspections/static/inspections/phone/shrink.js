/* A photo small enough for a bad network: 400 kB and 2048 pixels at most, and its SHA-256. */
const MOST = 400_000;
const LONG_EDGE = 2048;
const QUALITIES = [0.85, 0.75, 0.65, 0.55, 0.45];

export async function shrink(file) {
  const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  let edge = Math.min(LONG_EDGE, Math.max(picture.width, picture.height));
  for (;;) {
    const scale = edge / Math.max(picture.width, picture.height);
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [Math.max(1, Math.round(picture.width * scale)), Math.max(1, Math.round(picture.height * scale))];
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    for (const quality of QUALITIES) {
      const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", quality));
      if (blob && blob.size <= MOST) { picture.close(); return blob; }
    }
    edge = Math.round(edge * 0.75);
  }
}

export async function digest(blob) {
  const bytes = await blob.arrayBuffer();
  // Browsers give no cryptography to a page read over plain http, as in a demo on a local network.
  const sum = crypto.subtle ? new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)) : (await import("./digest.js")).sha256(new Uint8Array(bytes));
  return [...sum].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
