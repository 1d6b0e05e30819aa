import { z } from "zod";

/** The URL of a service, which holds its password; empty, as Pulumi.yaml has it where a stack sets none, is none. */
export const serviceUrl = (expected: string, isRight: (url: string) => boolean) =>
  z
    .string({ error: expected })
    .refine((url) => url === "" || isRight(url), expected)
    .optional()
    .transform((url) => (url === "" ? undefined : url));
