import type { HttpAnswer, HttpOptions } from "./http";
import type { Stack } from "./stack";

/** A visitor of a site who keeps cookies and sends forms, as far as Django's need it. */
export class Browser {
  private readonly cookies = new Map<string, string>();

  constructor(private readonly stack: Stack) {}

  get cookie(): string {
    return [...this.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
  }

  /** The origin that its requests come from. */
  get origin(): string {
    return this.stack.output("url");
  }

  async get(path: string, headers: Readonly<Record<string, string>> = {}): Promise<HttpAnswer> {
    return this.ask(path, { headers });
  }

  /** Sends a form to a page that shows one; files are PNG images. */
  async post(
    path: string,
    fields: Readonly<Record<string, string>>,
    files: Readonly<Record<string, Buffer>> = {},
  ): Promise<HttpAnswer> {
    const form = new FormData();
    for (const [name, value] of Object.entries(fields)) form.set(name, value);
    for (const [name, content] of Object.entries(files))
      form.set(name, new Blob([new Uint8Array(content)], { type: "image/png" }), `${name}.png`);
    form.set("csrfmiddlewaretoken", this.cookies.get("csrftoken") ?? "");
    const encoded = new Response(form);
    return this.ask(path, {
      method: "POST",
      headers: { "content-type": encoded.headers.get("content-type") ?? "", origin: this.origin },
      body: Buffer.from(await encoded.arrayBuffer()),
    });
  }

  private async ask(path: string, options: HttpOptions): Promise<HttpAnswer> {
    const answer = await this.stack.http(path, {
      ...options,
      headers: { ...options.headers, ...(this.cookies.size > 0 && { cookie: this.cookie }) },
    });
    for (const line of answer.headers["set-cookie"] ?? []) {
      const [pair = ""] = line.split(";");
      const [name = "", ...value] = pair.split("=");
      this.cookies.set(name, value.join("="));
    }
    return answer;
  }
}
