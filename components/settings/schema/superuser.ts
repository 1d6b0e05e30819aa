import { z } from "zod";

import { variableValue } from "./environment";
import { text } from "./values";

/** The fields of the app's user model, which are not known here; each is one variable of `createsuperuser`. */
export const superuserSchema = z
  .record(
    text("the name of a field of the user model", /^[A-Za-z][A-Za-z0-9_]*$/),
    variableValue.refine((value) => value !== "", "a text that is not empty"),
    { error: "an object of the user's fields" },
  )
  .refine(
    (fields) => Object.keys(fields).length === 0 || Object.hasOwn(fields, "password"),
    "a password among the fields",
  )
  .default({});
