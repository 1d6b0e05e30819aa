// Pulumi reads a pack as JavaScript; tsx reads the rest of it.
"use strict";
require("tsx/cjs");
require("./pack.ts");
