/** `npm run shell`: Django's shell in the release that serves. */
import { attach } from "./entrance";
import { atSite, manage } from "./site";
import { runVerb } from "./verb";

const help = `
npm run shell -- [--stack NAME] [ARGUMENT…]
Opens Django's shell on the machine, as the site's user, with the site's environment. Python that comes on standard
input is run; arguments go to manage.py shell.`;

runVerb({ name: "shell", help, passesOn: true }, ({ values, positionals }) =>
  atSite(values, (open) => attach(open.machine, manage(open, ["shell", ...positionals]))),
);
