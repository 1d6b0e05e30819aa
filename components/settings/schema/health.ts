import { domain, seconds, section, text } from "./values";

export const healthSchema = section({
  path: text("a URL path such as /healthz", /^\/[^\s"'\\]*$/).default("/"),
  host: domain.optional(),
  status: text("a range of statuses such as 200-399", /^[1-5]\d\d-[1-5]\d\d$/)
    .refine((range) => range.slice(0, 3) <= range.slice(4), "the lower status first, such as 200-399")
    .default("200-399"),
  timeout: seconds(1, 600).default(30),
});
