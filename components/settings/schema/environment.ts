import { z } from "zod";

import { text } from "./values";

/** bash keeps these to itself, and site-exec, which loads the environment, these. */
const reservedVariables = [
  /^(BASH.*|COMP_WORDBREAKS|DIRSTACK|EPOCH.*|E?UID|FUNCNAME|GROUPS|HISTCMD|IFS|LINENO|OLDPWD|OPTIND|PIPESTATUS|PPID)$/,
  /^(PWD|RANDOM|SECONDS|SHELLOPTS|SHLVL|SRANDOM|_)$/,
  /^(ENV|LD_.*|PATH|RELEASE|VIRTUAL_ENV|file|release|settings|site)$/,
];
export const variableName = text(
  "the name of an environment variable: letters, digits and _",
  /^[A-Za-z_][A-Za-z0-9_]*$/,
).refine(
  (name) => !reservedVariables.some((names) => names.test(name)),
  "a variable that the shell or this program does not set itself",
);
/** A value that a variable can hold. */
export const variableValue = z
  .union([z.string(), z.number(), z.boolean()], { error: "a text, a number, true or false" })
  // A longer number has lost its last digits before it arrives here.
  .refine(
    (value) => !(Number.isInteger(value) && !Number.isSafeInteger(value)),
    "a number of this length in quotes",
  )
  .transform(String)
  .refine((value) => !value.includes("\0"), "a text without NUL characters");

export const environmentSchema = z
  .record(variableName, variableValue, { error: "an object of variables" })
  .default({});
