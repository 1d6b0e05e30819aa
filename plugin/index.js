// Pulumi starts a component package as JavaScript; tsx reads the rest of it.
"use strict";
require("tsx/cjs");
require("./provider.ts");
