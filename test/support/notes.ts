import type { HttpAnswer } from "./http";
import type { Stack } from "./stack";

/** A picture of one pixel. */
export const picture = Buffer.from("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7", "base64");

/** Pins a note with a picture to the sample site's board, as a browser does: by its form and the form's token. */
export async function pinNote(stack: Pick<Stack, "http" | "output">, title: string): Promise<HttpAnswer> {
  const form = await stack.http("/notes/new/");
  const token = /name="csrfmiddlewaretoken" value="(\w+)"/.exec(form.text)?.[1];
  const cookie = form.headers["set-cookie"]?.[0]?.split(";")[0];
  if (token === undefined || cookie === undefined)
    throw new Error(`no form but ${form.status}: ${form.text}`);
  const fields = { csrfmiddlewaretoken: token, category: "offer", title, text: "Soon.", author: "Ada" };
  const { body, type } = multipart(fields);
  const headers = {
    cookie,
    "content-type": type,
    "content-length": String(body.length),
    origin: stack.output("url"),
    // By HTTPS Django asks for it, too.
    referer: `${stack.output("url")}/notes/new/`,
  };
  return stack.http("/notes/new/", { method: "POST", headers, body });
}

function multipart(fields: Readonly<Record<string, string>>): { body: Buffer; type: string } {
  const boundary = "a-line-that-no-field-has";
  const head = (disposition: string): string =>
    `--${boundary}\r\nContent-Disposition: form-data; ${disposition}\r\n`;
  const texts = Object.entries(fields).map(([name, value]) => `${head(`name="${name}"`)}\r\n${value}\r\n`);
  const file = `${head('name="picture"; filename="dot.gif"')}Content-Type: image/gif\r\n\r\n`;
  const body = Buffer.concat([
    Buffer.from(texts.join("") + file),
    picture,
    Buffer.from(`\r\n--${boundary}--\r\n`),
  ]);
  return { body, type: `multipart/form-data; boundary=${boundary}` };
}

/** The path of the stylesheet that a page of the board asks for. */
export function stylesheetOf(page: HttpAnswer): string {
  const [, path] = /href="(\/static\/[^"]+\.css)"/.exec(page.text) ?? [];
  if (path === undefined) throw new Error("the page has no stylesheet");
  return path;
}
