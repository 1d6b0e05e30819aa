// The form works without this: it only shows the chosen picture, and how much room is left in a long text.
const picture = document.querySelector("input[type=file]");
const text = document.querySelector("textarea[maxlength]");

picture?.addEventListener("change", async () => {
  document.querySelector(".preview")?.remove();
  const bitmap = await createImageBitmap(picture.files[0]).catch(() => null);
  if (!bitmap) return;
  const canvas = Object.assign(document.createElement("canvas"), { className: "preview" });
  const scale = Math.min(1, 640 / bitmap.width);
  canvas.width = bitmap.width * scale;
  canvas.height = bitmap.height * scale;
  canvas.getContext("2d").drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  picture.after(canvas);
});

if (text) {
  const left = Object.assign(document.createElement("output"), { className: "left" });
  const count = () => (left.value = `${text.maxLength - text.value.length} characters left`);
  text.addEventListener("input", count);
  text.after(left);
  count();
}
