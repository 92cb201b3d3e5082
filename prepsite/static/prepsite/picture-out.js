// A picture as a PNG file: the drawing is copied with the colours that are on screen, and painted at twice its size.
const SCALE = 2;
const LOOK = [
  "fill", "fill-opacity", "stroke", "stroke-width", "stroke-dasharray", "stroke-linejoin",
  "font-size", "font-family", "font-weight", "text-anchor",
];

// Colours as every program understands them: light-dark() and color-mix() are resolved by painting them once.
function plain(colour) {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 1;
  const paint = canvas.getContext("2d", { willReadFrequently: true });
  paint.fillStyle = colour;
  paint.fillRect(0, 0, 1, 1);
  const [red, green, blue] = paint.getImageData(0, 0, 1, 1).data;
  return `rgb(${red}, ${green}, ${blue})`;
}

function copyOf(svg, width, height) {
  const copy = svg.cloneNode(true);
  const shapes = [svg, ...svg.querySelectorAll("*")];
  [copy, ...copy.querySelectorAll("*")].forEach((one, place) => {
    const look = getComputedStyle(shapes[place]);
    for (const name of LOOK) {
      const value = look.getPropertyValue(name);
      const isColour = (name === "fill" || name === "stroke") && value !== "none";
      one.setAttribute(name, isColour ? plain(value) : value);
    }
    one.removeAttribute("class");
  });
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  copy.setAttribute("width", width * SCALE);
  copy.setAttribute("height", height * SCALE);
  return copy;
}

async function save(button) {
  const svg = document.querySelector(`svg[data-picture="${button.dataset.pictureOut}"]`);
  const { width, height } = svg.viewBox.baseVal;
  const text = new XMLSerializer().serializeToString(copyOf(svg, width, height));
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = width * SCALE;
  canvas.height = height * SCALE;
  const paint = canvas.getContext("2d");
  paint.fillStyle = getComputedStyle(svg.closest(".card")).backgroundColor;
  paint.fillRect(0, 0, canvas.width, canvas.height);
  paint.drawImage(image, 0, 0);
  const blob = await new Promise((done) => canvas.toBlob(done, "image/png"));
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = button.dataset.file;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

for (const button of document.querySelectorAll("[data-picture-out]")) {
  button.hidden = false;
  button.addEventListener("click", () => save(button));
}
